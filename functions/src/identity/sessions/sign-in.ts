import { SECOND, type EpochMs } from "../../kernel/time.js";
import { thumbprint } from "../../platform/device-proof.js";
import type { Caller, Visitor } from "../../platform/secure-call.js";
import type { Assurance } from "../../platform/session.js";
import { identityError } from "../errors.js";

/** The device key's public half as a JWK, and the hash of the first session secret. */
export interface Binding {
  readonly key: { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string };
  readonly secretHash: string;
}

/** A sign-in whose first factor was right, whoever checked it: what the policy judges and the session is made of. */
export interface SignIn {
  readonly uid: string;
  /** Drawn by the server; starts one session ever. */
  readonly sid: string;
  readonly signedInAt: EpochMs;
  /** For the log: Firebase's name of the provider, or `passkey`, `password`, `email-code`. */
  readonly provider: string;
  /** RFC 8176 names of what was shown. */
  readonly amr: readonly string[];
  readonly assurance: Assurance;
  readonly device: { readonly name: string };
  /** Absent: the session is unbound, and good for ordinary calls only. */
  readonly binding?: Binding | undefined;
  readonly tenant?: string | undefined;
  readonly visitor: Visitor;
}

/** A sign-in that Firebase checked, as its ID token tells it. @throws identity/sign-in-stale without a session id */
export const signInOf = (
  caller: Caller,
  with_: { device: { name: string }; binding?: Binding | undefined },
): SignIn => {
  const { uid, sid, token } = caller;
  if (sid === undefined) throw identityError("sign-in-stale");
  const second = token.secondFactor;
  const provider = token.via ?? token.signInProvider;
  const first = firstFactor(provider);
  return {
    uid,
    sid,
    signedInAt: token.authTime * SECOND,
    provider,
    amr: second === undefined ? [first] : [first, second === "phone" ? "sms" : "otp", "mfa"],
    assurance: second === undefined ? 1 : 2,
    device: with_.device,
    binding: with_.binding,
    tenant: token.tenant,
    visitor: caller,
  };
};

/**
 * The thumbprint (RFC 7638) of the key that the session is to be bound to; undefined for an unbound one. The key must have
 * been proven over this very call: a public key alone is nobody's.
 *
 * @throws identity/binding-rejected
 */
export const provenKey = ({ binding, visitor }: Pick<SignIn, "binding" | "visitor">): string | undefined => {
  if (binding === undefined) return undefined;
  const jkt = thumbprint(binding.key);
  if (visitor.device?.jkt !== jkt) throw identityError("binding-rejected");
  return jkt;
};

// RFC 8176 where it has a name; `fed` for the providers that Firebase federates with.
const firstFactor = (provider: string): string =>
  ({ password: "pwd", emailLink: "email", phone: "sms", custom: "custom", anonymous: "anonymous" })[provider] ?? "fed";
