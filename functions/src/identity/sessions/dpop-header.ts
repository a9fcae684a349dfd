import { createHash } from "node:crypto";
import { SECOND, type Clock } from "../../kernel/time.js";
import { PROOF_WINDOW_MS, rejected } from "../../platform/device-proof.js";
import { proofKey, type NonceStore } from "../../platform/nonce-store.js";
import { joseSdk } from "../../platform/sdk.js";

/** A `DPoP` header as it came, and what it must be for. */
export interface GivenProof {
  readonly proof: string | undefined;
  readonly method: string;
  /** The address as clients know it, without query. */
  readonly url: string;
  readonly accessToken: string;
  /** RFC 7638 thumbprint that the session is bound to. */
  readonly jkt: string;
}

/**
 * Checks a proof of possession in a header, every step of RFC 9449 §4.3, and spends it. ES256 only.
 *
 * @throws request/proof-rejected with `details.why`
 */
export const spendDpopHeader = async (deps: { nonces: NonceStore; clock: Clock }, given: GivenProof): Promise<void> => {
  const { jkt, claims } = await verified(given.proof, deps.clock());
  const { jti, iat, htm, htu, ath } = claims;
  if (jkt !== given.jkt) throw rejected("key");
  if (htm !== given.method || htu !== given.url) throw rejected("function");
  if (ath !== createHash("sha256").update(given.accessToken, "ascii").digest("base64url")) throw rejected("body");
  const until = iat * SECOND + 2 * PROOF_WINDOW_MS;
  if (!(await deps.nonces.spend(proofKey({ jkt, jti }), until))) throw rejected("used");
};

interface Claims {
  readonly jti: string;
  readonly iat: number;
  readonly htm: unknown;
  readonly htu: unknown;
  readonly ath: unknown;
}

const LONGEST = 2_048;
const JTI = /^[\w-]{16,64}$/;

const verified = async (proof: string | undefined, now: number): Promise<{ jkt: string; claims: Claims }> => {
  if (proof === undefined || proof.length > LONGEST) throw rejected("malformed");
  const { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } = joseSdk();
  // Its time is judged below: a proof has no `exp`.
  const read = await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] }).catch(
    (cause: unknown) => cause,
  );
  if (read instanceof Error || typeof read !== "object" || read === null) throw rejected("signature");
  const { payload, protectedHeader } = read as Awaited<ReturnType<typeof jwtVerify>>;
  const { jti, iat, htm, ["htu"]: htu, ["ath"]: ath } = payload as Record<string, unknown>;
  if (typeof jti !== "string" || !JTI.test(jti) || typeof iat !== "number" || !Number.isSafeInteger(iat))
    throw rejected("malformed");
  if (Math.abs(now - iat * SECOND) > PROOF_WINDOW_MS) throw rejected("expired", { now });
  if (protectedHeader.jwk === undefined) throw rejected("malformed");
  return { jkt: await calculateJwkThumbprint(protectedHeader.jwk, "sha256"), claims: { jti, iat, htm, htu, ath } };
};
