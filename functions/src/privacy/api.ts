import { z } from "zod";
import { DAY, MINUTE } from "../kernel/time.js";
import { defineApi } from "../platform/api.js";

const rarely = { permits: 5, perMs: DAY, by: "account", store: "shared", whenDown: "refuse" } as const;
const often = { permits: 120, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" } as const;
const id = z.string().regex(/^[\w-]{22}$/);

export const privacyApi = defineApi({
  "export-request": {
    summary: "Puts together everything held about the caller (GDPR Art. 15, 20) and returns the request's id at once.",
    session: "strict",
    permission: "self",
    stepUp: "privacy.export",
    proof: true,
    limit: rarely,
    input: z.strictObject({}),
    output: z.strictObject({ request: id }),
    errors: ["audit/unavailable"],
  },
  "export-status": {
    summary: "Where an export stands. When it is done: a link for 15 minutes, a new one with each call.",
    session: "strict",
    permission: "self",
    stepUp: "privacy.export",
    proof: true,
    limit: often,
    input: z.strictObject({ request: id }),
    output: z.strictObject({
      status: z.enum(["running", "retrying", "failed", "done", "expired"]),
      /** Opens the file without signing in. */
      url: z.url().optional(),
      /** Epoch milliseconds. */
      linkExpiresAt: z.number().optional(),
      /** When the file itself is deleted, epoch milliseconds. */
      expiresAt: z.number().optional(),
    }),
    errors: ["privacy/request-unknown"],
  },
  "access-list": {
    summary: "Who read, wrote or deleted the caller's data, when and why, newest first.",
    session: "cached",
    permission: "self",
    limit: often,
    input: z.strictObject({
      limit: z.int().min(1).max(100).default(50),
      /** Epoch milliseconds: only older entries, for the next page. */
      before: z.number().optional(),
    }),
    output: z.strictObject({
      entries: z.array(
        z.strictObject({
          id: z.string(),
          at: z.number(),
          actor: z.enum(["subject", "operator", "system"]),
          collection: z.string(),
          fields: z.array(z.string()),
          purpose: z.string(),
          legalBasis: z.string(),
          action: z.enum(["read", "write", "delete"]),
        }),
      ),
    }),
  },
  "erasure-request": {
    summary: "Erases the caller for good (GDPR Art. 17). The receipt's id is the only way to follow it: keep it.",
    session: "strict",
    permission: "self",
    stepUp: "privacy.erase",
    proof: true,
    limit: rarely,
    input: z.strictObject({
      /** The word `erase`: there is no way back. */
      confirm: z.literal("erase"),
    }),
    output: z.strictObject({
      receipt: id,
      /** Where the state, and at the end the signed receipt, can be read without signing in. */
      receiptUrl: z.url(),
    }),
    errors: ["audit/unavailable"],
  },
});
