import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { Cbor } from "./cbor.js";
import { refuse } from "./refusal.js";

/** COSE algorithms in the order of preference: ES256, EdDSA with Ed25519, and RS256 for Windows Hello, last. */
export const ALGORITHMS = [-7, -8, -257] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/**
 * Holds a COSE_Key (RFC 9052 §7, RFC 9053 §7, RFC 8230) to the members its algorithm has and no other, and the key to be one
 * that a signature can be trusted under: on its curve, of full order, long enough.
 *
 * @throws identity/passkey-rejected (algorithm, public-key)
 */
export const checkCoseKey = (key: Cbor): Algorithm => {
  if (!(key instanceof Map)) throw refuse("public-key");
  const member = (label: number): Cbor | undefined => key.get(label) as Cbor | undefined;
  const algorithm = ALGORITHMS.find((each) => each === member(3));
  if (algorithm === undefined) throw refuse("algorithm");
  const jwk = JWK[algorithm](member);
  if (jwk === undefined || key.size !== SIZE[algorithm]) throw refuse("public-key");
  try {
    createPublicKey({ key: jwk, format: "jwk" });
  } catch (error) {
    throw refuse("public-key", error);
  }
  return algorithm;
};

type Members = (label: number) => Cbor | undefined;

const SIZE: Readonly<Record<Algorithm, number>> = { [-7]: 5, [-8]: 4, [-257]: 4 };

const JWK: Readonly<Record<Algorithm, (member: Members) => JsonWebKey | undefined>> = {
  [-7]: (member) => {
    const [x, y] = [octets(member(-2), 32), octets(member(-3), 32)];
    if (member(1) !== 2 || member(-1) !== 1 || x === undefined || y === undefined) return undefined;
    return { kty: "EC", crv: "P-256", x: encode(x), y: encode(y) };
  },
  [-8]: (member) => {
    const x = octets(member(-2), 32);
    if (member(1) !== 1 || member(-1) !== 6 || x === undefined || isWeak(x)) return undefined;
    return { kty: "OKP", crv: "Ed25519", x: encode(x) };
  },
  [-257]: (member) => {
    const [n, e] = [member(-1), octets(member(-2), 3)];
    if (member(1) !== 3 || !(n instanceof Uint8Array) || e === undefined) return undefined;
    const [first = 0, last = 0] = [n[0], n.at(-1)];
    // 2048 to 4096 bits, written without zeros in front; an even modulus is none.
    const long = n.length <= 512 && (n.length === 256 ? first >= 0x80 : n.length > 256 && first > 0);
    return long && last % 2 === 1 && encode(e) === "AQAB" ? { kty: "RSA", n: encode(n), e: "AQAB" } : undefined;
  },
};

// Under a point of small order anybody can sign anything (RFC 8032 §5.1.7 leaves it to the protocol): all eight of them,
// and those whose y is not below the field's order, which are other ways to write points.
const isWeak = (point: Uint8Array): boolean => {
  const y = Buffer.from(point);
  y.writeUInt8(y.readUInt8(31) & 0x7f, 31);
  const high = BigInt(`0x${Buffer.from(y).reverse().toString("hex")}`);
  return high >= FIELD || SMALL_ORDER.has(high);
};

const FIELD = 2n ** 255n - 19n;
const ORDER_EIGHT = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, FIELD - 1n, ORDER_EIGHT, FIELD - ORDER_EIGHT]);

const octets = (value: Cbor | undefined, length: number): Uint8Array | undefined =>
  value instanceof Uint8Array && value.length === length ? value : undefined;

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
