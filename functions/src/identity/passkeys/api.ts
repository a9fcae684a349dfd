import { z } from "zod";
import type { Limit } from "../../kernel/limits.js";
import { MINUTE } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";
import {
  anyone,
  assurance,
  attempt,
  backupCodes,
  binding,
  change,
  device,
  id,
  nothing,
  read,
  scope,
  signedIn,
  steppedUp,
  time,
  transaction,
} from "../schemas.js";
import {
  authenticationResponse,
  creationOptions,
  credentialId,
  registrationResponse,
  requestOptions,
  signal,
} from "./shapes.js";

// A page with passkey autofill asks on every load, and again before the challenge ends.
const begin: Limit = { permits: 300, perMs: 10 * MINUTE, by: "network", store: "shared", whenDown: "refuse" };

const challenge = id.describe("The challenge's id, to send back with the answer. Counts once.");
const renewAfterMs = z.number().int().describe("When to ask for a new challenge, while the browser still waits.");
const name = z.string().trim().min(1).max(80).describe("What the person calls it.");
const listed = z.strictObject({
  id: z.string().describe("Credential id, base64url."),
  name: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  synced: z.boolean().describe("Whether it may be copied to other devices (backup eligible)."),
  backedUp: z.boolean(),
  userVerified: z.boolean().describe("Whether the device asked for PIN or biometric when it was made."),
  transports: z.array(z.string()),
  aaguid: z.string().describe("The authenticator's model, a UUID; zeros when it does not say."),
  attestation: z.enum(["none", "untrusted", "trusted"]),
  cloneWarningAt: time.nullable().describe("When its counter last went back: a copy of it may exist."),
});

export const passkeysApi = defineApi({
  "passkey-enrol": {
    summary: "Begins to set up a passkey: the options for `navigator.credentials.create()`.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: nothing,
    output: z.strictObject({ challenge, options: creationOptions, expiresAt: time }),
    errors: ["identity/session-risky", "identity/passkey-limit"],
  },
  "passkey-confirm": {
    summary: "Finishes the set-up with the browser's answer. The account's first factor gets backup codes with it.",
    session: "strict",
    proof: true,
    limit: attempt,
    input: z.strictObject({ challenge: id, response: registrationResponse, name }),
    output: z.strictObject({
      passkey: listed,
      backupCodes: backupCodes.describe("Shown once, each works once; empty when the account has codes already."),
      assurance,
      signal,
    }),
    errors: [
      "identity/passkey-rejected",
      "identity/passkey-not-allowed",
      "identity/passkey-limit",
      "identity/session-ended",
    ],
  },
  "passkey-begin": {
    summary: "Options for a sign-in by passkey, by button or autofill. Nobody is named: the passkey says who it is.",
    session: "public",
    limit: begin,
    input: nothing,
    output: z.strictObject({ challenge, options: requestOptions, expiresAt: time, renewAfterMs }),
  },
  "passkey-finish": {
    summary: "Signs in with a passkey: runs the sign-in policy, makes the session, answers a custom token.",
    session: "public",
    limit: anyone,
    input: z.strictObject({
      challenge: id,
      response: authenticationResponse,
      device,
      binding: binding.optional(),
    }),
    output: signedIn,
    errors: ["identity/passkey-rejected", "identity/passkey-not-allowed", "identity/sign-in-refused"],
  },
  "passkey-challenge": {
    summary: "Options for a step-up with one of the account's passkeys, for this session, scope and transaction only.",
    session: "strict",
    whileStepUpRequired: true,
    limit: attempt,
    input: z.strictObject({ scope, transaction }),
    output: z.strictObject({ challenge, options: requestOptions, expiresAt: time, renewAfterMs }),
    errors: ["identity/factor-missing"],
  },
  "passkey-verify": {
    summary: "Steps this session up with a passkey.",
    session: "strict",
    whileStepUpRequired: true,
    proof: true,
    limit: attempt,
    input: z.strictObject({ challenge: id, response: authenticationResponse, scope, transaction }),
    output: steppedUp,
    errors: ["identity/passkey-rejected", "identity/passkey-not-allowed", "identity/session-ended"],
  },
  "passkey-list": {
    summary: "The account's passkeys, and what the browser's Signal API takes to hide those that are gone.",
    session: "cached",
    limit: read,
    input: nothing,
    output: z.strictObject({ passkeys: z.array(listed), signal: signal.nullable() }),
  },
  "passkey-rename": {
    summary: "Gives a passkey another name in the person's list.",
    session: "strict",
    proof: true,
    limit: change,
    input: z.strictObject({ id: credentialId, name }),
    output: z.strictObject({ renamed: z.literal(true), signal }),
    errors: ["identity/factor-missing"],
  },
  "passkey-remove": {
    summary: "Removes a passkey and, when it was the last factor, every backup code.",
    session: "strict",
    stepUp: "identity.factors",
    proof: true,
    limit: change,
    input: z.strictObject({ id: credentialId }),
    output: z.strictObject({ removed: z.literal(true), signal }),
    errors: ["identity/factor-missing"],
  },
});
