import { createHmac, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

/** A key pair that signs tokens, as Google's do. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const newKey = (kid: string): SigningKey => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) });

export type Claims = Readonly<Record<string, unknown>>;

/** RFC 7515 compact serialisation, RS256. */
export const signed = (key: SigningKey, claims: Claims): string => {
  const input = signingInput({ alg: "RS256", typ: "JWT", kid: key.kid }, claims);
  return `${input}.${sign("sha256", Buffer.from(input), key.privateKey).toString("base64url")}`;
};

/** RFC 7519 §6: no signature, as the Auth emulator makes them. */
export const unsigned = (claims: Claims): string => `${signingInput({ alg: "none", typ: "JWT" }, claims)}.`;

/** RFC 8725 §2.1: HMAC under the public key, for a verifier that believes the header's algorithm. */
export const confused = (key: SigningKey, claims: Claims): string => {
  const input = signingInput({ alg: "HS256", typ: "JWT", kid: key.kid }, claims);
  const pem = key.publicKey.export({ type: "spki", format: "pem" });
  return `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`;
};

/** The token with other claims under the old signature. */
export const altered = (token: string, change: Claims): string => {
  const [header = "", body = "", signature = ""] = token.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Claims;
  return `${header}.${encode({ ...claims, ...change })}.${signature}`;
};

const signingInput = (header: object, claims: Claims): string => `${encode(header)}.${encode(claims)}`;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
