import { webauthnSdk } from "../../platform/sdk.js";
import type { Passkey } from "../factors/passkey.js";
import { readAuthenticatorData } from "./authenticator-data.js";
import { octetsOf } from "./base64url.js";
import { readWhole } from "./cbor.js";
import { checkClientData } from "./client-data.js";
import { checkCoseKey } from "./cose-key.js";
import { readEnvelope } from "./envelope.js";
import { refuse } from "./refusal.js";
import type { RelyingParty } from "./relying-party.js";
import { authenticationResponse, type AuthenticationResponse } from "./shapes.js";
import { checkSignatureForm } from "./signature.js";

/** What a use of a passkey shows. */
export interface Asserted {
  readonly counter: number;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
}

/** The browser's answer in its known shape. Its `id` is what the passkey is looked up by, never the account. */
export const readAssertion = (response: unknown): AuthenticationResponse =>
  readEnvelope(authenticationResponse, response);

/**
 * WebAuthn L3 §7.2, the whole of it but what needs the ledger (that the challenge was asked and counts once, and that the
 * counter grew). What depends on whose passkey it is comes after the signature, so that the time an answer takes tells nothing
 * of it.
 *
 * @throws identity/passkey-rejected
 */
export const verifyAssertion = async (
  rp: RelyingParty,
  given: {
    response: AuthenticationResponse;
    challenge: string;
    passkey: Pick<Passkey, "id" | "publicKey" | "backupEligible">;
    /** The account's handle; the answer must carry it where nobody was named (§7.2 step 6). */
    userHandle: string | undefined;
    named: boolean;
  },
): Promise<Asserted> => {
  const { response, challenge, passkey } = given;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response.response;
  checkClientData(octetsOf(clientDataJSON), { type: "webauthn.get", challenge }, rp);
  const data = readAuthenticatorData(octetsOf(authenticatorData), "assertion", rp);
  await verifySignature(rp, { response, challenge, passkey, signature: octetsOf(signature) });
  const shown = userHandle ?? undefined;
  if (shown === undefined ? !given.named : shown !== given.userHandle) throw refuse("user-handle");
  if (data.backupEligible !== passkey.backupEligible) throw refuse("backup-eligibility");
  const { counter, userVerified, backupEligible, backedUp } = data;
  return { counter, userVerified, backupEligible, backedUp };
};

const verifySignature = async (
  rp: RelyingParty,
  given: {
    response: AuthenticationResponse;
    challenge: string;
    passkey: Pick<Passkey, "id" | "publicKey">;
    signature: Uint8Array;
  },
): Promise<void> => {
  const { response, challenge, passkey, signature } = given;
  if (response.id !== passkey.id) throw refuse("credential-id");
  checkSignatureForm(checkCoseKey(readWhole(passkey.publicKey)), signature);
  const { clientDataJSON, authenticatorData } = response.response;
  const { verifyAuthenticationResponse } = webauthnSdk();
  const verdict = await verifyAuthenticationResponse({
    response: {
      id: response.id,
      rawId: response.rawId,
      type: "public-key",
      response: { clientDataJSON, authenticatorData, signature: response.response.signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: [...rp.origins],
    expectedTopOrigin: [...rp.topOrigins],
    expectedRPID: rp.id,
    // The counter is the ledger's to judge, after the signature: whoever cannot sign raises no alarm.
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter: -1 },
    requireUserVerification: false,
  }).catch((error: unknown) => {
    throw refuse("signature", error);
  });
  if (!verdict.verified) throw refuse("signature");
};
