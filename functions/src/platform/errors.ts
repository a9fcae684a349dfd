import { defineErrors } from "../kernel/errors.js";

/** What the gate itself answers. */
export const requestError = defineErrors("request", {
  "sign-in-required": ["unauthenticated", "Sign in first."],
  "session-missing": ["unauthenticated", "This sign-in has no live session. Start one, or sign in again."],
  "session-revoked": ["unauthenticated", "This session was ended. Sign in again."],
  "session-expired": ["unauthenticated", "This session has expired. Sign in again."],
  "proof-required": ["unauthenticated", "This call must be proven by the device's key."],
  "proof-rejected": ["unauthenticated", "The proof of the device's key was refused."],
  "step-up-required": ["permission-denied", "This needs a fresh second factor."],
  "assurance-too-low": ["permission-denied", "This needs a stronger sign-in."],
  "factor-required": ["permission-denied", "This needs a second factor, and the account has none. Set one up."],
  "method-too-weak": ["permission-denied", "This needs a stronger second factor than the one that was shown."],
  forbidden: ["permission-denied", "Your role does not allow this."],
  malformed: ["invalid-argument", "The request is malformed."],
  "too-many": ["resource-exhausted", "Too many requests. Try again later."],
  unavailable: ["unavailable", "The service cannot answer now. Try again."],
  internal: ["internal", "Something went wrong on our side."],
});
