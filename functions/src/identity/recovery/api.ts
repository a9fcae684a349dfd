import { z } from "zod";
import { DAY } from "../../kernel/time.js";
import type { Limit } from "../../kernel/limits.js";
import { defineApi } from "../../platform/api.js";
import { anyone, attempt, backupCode, bits256, change, id, nothing, read, steppedUp, time, uid } from "../schemas.js";

/** Each one mails two addresses. */
const mail: Limit = { permits: 5, perMs: DAY, by: "account", store: "shared", whenDown: "refuse" };

const second = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("address-code"),
    code: z.string().regex(/^\d{8}$/, "The mailed code has eight digits."),
  }),
  z.strictObject({ method: z.literal("backup-code"), code: backupCode }),
  z.strictObject({
    method: z.literal("passkey"),
    challenge: id.describe("From `identity-passkey-challenge`, asked for scope `identity.recovery`."),
    response: z.record(z.string(), z.unknown()).describe("The browser's `AuthenticationResponseJSON`."),
  }),
]);

const lost = z
  .strictObject({
    totp: z.boolean().describe("The authenticator app."),
    passkeys: z.array(z.string().regex(/^[\w-]{1,1364}$/, "A credential id is base64url.")).max(50),
  })
  .refine(({ totp, passkeys }) => totp || passkeys.length > 0, "Name at least one factor that is lost.");

const resetId = z.string().regex(/^[\w-]{43}\.[\w-]{22}$/, "A reset's id has 43 characters, a dot and 22 more.");
const disownToken = z.string().regex(/^[\w-]{43}\.[\w-]{22}\.[\w-]{43}$/, "The token is not complete.");

export const recoveryApi = defineApi({
  "recovery-start": {
    summary:
      "Begins to recover an account whose second factors are lost: mails a link, and a code to the recovery address if there is one.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: mail,
    input: nothing,
    output: z.strictObject({
      expiresAt: time,
      second: z
        .array(z.enum(["address-code", "backup-code", "passkey"]))
        .describe("What can be shown beside the link. Empty: only an administrator can help."),
    }),
    errors: ["identity/recovery-unavailable", "identity/busy"],
  },
  "recovery-finish": {
    summary:
      "Removes the lost factors for the link's token and one more proof; ends all other sessions, backup codes and trust in devices.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: attempt,
    input: z.strictObject({ token: bits256, second, lost }),
    output: steppedUp,
    errors: [
      "identity/recovery-rejected",
      "identity/code-rejected",
      "identity/passkey-rejected",
      "identity/passkey-not-allowed",
      "identity/too-many-attempts",
    ],
  },
  "recovery-read": {
    summary: "What is under way to recover the caller's account: by themselves, and by operators.",
    session: "strict",
    whileStepUpRequired: true,
    limit: read,
    input: nothing,
    output: z.strictObject({
      own: z.strictObject({ state: z.string(), startedAt: time, expiresAt: time }).nullable(),
      reset: z.strictObject({ state: z.string(), requestedAt: time, runsAt: time.nullable() }).nullable(),
    }),
  },
  "recovery-cancel": {
    summary: "Stops every recovery of the caller's account that is under way, an operator's reset included.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ cancelled: z.number().int() }),
  },
  "recovery-disown": {
    summary: "Stops a recovery by the link in its notice. Answers the same to everybody without a good one.",
    session: "public",
    limit: anyone,
    input: z.strictObject({ token: disownToken }),
    output: z.strictObject({ stopped: z.boolean() }),
  },
  "reset-request": {
    summary: "Asks for somebody's second factors to be removed. A second person must approve.",
    session: "strict",
    permission: "accounts.reset",
    assurance: 2,
    stepUp: "identity.roles",
    transaction: ({ uid: whose }: { uid: string }) => ({ uid: whose, change: "reset" }),
    proof: true,
    limit: change,
    input: z.strictObject({ uid, reason: z.string().trim().min(1).max(500) }),
    output: z.strictObject({ id: z.string(), expiresAt: time }),
    errors: ["identity/reset-refused", "identity/reset-missing", "identity/reset-pending"],
  },
  "reset-approve": {
    summary: "Approves a reset that somebody else asked for. All addresses are told, and it runs after the hold.",
    session: "strict",
    permission: "admin.users",
    assurance: 2,
    stepUp: "identity.roles",
    transaction: ({ id: approved }: { id: string }) => ({ id: approved, change: "approve" }),
    proof: true,
    limit: change,
    input: z.strictObject({ id: resetId }),
    output: z.strictObject({ runsAt: time }),
    errors: ["identity/reset-refused", "identity/reset-unknown"],
  },
  "reset-cancel": {
    summary: "Stops a reset that has not run yet.",
    session: "strict",
    permission: "accounts.reset",
    assurance: 2,
    proof: true,
    limit: change,
    input: z.strictObject({ id: resetId }),
    output: z.strictObject({ cancelled: z.literal(true) }),
    errors: ["identity/reset-unknown"],
  },
  "reset-list": {
    summary: "Lists the resets that wait for approval or for the end of their hold.",
    session: "strict",
    permission: "accounts.read",
    assurance: 2,
    proof: true,
    limit: read,
    input: nothing,
    output: z.strictObject({
      resets: z.array(
        z.strictObject({
          id: z.string(),
          uid: z.string(),
          state: z.string(),
          reason: z.string(),
          requestedBy: z.string(),
          requestedAt: time,
          approvedBy: z.string().nullable(),
          runsAt: time.nullable(),
          expiresAt: time,
        }),
      ),
    }),
  },
});
