import { z } from "zod";
import type { Limit } from "../../kernel/limits.js";
import { HOUR } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";
import {
  attempt,
  anyone,
  binding,
  change,
  device,
  emailAddress,
  id,
  mailCode,
  sentCode,
  signedIn,
} from "../schemas.js";

// Codes that one network may ask for. Behind one address of a carrier are thousands of people.
const begin: Limit = { permits: 30, perMs: HOUR, by: "network", store: "shared", whenDown: "refuse" };

const mailAssurance = z
  .literal(1)
  .describe(
    "What a mailed code vouches for: never more than 1 (NIST SP 800-63B-4 §3.1.3.1). It opens no guarded action.",
  );

export const codesApi = defineApi({
  "mailcode-send": {
    summary:
      "Mails a code to the account's own address: to meet the demand of a risky sign-in of an account without a second factor, or to confirm the address. Assurance 1 only.",
    session: "strict",
    whileStepUpRequired: true,
    limit: change,
    input: z.strictObject({
      purpose: z
        .enum(["risk", "address"])
        .describe("`risk`: meet the demand of this sign-in. `address`: confirm the address."),
    }),
    output: sentCode,
    errors: ["identity/code-too-soon", "identity/address-missing", "request/method-too-weak"],
  },
  "mailcode-verify": {
    summary: "Gives the mailed code back. It never raises the session above assurance 1 and satisfies no step-up.",
    session: "strict",
    whileStepUpRequired: true,
    limit: attempt,
    input: z.strictObject({ challenge: id, code: mailCode }),
    output: z.strictObject({ assurance: mailAssurance, emailVerified: z.boolean(), stepUpRequired: z.boolean() }),
    errors: ["identity/code-rejected", "identity/session-ended"],
  },
  "mailcode-begin": {
    summary:
      "Begins a sign-in by a mailed code. Answers the same, in the same time, whether there is an account or not; a mail goes only to an address that its account has confirmed.",
    session: "public",
    limit: begin,
    input: z.strictObject({ email: emailAddress }),
    output: sentCode,
    errors: ["identity/code-too-soon"],
  },
  "mailcode-finish": {
    summary: "Signs in with the mailed code, at assurance 1. Give the token to `signInWithCustomToken`.",
    session: "public",
    limit: anyone,
    input: z.strictObject({ challenge: id, code: mailCode, device, binding: binding.optional() }),
    output: signedIn,
    errors: ["identity/code-rejected", "identity/sign-in-refused"],
  },
});
