import { createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";

/**
 * XAES-256-GCM (C2SP XAES-256-GCM v1.0.1) and its key-committing form KC-XAES-256-GCM (IACR ePrint 2025/758) under one key:
 * a 24-byte random nonce, of which 12 bytes derive the AES-256-GCM key of the message. 2^80 messages a key.
 *
 * Both work in place on `nonce (24) || [commitment (32)] || ciphertext || tag (16)`, which begins at `at`.
 */
export interface XaesKey {
  /** Fills in everything after the nonce, which is there already. */
  encrypt(
    target: Buffer,
    at: number,
    message: { plaintext: Uint8Array; associatedData: Uint8Array; committing: boolean },
  ): void;
  /** The plaintext, or undefined when anything was altered; with `committing`, also when another key was committed to. */
  decrypt(source: Buffer, at: number, message: { associatedData: Uint8Array; committing: boolean }): Buffer | undefined;
}

export const NONCE_BYTES = 24;
export const COMMITMENT_BYTES = 32;
export const TAG_BYTES = 16;

const BLOCK = 16;
const HALF = 12; // of the nonce: one half derives the key, the other is GCM's nonce

/** @param key 32 bytes; not kept: only OpenSSL's key schedule of it is */
export const xaesKey = (key: Uint8Array): XaesKey => {
  const derive = deriver(key);
  return {
    encrypt: (target, at, { plaintext, associatedData, committing }) => {
      const derived = derive(target, at, committing);
      const cipher = createCipheriv("aes-256-gcm", derived.messageKey, derived.nonce).setAAD(associatedData);
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      let to = at + NONCE_BYTES;
      if (derived.commitment !== undefined) {
        target.set(derived.commitment, to);
        to += COMMITMENT_BYTES;
      }
      target.set(ciphertext, to);
      target.set(cipher.getAuthTag(), to + ciphertext.length);
    },
    decrypt: (source, at, { associatedData, committing }) => {
      const derived = derive(source, at, committing);
      let from = at + NONCE_BYTES;
      if (derived.commitment !== undefined) {
        if (!timingSafeEqual(derived.commitment, source.subarray(from, from + COMMITMENT_BYTES))) return undefined;
        from += COMMITMENT_BYTES;
      }
      const end = source.length - TAG_BYTES;
      const decipher = createDecipheriv("aes-256-gcm", derived.messageKey, derived.nonce).setAAD(associatedData);
      const plaintext = decipher.setAuthTag(source.subarray(end)).update(source.subarray(from, end));
      try {
        decipher.final();
        return plaintext;
      } catch {
        return undefined;
      }
    },
  };
};

interface Derived {
  readonly messageKey: Buffer;
  /** GCM's. Shared: good until the next message. */
  readonly nonce: Uint8Array;
  readonly commitment: Buffer | undefined;
}

/** The message's key and GCM nonce, and on demand its commitment: 32 bytes that only this key and nonce give. */
const deriver = (key: Uint8Array): ((source: Buffer, at: number, committing: boolean) => Derived) => {
  if (key.length !== 32) throw new TypeError("an XAES-256-GCM key has 32 bytes");
  // One AES object for the life of the key: making one a message would cost more than the message.
  const aes = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  const k1 = cmacSubkey(aes.update(Buffer.alloc(BLOCK)));
  return (source, at, committing) => {
    // 00 01 "X" 00 || N[:12] and 00 02 "X" 00 || N[:12], both XORed with K1; then "XCMT" || N[:12].
    for (let index = 0; index < 4; index += 1) {
      const mask = k1[index] ?? 0;
      three[index] = (LABELS[index] ?? 0) ^ mask;
      three[index + 16] = (LABELS[index + 4] ?? 0) ^ mask;
    }
    for (let index = 0; index < HALF; index += 1) {
      const byte = source[at + index] ?? 0;
      const masked = byte ^ (k1[index + 4] ?? 0);
      three[index + 4] = masked;
      three[index + 20] = masked;
      three[index + 36] = byte;
      nonce[index] = source[at + HALF + index] ?? 0;
    }
    if (!committing) return { messageKey: aes.update(two), nonce, commitment: undefined };
    const blocks = aes.update(three);
    // CMAC of "XCMT" || N[:12] || N[12:] || 00 01 00 i, for i = 1 and 2.
    for (let index = 0; index < BLOCK; index += 1) {
      const byte = index < HALF ? (nonce[index] ?? 0) : index === 13 ? 1 : 0;
      const mixed = (blocks[index + 32] ?? 0) ^ (k1[index] ?? 0) ^ byte;
      last[index] = mixed;
      last[index + 16] = mixed;
    }
    last[15] = (last[15] ?? 0) ^ 1;
    last[31] = (last[31] ?? 0) ^ 2;
    return { messageKey: blocks.subarray(0, 32), nonce, commitment: aes.update(last) };
  };
};

// Shared by all keys, since it is filled and used in one go: a key should be small, thousands are held.
const three = new Uint8Array(3 * BLOCK);
three.set(Buffer.from("XCMT"), 2 * BLOCK);
const two = three.subarray(0, 2 * BLOCK);
const last = new Uint8Array(2 * BLOCK);
const nonce = new Uint8Array(HALF);

const LABELS = Buffer.from("\0\x01X\0\0\x02X\0", "latin1");

/** CMAC's K1 (NIST SP 800-38B §6.1): L doubled in GF(2^128). */
const cmacSubkey = (l: Buffer): Buffer => {
  const k1 = Buffer.alloc(BLOCK);
  for (let index = 0; index < BLOCK; index += 1) k1[index] = ((l[index] ?? 0) << 1) | ((l[index + 1] ?? 0) >>> 7);
  k1[15] = (k1[15] ?? 0) ^ ((l[0] ?? 0) >>> 7 === 1 ? 0x87 : 0);
  return k1;
};
