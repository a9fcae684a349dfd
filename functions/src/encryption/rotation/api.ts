import { z } from "zod";
import { MINUTE } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";

const count = z.int().min(0);
const time = z.number();

export const rotationApi = defineApi({
  "key-status": {
    summary:
      "How old keys are, what is still under old ones, and how far rotations are: numbers only, for administrators.",
    session: "strict",
    permission: "admin.system",
    assurance: 2,
    proof: true,
    limit: { permits: 10, perMs: MINUTE, by: "account", store: "instance", whenDown: "refuse" },
    input: z.strictObject({}),
    output: z.strictObject({
      at: time,
      epoch: count,
      epochStartedAt: time,
      subjects: count,
      subjectsBelowEpoch: count,
      classes: z.array(
        z.strictObject({
          name: z.string(),
          primary: count,
          byVersion: z.array(z.strictObject({ version: count, subjects: count })),
        }),
      ),
      index: z.strictObject({
        phase: z.enum(["steady", "prepared", "switched"]),
        write: count,
        read: z.array(count),
        since: time,
        nextAt: time,
      }),
      collections: z.array(z.strictObject({ name: z.string(), belowEpoch: count, belowRoot: count })),
      jobs: z.array(
        z.strictObject({
          kind: z.enum(["rewrap", "reseal", "reindex", "retire", "prepare"]),
          state: z.enum(["running", "waiting", "done"]),
          part: z.string(),
          round: count,
          total: count,
          worked: count,
          percent: count,
          reason: z.string(),
          troubles: z.array(z.strictObject({ code: z.string(), documents: count })),
          startedAt: time,
          updatedAt: time,
          dueAt: time,
          finishedAt: time,
        }),
      ),
    }),
    errors: ["encryption/keys-unavailable"],
  },
});
