import { z } from "zod";
import type { Limit } from "../kernel/limits.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import { defineApi } from "../platform/api.js";

const read: Limit = { permits: 120, perMs: MINUTE, by: "account", store: "instance", whenDown: "allow" };
const change: Limit = { permits: 30, perMs: 10 * MINUTE, by: "account", store: "shared", whenDown: "refuse" };
// The budget of attempts in the factor ledger is what stops guessing; this only keeps floods away from it.
const attempt: Limit = { permits: 30, perMs: 15 * MINUTE, by: "account", store: "shared", whenDown: "refuse" };
const start: Limit = { permits: 60, perMs: HOUR, by: "account", store: "shared", whenDown: "refuse" };

const nothing = z.strictObject({});
const time = z.number().int().describe("Epoch milliseconds.");
const assurance = z.union([z.literal(1), z.literal(2), z.literal(3)]).describe("NIST SP 800-63B-4 assurance level.");
const sid = z.string().regex(/^[\w-]{22}$/, "A session id has 22 characters.");
const scope = z
  .string()
  .regex(/^[a-z]+(\.[a-z-]+)*$/, "A scope is lower-case words joined by dots.")
  .max(64)
  .default("any")
  .describe("The guarded action this second factor is for; `any` covers all for the length of a step-up.");
const totpCode = z.string().regex(/^\d{6}$/, "A code has six digits.");
const backupCode = z
  .string()
  .trim()
  .max(64)
  .regex(/^([0-9A-HJKMNP-TV-Za-hjkmnp-tv-zOoIiLl][\s-]*){24}$/, "A backup code has 24 letters and digits.");
const methods = z.array(z.enum(["totp", "backup-code"]));
const steppedUp = z.strictObject({ assurance, scope: z.string(), until: time });
const backupCodes = z.array(z.string()).describe("Shown once. Each works once.");

const listedSession = z.strictObject({
  sid: z.string(),
  current: z.boolean(),
  assurance,
  startedAt: time,
  lastSeenAt: time,
  expiresAt: time,
  device: z.strictObject({ name: z.string(), browser: z.string(), os: z.string() }),
  networkPrefix: z.string(),
  country: z.string(),
  riskReasons: z.array(z.string()),
});

export const identityApi = defineApi({
  "session-start": {
    summary: "Starts the session of the sign-in just made: scores its risk and creates the session document.",
    session: "none",
    limit: start,
    input: z.strictObject({ device: z.strictObject({ name: z.string().trim().min(1).max(80) }) }),
    output: z.strictObject({
      sid: z.string(),
      expiresAt: time,
      assurance,
      stepUpRequired: z.boolean().describe("True: only a second factor, or leaving, is allowed next."),
      reasons: z.array(z.string()).describe("What made this sign-in risky; empty when nothing did."),
      methods: methods.describe("Second factors the account can be asked for."),
    }),
    errors: ["identity/sign-in-stale", "identity/sign-in-refused", "identity/session-taken"],
  },
  "session-list": {
    summary: "Lists the caller's live sessions.",
    session: "cached",
    limit: read,
    input: nothing,
    output: z.strictObject({ sessions: z.array(listedSession) }),
  },
  "session-revoke": {
    summary: "Ends one of the caller's sessions, at once.",
    session: "strict",
    limit: change,
    input: z.strictObject({ sid }),
    output: z.strictObject({ revoked: z.literal(true) }),
    errors: ["identity/session-unknown"],
  },
  "session-revokeothers": {
    summary: "Ends every session of the caller but this one, at once.",
    session: "strict",
    limit: change,
    input: nothing,
    output: z.strictObject({ revoked: z.number().int() }),
  },
  "session-end": {
    summary: "Ends this session: the server's half of signing out.",
    session: "strict",
    whileStepUpRequired: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ ended: z.literal(true) }),
  },
  "security-read": {
    summary: "The caller's security settings, roles and second factors.",
    session: "strict",
    whileStepUpRequired: true,
    limit: read,
    input: nothing,
    output: z.strictObject({
      settings: z.strictObject({ mfaEnabled: z.boolean(), loginNotifications: z.boolean(), createdAt: time }),
      roles: z.array(z.string()),
      factors: z.strictObject({
        totp: z.strictObject({ enrolledAt: time, disabled: z.boolean() }).nullable(),
        backupCodes: z.strictObject({ remaining: z.number().int(), createdAt: time }).nullable(),
      }),
      session: z.strictObject({
        sid: z.string(),
        assurance,
        stepUpRequired: z.boolean(),
        reasons: z.array(z.string()),
        expiresAt: time,
      }),
    }),
  },
  "totp-enrol": {
    summary: "Begins to set up an authenticator app. The first code must follow within ten minutes.",
    session: "strict",
    stepUp: "identity.factors",
    limit: change,
    input: nothing,
    output: z.strictObject({
      uri: z.string().describe("otpauth:// URI."),
      qrSvg: z.string().describe("The same URI as a QR code, an SVG document."),
      secret: z.string().describe("The same seed in base32, to type in."),
      expiresAt: time,
    }),
    errors: ["identity/session-risky"],
  },
  "totp-confirm": {
    summary: "Finishes the set-up with the first code; answers the backup codes.",
    session: "strict",
    limit: attempt,
    input: z.strictObject({ code: totpCode }),
    output: z.strictObject({ backupCodes, assurance }),
    errors: ["identity/code-rejected", "identity/enrolment-missing", "identity/session-ended"],
  },
  "totp-verify": {
    summary: "Steps this session up with a code from the authenticator app.",
    session: "strict",
    whileStepUpRequired: true,
    limit: attempt,
    input: z.strictObject({ code: totpCode, scope }),
    output: steppedUp,
    errors: [
      "identity/code-rejected",
      "identity/too-many-attempts",
      "identity/factor-disabled",
      "identity/session-ended",
    ],
  },
  "totp-remove": {
    summary: "Removes the authenticator app and, when it was the last factor, every backup code.",
    session: "strict",
    stepUp: "identity.factors",
    limit: change,
    input: nothing,
    output: z.strictObject({ removed: z.literal(true) }),
    errors: ["identity/factor-missing"],
  },
  "backup-verify": {
    summary: "Steps this session up with a backup code, which then never works again.",
    session: "strict",
    whileStepUpRequired: true,
    limit: attempt,
    input: z.strictObject({ code: backupCode, scope }),
    output: z.strictObject({ ...steppedUp.shape, remaining: z.number().int() }),
    errors: ["identity/code-rejected", "identity/too-many-attempts", "identity/session-ended"],
  },
  "backup-regenerate": {
    summary: "Makes new backup codes; all earlier ones stop working.",
    session: "strict",
    stepUp: "identity.factors",
    limit: change,
    input: nothing,
    output: z.strictObject({ backupCodes }),
    errors: ["identity/factor-missing"],
  },
});
