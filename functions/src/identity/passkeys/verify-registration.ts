import type { PasskeyPolicy } from "../../config.js";
import { webauthnSdk } from "../../platform/sdk.js";
import {
  asksFor,
  checkSelfAttestation,
  isAnchored,
  isSelfAttested,
  readAttestationObject,
  withoutStatement,
  type AttestationObject,
} from "./attestation.js";
import { readAuthenticatorData } from "./authenticator-data.js";
import { octetsOf } from "./base64url.js";
import { checkClientData } from "./client-data.js";
import { ALGORITHMS } from "./cose-key.js";
import { readEnvelope } from "./envelope.js";
import { checkRegistration } from "./policy.js";
import { refuse } from "./refusal.js";
import type { RelyingParty } from "./relying-party.js";
import { registrationResponse, type RegistrationResponse } from "./shapes.js";
import type { Passkey } from "../factors/passkey.js";

/** What a registration tells of the passkey. Its name and times are the caller's to add. */
export type Registered = Omit<Passkey, "name" | "createdAt" | "lastUsedAt" | "cloneWarningAt">;

/**
 * WebAuthn L3 §7.1, the whole of it but what needs the ledger (that the challenge was asked and counts once, and that nobody has
 * this credential id). SimpleWebAuthn verifies; everything around it is held to one form here first, since it leaves frames,
 * ids, encodings and unknown members to its caller.
 *
 * @throws identity/passkey-rejected, -passkey-not-allowed
 */
export const verifyRegistration = async (
  rp: RelyingParty,
  given: { response: unknown; challenge: string; policy: PasskeyPolicy },
): Promise<Registered> => {
  const { challenge, policy } = given;
  const response = readEnvelope(registrationResponse, given.response);
  checkClientData(octetsOf(response.response.clientDataJSON), { type: "webauthn.create", challenge }, rp);
  const object = readAttestationObject(octetsOf(response.response.attestationObject));
  const data = readAuthenticatorData(object.authenticatorData, "registration", rp);
  const { attested } = data;
  if (attested === undefined || Buffer.from(attested.id).toString("base64url") !== response.id)
    throw refuse("credential-id");
  if (isSelfAttested(object)) checkSelfAttestation(object, attested.algorithm);
  const attestation = await verifyStatement(rp, { response, object, challenge, policy });
  const registered = {
    id: response.id,
    publicKey: Buffer.from(attested.publicKey),
    counter: data.counter,
    transports: [...new Set(response.response.transports)],
    aaguid: attested.aaguid,
    backupEligible: data.backupEligible,
    backedUp: data.backedUp,
    userVerified: data.userVerified,
    attestation,
  };
  checkRegistration(policy, registered);
  return registered;
};

/** A maker's statement is verified only where the policy asks for it; a self attestation always: it costs nothing to believe. */
const verifyStatement = async (
  rp: RelyingParty,
  given: { response: RegistrationResponse; object: AttestationObject; challenge: string; policy: PasskeyPolicy },
): Promise<Registered["attestation"]> => {
  const { response, object, challenge, policy } = given;
  const asked = object.format !== "none" && asksFor(policy, object.format);
  const kept = asked || isSelfAttested(object);
  const attestationObject = kept
    ? response.response.attestationObject
    : Buffer.from(withoutStatement(object)).toString("base64url");
  const trusted = asked && isAnchored(object);
  const { verifyRegistrationResponse } = webauthnSdk();
  const { clientDataJSON } = response.response;
  const { id, rawId } = response;
  const verdict = await verifyRegistrationResponse({
    response: {
      id,
      rawId,
      type: "public-key",
      response: { clientDataJSON, attestationObject },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedRPID: rp.id,
    requireUserVerification: false, // the policy judges it, with an answer of its own
    supportedAlgorithmIDs: [...ALGORITHMS],
  }).catch((error: unknown) => {
    throw refuse("attestation", error);
  });
  if (!verdict.verified) throw refuse("attestation");
  return trusted ? "trusted" : kept ? "untrusted" : "none";
};
