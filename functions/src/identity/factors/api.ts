import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import {
  assurance,
  attempt,
  backupCode,
  backupCodes,
  change,
  nothing,
  scope,
  steppedUp,
  time,
  transaction,
} from "../schemas.js";

const totpCode = z.string().regex(/^\d{6}$/, "A code has six digits.");

export const factorsApi = defineApi({
  "totp-enrol": {
    summary: "Begins to set up an authenticator app. The first code must follow within ten minutes.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
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
    summary: "Finishes the set-up with the first code. The account's first factor gets backup codes with it.",
    session: "strict",
    proof: true,
    limit: attempt,
    input: z.strictObject({ code: totpCode }),
    output: z.strictObject({
      backupCodes: backupCodes.describe(
        "Shown once, each works once; empty when another factor has given the account codes.",
      ),
      assurance,
    }),
    errors: ["identity/code-rejected", "identity/enrolment-missing", "identity/session-ended"],
  },
  "totp-verify": {
    summary: "Steps this session up with a code from the authenticator app.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: attempt,
    input: z.strictObject({ code: totpCode, scope, transaction }),
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
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ removed: z.literal(true) }),
    errors: ["identity/factor-missing"],
  },
  "backup-verify": {
    summary: "Steps this session up with a backup code, which then never works again.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: attempt,
    input: z.strictObject({ code: backupCode, scope, transaction }),
    output: z.strictObject({ ...steppedUp.shape, remaining: z.number().int() }),
    errors: ["identity/code-rejected", "identity/too-many-attempts", "identity/session-ended"],
  },
  "backup-regenerate": {
    summary: "Makes new backup codes; all earlier ones stop working.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ backupCodes }),
    errors: ["identity/factor-missing"],
  },
});
