import { createECDH } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** Order of the P-256 group (SEC 2, section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA over a ready SHA-256 digest (FIPS 186-5, section 6.4.1), which node:crypto does not offer: the nonce and its
 * point are those of a fresh ECDH key pair. Signature in DER. Not constant-time: for development only.
 */
export const signP256Digest = (privateKey: KeyObject, digest: Uint8Array): Buffer => {
  const secret = toBigInt(Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"));
  for (;;) {
    const ephemeral = createECDH("prime256v1");
    const point = ephemeral.generateKeys(); // 0x04 || x (32) || y (32)
    const r = toBigInt(point.subarray(1, 33)) % ORDER;
    const s = (inverse(toBigInt(ephemeral.getPrivateKey())) * (toBigInt(digest) + r * secret)) % ORDER;
    if (r !== 0n && s !== 0n) return sequence([integer(r), integer(s)]);
  }
};

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);

/** Modulo the order, by Fermat: the order is a prime. */
const inverse = (value: bigint): bigint => {
  let result = 1n;
  for (let exponent = ORDER - 2n, power = value; exponent > 0n; exponent >>= 1n, power = (power * power) % ORDER) {
    if (exponent & 1n) result = (result * power) % ORDER;
  }
  return result;
};

const integer = (value: bigint): Buffer => {
  const hex = value.toString(16);
  const magnitude = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  const body = (magnitude[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), magnitude]) : magnitude;
  return Buffer.concat([Buffer.from([0x02, body.length]), body]);
};

const sequence = (parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};
