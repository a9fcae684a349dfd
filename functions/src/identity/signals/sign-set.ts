import { createHash, createPublicKey, type JsonWebKey } from "node:crypto";
import { config } from "../../config.js";
import type { Kms } from "../../platform/kms.js";
import type { SetClaims } from "./set.js";

const KEY = { ring: "audit", key: "events" } as const;

/** Signs tokens with a key that never leaves Cloud KMS (EC_SIGN_P256_SHA256). */
export interface SetSigner {
  /** Compact JWS, `typ` secevent+jwt (RFC 8417 §2.3), ES256. */
  sign(claims: SetClaims): Promise<string>;
  /** The public halves of all published versions, in the order of `publish`, as a receiver's library wants them. RFC 7517. */
  publicKeys(): Promise<PublicKey[]>;
}

type PublicKey = JsonWebKey & { kid: string };

/** Signs with version `sign`, and publishes `publish`, which must have it: what nobody can verify is not signed. */
export const kmsSetSigner = (
  kms: () => Kms,
  { sign, publish }: { sign: string; publish: readonly string[] } = config.signals.keyVersions,
): SetSigner => {
  const known = new Map<string, Promise<PublicKey>>();
  const publicKey = (version: string): Promise<PublicKey> => {
    const found = known.get(version);
    if (found !== undefined) return found;
    const reading = readKey(kms(), version).catch((error: unknown) => {
      known.delete(version);
      throw error;
    });
    known.set(version, reading);
    return reading;
  };
  return {
    publicKeys: () => Promise.all(publish.map(publicKey)),
    sign: async (claims) => {
      if (!publish.includes(sign)) throw new Error(`key version ${sign} signs tokens, but is not published`);
      const { kid } = await publicKey(sign);
      const input = `${part({ alg: "ES256", typ: "secevent+jwt", kid })}.${part(claims)}`;
      const data = Buffer.from(input, "ascii");
      const { signature } = await kms().asymmetricSign({ ...KEY, version: sign, data });
      return `${input}.${joseSignature(signature).toString("base64url")}`;
    },
  };
};

const readKey = async (kms: Kms, version: string): Promise<PublicKey> => {
  const { pem } = await kms.publicKey({ ...KEY, version });
  const jwk = createPublicKey(pem).export({ format: "jwk" });
  const { crv, kty, x, y } = jwk;
  // RFC 7638: these members, in this order, without spaces.
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return { ...jwk, kid, alg: "ES256", use: "sig" };
};

const part = (value: object): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

const SIZE = 32;

/** KMS answers DER (RFC 3279); JOSE wants the two numbers one after the other, 32 bytes each (RFC 7518 §3.4). */
export const joseSignature = (der: Uint8Array): Buffer => {
  const bytes = Buffer.from(der);
  const rLength = bytes[3] ?? 0;
  const r = bytes.subarray(4, 4 + rLength);
  const s = bytes.subarray(6 + rLength, 6 + rLength + (bytes[5 + rLength] ?? 0));
  if (bytes[0] !== 0x30 || bytes[2] !== 0x02 || bytes[4 + rLength] !== 0x02)
    throw new TypeError("not an ECDSA signature");
  return Buffer.concat([fixed(r), fixed(s)]);
};

const fixed = (number: Buffer): Buffer => {
  const digits = number.subarray(number.findIndex((byte) => byte !== 0));
  if (digits.length > SIZE) throw new TypeError("not a signature on P-256");
  return Buffer.concat([Buffer.alloc(SIZE - digits.length), digits]);
};
