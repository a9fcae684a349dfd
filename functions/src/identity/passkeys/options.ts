import { config, type PasskeyPolicy } from "../../config.js";
import type { Passkey } from "../factors/passkey.js";
import { ALGORITHMS } from "./cose-key.js";
import type { RelyingParty } from "./relying-party.js";
import type { CreationOptions, RequestOptions } from "./shapes.js";

/**
 * Options for `navigator.credentials.create()` (WebAuthn L3 §5.4): a discoverable key, so that it can sign in by itself, and none
 * on an authenticator that holds one for this account.
 */
export const creationOptionsOf = (
  rp: RelyingParty,
  given: {
    octets: string;
    policy: PasskeyPolicy;
    userHandle: string;
    name: string;
    passkeys: readonly Passkey[];
  },
): CreationOptions => ({
  rp: { id: rp.id, name: rp.name },
  user: { id: given.userHandle, name: given.name, displayName: given.name },
  challenge: given.octets,
  pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key" as const, alg })),
  timeout: config.passkeys.challengeMs,
  excludeCredentials: given.passkeys.map(descriptor),
  authenticatorSelection: {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: given.policy.userVerification,
  },
  attestation: given.policy.attestation === "none" ? "none" : "direct",
  extensions: { credProps: true },
});

/** Options for `navigator.credentials.get()` (WebAuthn L3 §5.5). Without passkeys nobody is named. */
export const requestOptionsOf = (
  rp: RelyingParty,
  given: {
    octets: string;
    userVerification: PasskeyPolicy["userVerification"];
    passkeys?: readonly Passkey[];
  },
): RequestOptions => ({
  rpId: rp.id,
  challenge: given.octets,
  timeout: config.passkeys.challengeMs,
  allowCredentials: (given.passkeys ?? []).map(descriptor),
  userVerification: given.userVerification,
});

const descriptor = ({ id, transports }: Passkey) => ({
  type: "public-key" as const,
  id,
  ...(transports.length > 0 && { transports: [...transports] }),
});
