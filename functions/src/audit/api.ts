import { z } from "zod";
import { MINUTE } from "../kernel/time.js";
import { defineApi } from "../platform/api.js";

const operators = { permits: 600, perMs: 10 * MINUTE, by: "account", store: "instance", whenDown: "refuse" } as const;

export const auditApi = defineApi({
  "log-export": {
    summary:
      "A page of the audit log as lines of a file that can be verified offline. The first page pins the checkpoint.",
    session: "strict",
    permission: "audit.read",
    assurance: 2,
    proof: true,
    limit: operators,
    input: z.strictObject({
      /** Place of the first entry. 0 gives the header too. */
      from: z.int().min(0),
      /** `size` of the first page, for all pages after it. */
      size: z.int().min(1).optional(),
    }),
    output: z.strictObject({ lines: z.array(z.string()), size: z.int(), next: z.int().nullable() }),
    errors: ["audit/nothing-sealed", "audit/range-unknown", "audit/unavailable"],
  },
  "log-checkpoint": {
    summary: "The latest signed checkpoint of the audit log: how many entries it holds and the hash of them all.",
    session: "strict",
    permission: "audit.read",
    proof: true,
    limit: operators,
    input: z.strictObject({}),
    output: z.strictObject({
      size: z.int(),
      /** C2SP signed note. */
      note: z.string(),
      keyVersion: z.string(),
      /** PEM, to compare with the key you already have. */
      publicKey: z.string(),
      at: z.number(),
    }),
    errors: ["audit/nothing-sealed"],
  },
});
