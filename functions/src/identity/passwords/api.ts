import { z } from "zod";
import { defineApi } from "../../platform/api.js";
import { anyone, attempt, binding, change, device, id, signedIn, time } from "../schemas.js";

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** As typed. How long it may be is said by a typed error, not by the schema: longer than this is no password but a flood. */
const password = z.string().min(1).max(10_000);
const code = z
  .string()
  .trim()
  .regex(/^\d{8}$/, "The code has 8 digits.");
const asked = z.strictObject({ challenge: z.string(), expiresAt: time });

const POLICY = [
  "identity/password-too-short",
  "identity/password-too-long",
  "identity/password-common",
  "identity/password-context",
  "identity/password-breached",
] as const;

export const passwordsApi = defineApi({
  "password-signup": {
    summary:
      "Asks for an account: sends a code to the address. The answer is the same when the address has an account; its owner is then told by mail.",
    session: "public",
    limit: anyone,
    input: z.strictObject({ email, password }),
    output: asked,
    errors: ["identity/proxy-off", "identity/address-refused", ...POLICY, "identity/code-too-soon"],
  },
  "password-confirm": {
    summary:
      "Makes the account with the code that was mailed, and signs in. Address and password are given again: nothing was kept of them.",
    session: "public",
    limit: anyone,
    input: z.strictObject({ challenge: id, code, email, password, device, binding: binding.optional() }),
    output: signedIn,
    errors: ["identity/proxy-off", ...POLICY, "identity/code-rejected", "identity/sign-in-refused"],
  },
  "password-signin": {
    summary: "Signs in with a password. Every refusal looks alike, whatever was wrong.",
    session: "public",
    limit: anyone,
    input: z.strictObject({ email, password, device, binding: binding.optional() }),
    output: signedIn,
    errors: [
      "identity/proxy-off",
      "identity/password-rejected",
      "identity/too-many-passwords",
      "identity/sms-factor-needed",
      "identity/sign-in-refused",
    ],
  },
  "password-change": {
    summary:
      "Changes the password, with the one before it. Other sessions end; give the token to Firebase's `signInWithCustomToken` to carry on with this one.",
    session: "strict",
    stepUp: "identity.password",
    proof: true,
    limit: attempt,
    input: z.strictObject({ current: password, next: password }),
    output: z.strictObject({ customToken: z.string(), revoked: z.number().int() }),
    errors: ["identity/proxy-off", "identity/password-rejected", "identity/too-many-passwords", ...POLICY],
  },
  "email-change": {
    summary: "Asks to change the account's e-mail address: sends a code to the new one.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: z.strictObject({ email }),
    output: asked,
    errors: ["identity/address-refused", "identity/code-too-soon"],
  },
  "email-confirm": {
    summary:
      "Changes the address with the code that was mailed to it. Give the token to Firebase's `signInWithCustomToken` to carry on with this session.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: attempt,
    input: z.strictObject({ challenge: id, code, email }),
    output: z.strictObject({ customToken: z.string() }),
    errors: ["identity/code-rejected"],
  },
});
