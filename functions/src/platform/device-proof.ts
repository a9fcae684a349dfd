import { createHash, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { canonicalJson } from "../kernel/canonical-json.js";
import { SECOND, type Clock } from "../kernel/time.js";
import { requestError } from "./errors.js";
import { hashSecret } from "./rotating-secret.js";

/** A device key that the gate saw proven for this very call (RFC 9449: method, function, time, body; used once). */
export interface ProvenDevice {
  /** RFC 7638 thumbprint of the key: SHA-256, base64url. */
  readonly jkt: string;
  /** SHA-256 of the session secret that came along, base64url; absent when none did. */
  readonly secretHash?: string;
}

export interface DeviceProof extends ProvenDevice {
  /** Drawn by the device; counts once per key. */
  readonly jti: string;
  /** Seconds. */
  readonly iat: number;
}

/** Why a proof was refused: public, so that a client can act. */
export type ProofFault = "malformed" | "expired" | "function" | "body" | "signature" | "key" | "secret" | "used";

/** How far a proof's time may lie from ours. RFC 9449 §11.1 leaves it to the server; clients correct their clock by `now`. */
export const PROOF_WINDOW_MS = 60 * SECOND;

/**
 * Verifies a proof of possession: a compact JWS after RFC 9449 §4.3, ES256 only, for this function and these data. Every
 * member must be there, be of its form, and be the only one of its name; nothing else may be there.
 *
 * @param given.data what came with the call, without the proof
 * @throws request/proof-rejected with `details.why`
 */
export const verifyDeviceProof = (given: {
  proof: unknown;
  data: unknown;
  functionId: string;
  projectId: string;
  region: string;
  clock: Clock;
}): DeviceProof => {
  const jws = takeApart(given.proof);
  const jwk = readHeader(jws.header);
  const payload = readPayload(jws.payload);
  const now = given.clock();
  if (Math.abs(now - payload.iat * SECOND) > PROOF_WINDOW_MS) throw rejected("expired", { now });
  const htu = `https://${given.region}-${given.projectId}.cloudfunctions.net/${given.functionId}`;
  if (payload.htm !== "POST" || payload.htu !== htu) throw rejected("function");
  if (!signedBy(jwk, jws)) throw rejected("signature");
  if (!timingSafeEqual(Buffer.from(payload.bh), Buffer.from(bodyHash(given.data)))) throw rejected("body");
  const { jti, iat, secret } = payload;
  return { jkt: thumbprint(jwk), jti, iat, ...(secret !== undefined && { secretHash: hashSecret(secret) }) };
};

/** RFC 7638 §3: the required members in order, hashed. */
export const thumbprint = ({ x, y }: { readonly x: string; readonly y: string }): string =>
  sha256(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`);

export const rejected = (why: ProofFault, more: { now?: number } = {}) =>
  requestError("proof-rejected", { details: { why, ...more } });

interface Jws {
  readonly header: string;
  readonly payload: string;
  readonly signed: string;
  readonly signature: Buffer;
}

interface Jwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

interface Payload {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  readonly iat: number;
  readonly bh: string;
  readonly secret?: string;
}

const LONGEST = 2_048;

const takeApart = (proof: unknown): Jws => {
  if (typeof proof !== "string" || proof.length > LONGEST) throw rejected("malformed");
  const [header, payload, signature, ...more] = proof.split(".");
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    throw rejected("malformed");
  return {
    header: decode(header).toString("utf8"),
    payload: decode(payload).toString("utf8"),
    signed: `${header}.${payload}`,
    signature: decode(signature),
  };
};

// No padding, no other alphabet, and no bits left over: the text has one spelling (RFC 4648 §3.5).
const decode = (text: string): Buffer => {
  const bytes = Buffer.from(text, "base64url");
  if (text === "" || bytes.toString("base64url") !== text) throw rejected("malformed");
  return bytes;
};

const readHeader = (text: string): Jwk => {
  const { typ, alg, jwk } = readMembers(text, ["typ", "alg", "jwk"], { nested: 4 });
  if (typ !== "dpop+jwt" || alg !== "ES256" || !isPublicKey(jwk)) throw rejected("malformed");
  return jwk;
};

// Only the public half: RFC 9449 §4.3 step 7. A key with a private part would be anybody's who sees the proof.
const isPublicKey = (value: unknown): value is Jwk => {
  if (!isObject(value) || !hasExactly(value, ["kty", "crv", "x", "y"])) return false;
  return value["kty"] === "EC" && value["crv"] === "P-256" && isBits256(value["x"]) && isBits256(value["y"]);
};

const readPayload = (text: string): Payload => {
  const payload = readMembers(text, ["jti", "htm", "htu", "iat", "bh"], { optional: "secret" });
  const { jti, htm, htu, iat, bh, secret } = payload;
  const fits =
    typeof jti === "string" &&
    JTI.test(jti) &&
    typeof htm === "string" &&
    typeof htu === "string" &&
    Number.isSafeInteger(iat) &&
    isBits256(bh) &&
    (secret === undefined || isBits256(secret));
  if (!fits) throw rejected("malformed");
  return payload as unknown as Payload;
};

const JTI = /^[\w-]{22,64}$/;

const readMembers = (
  text: string,
  names: readonly string[],
  { nested = 0, optional }: { nested?: number; optional?: string } = {},
): Readonly<Record<string, unknown>> => {
  const value = parse(text);
  if (!isObject(value)) throw rejected("malformed");
  const wanted = optional !== undefined && Object.hasOwn(value, optional) ? [...names, optional] : names;
  // JSON.parse keeps the last of two members with one name; another reader may keep the first.
  const written = text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
  if (!hasExactly(value, wanted) || written !== wanted.length + nested) throw rejected("malformed");
  return value;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw requestError("proof-rejected", { details: { why: "malformed" }, cause });
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasExactly = (value: object, names: readonly string[]): boolean =>
  Object.keys(value).length === names.length && names.every((name) => Object.hasOwn(value, name));

const isBits256 = (value: unknown): value is string => {
  if (typeof value !== "string" || value.length !== 43) return false;
  const bytes = Buffer.from(value, "base64url");
  return bytes.length === 32 && bytes.toString("base64url") === value;
};

// RFC 7518 §3.4: R and S, 32 bytes each. OpenSSL refuses a point that is not on the curve, and R or S out of range.
const signedBy = (jwk: Jwk, { signed, signature }: Jws): boolean => {
  if (signature.length !== 64) return false;
  try {
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    return verify("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, signature);
  } catch {
    return false;
  }
};

const bodyHash = (data: unknown): string => {
  try {
    return sha256(canonicalJson(data));
  } catch (cause) {
    // Deeper than the stack, or a value that JSON does not have.
    throw requestError("proof-rejected", { details: { why: "body" }, cause });
  }
};

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64url");
