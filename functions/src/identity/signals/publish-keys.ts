import type { SignalDeps } from "./deps.js";

/** RFC 7517 key set: what a receiver verifies tokens with. A key is here before it signs, and after. */
export const keySet = async ({ signer }: Pick<SignalDeps, "signer">) => ({ keys: await signer.publicKeys() });

/** OpenID SSF 1.0 §7.1: where a receiver finds what it needs. Streams are set up by an operator, not over the network. */
export const transmitterConfiguration = (issuer: string) => ({
  spec_version: "1_0",
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  delivery_methods_supported: ["urn:ietf:rfc:8935"],
  critical_subject_members: ["user", "session"],
  default_subjects: "ALL",
});
