import type { DomainError } from "../../kernel/errors.js";
import { identityError } from "../errors.js";

/** Why a passkey's answer was refused. For the log and the event; the caller gets one sentence for all of them. */
export type Reason =
  | "challenge" // not asked, asked for something else, too late, or answered before
  | "shape"
  | "encoding" // base64url, CBOR, DER or JSON that is not the one way to write it
  | "client-data"
  | "type"
  | "origin"
  | "cross-origin"
  | "credential-id"
  | "rp-id"
  | "presence"
  | "flags"
  | "extensions"
  | "algorithm"
  | "public-key"
  | "attestation"
  | "signature"
  | "user-handle"
  | "backup-eligibility"
  | "unknown-credential"
  | "credential-taken"
  | "counter"
  | "account-barred";

/** What a passkey lacks that is as it should be otherwise. Told to the person, who can choose another. */
export type NotAllowed = "user-verification" | "backup-eligible" | "attestation" | "model";

export const refuse = (reason: Reason, cause?: unknown): DomainError =>
  identityError("passkey-rejected", { cause: new Error(reason, { cause }) });

export const notAllowed = (why: NotAllowed): DomainError =>
  identityError("passkey-not-allowed", { details: { why }, cause: new Error(why) });

/** The reason, for the log; `unexpected` when it was no refusal. */
export const reasonOf = (error: unknown): string => {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return cause instanceof Error ? cause.message : "unexpected";
};
