import type { Algorithm } from "./cose-key.js";
import { refuse } from "./refusal.js";

/**
 * Refuses a signature that is not written as it must be (WebAuthn L3 §6.5.5): DER with nothing to spare for ES256, 64 bytes for
 * Ed25519, the length of a modulus for RS256. Whether it is right is not judged here.
 */
export const checkSignatureForm = (algorithm: Algorithm, signature: Uint8Array): void => {
  const formed =
    algorithm === -7
      ? isDer(signature)
      : algorithm === -8
        ? signature.length === 64
        : signature.length >= 256 && signature.length <= 512;
  if (!formed) throw refuse("encoding");
};

// SEQUENCE { INTEGER r, INTEGER s } of at most 72 bytes, so every length is one byte.
const isDer = (bytes: Uint8Array): boolean => {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return false;
  const middle = integerEnd(bytes, 2);
  return middle !== undefined && integerEnd(bytes, middle) === bytes.length;
};

// Positive, at most 256 bits, and no zero in front but the one that keeps it positive.
const integerEnd = (bytes: Uint8Array, offset: number): number | undefined => {
  const [tag, length = 0, first = 0x80, second = 0] = bytes.subarray(offset, offset + 4);
  const end = offset + 2 + length;
  if (tag !== 0x02 || length === 0 || end > bytes.length || first >= 0x80) return undefined;
  const padded = first === 0 && length > 1;
  if (padded && second < 0x80) return undefined;
  return length - (padded ? 1 : 0) <= 32 ? end : undefined;
};
