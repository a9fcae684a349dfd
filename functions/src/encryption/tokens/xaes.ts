import { createCipheriv, createDecipheriv } from "node:crypto";
import { cmacSubkey } from "./cmac-subkey.js";

/**
 * XAES-256-GCM (C2SP XAES-256-GCM v1.0.1) and its key-committing form KC-XAES-256-GCM (IACR ePrint 2025/758) under one key:
 * a 24-byte random nonce, of which 12 bytes derive the AES-256-GCM key of the message. 2^80 messages a key.
 *
 * A message is `headroom || nonce (24) || [commitment (32)] || ciphertext || tag (16)`. The headroom is the caller's.
 */
export interface XaesKey {
  /** The message, but for its headroom, whose bytes are anything. Text is taken as UTF-8 and must be well-formed. */
  encrypt(
    plaintext: Uint8Array | string,
    options: { nonce: Uint8Array; headroom: number; associatedData: Uint8Array; committing: boolean },
  ): Buffer;
  /** The plaintext, or undefined when anything was altered; with `committing`, also when another key was committed to. */
  decrypt(
    message: Buffer,
    options: { headroom: number; associatedData: Uint8Array; committing: boolean },
  ): Buffer | undefined;
}

export const NONCE_BYTES = 24;
export const COMMITMENT_BYTES = 32;
export const TAG_BYTES = 16;

const BLOCK = 16;
const HALF = NONCE_BYTES / 2; // one half derives the key, the other is GCM's nonce

/** @param key 32 bytes; not kept: only OpenSSL's key schedule of it is */
export const xaesKey = (key: Uint8Array): XaesKey => {
  const { derive, commit } = deriver(key);
  return {
    encrypt: (plaintext, { nonce, headroom, associatedData, committing }) => {
      derive(nonce, 0, committing);
      const cipher = createCipheriv("aes-256-gcm", messageKey, gcmNonce).setAAD(associatedData);
      const ciphertext = typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext);
      cipher.final();
      const from = headroom + NONCE_BYTES + (committing ? COMMITMENT_BYTES : 0);
      const message = Buffer.allocUnsafe(from + ciphertext.length + TAG_BYTES);
      message.set(nonce, headroom);
      if (committing) message.set(commit(), headroom + NONCE_BYTES);
      message.set(ciphertext, from);
      message.set(cipher.getAuthTag(), from + ciphertext.length);
      return message;
    },
    decrypt: (message, { headroom, associatedData, committing }) => {
      derive(message, headroom, committing);
      let from = headroom + NONCE_BYTES;
      if (committing) {
        if (!isAt(message, from, commit())) return undefined;
        from += COMMITMENT_BYTES;
      }
      const end = message.length - TAG_BYTES;
      message.copy(tag, 0, end);
      const decipher = createDecipheriv("aes-256-gcm", messageKey, gcmNonce).setAAD(associatedData).setAuthTag(tag);
      const plaintext = decipher.update(message.subarray(from, end));
      try {
        decipher.final();
        return plaintext;
      } catch {
        return undefined;
      }
    },
  };
};

/** Whether these bytes stand there; takes as long whether they do or not. */
const isAt = (message: Buffer, at: number, bytes: Buffer): boolean => {
  let difference = 0;
  for (let index = 0; index < bytes.length; index += 1) difference |= (bytes[index] ?? 0) ^ (message[at + index] ?? 0);
  return difference === 0;
};

interface Deriver {
  /** Fills `messageKey` and `gcmNonce`; with `committing` also what `commit` needs. */
  readonly derive: (source: Uint8Array, at: number, committing: boolean) => void;
  /** The commitment: 32 bytes that only this key and the nonce of the last `derive` give. */
  readonly commit: () => Buffer;
}

const deriver = (key: Uint8Array): Deriver => {
  if (key.length !== 32) throw new TypeError("an XAES-256-GCM key has 32 bytes");
  // One AES object for the life of the key: making one a message would cost more than the message.
  const aes = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  const [a, b, c, d] = words(cmacSubkey(aes.update(Buffer.alloc(BLOCK))));
  return {
    derive: (source, at, committing) => {
      for (let index = 0; index < NONCE_BYTES; index += 1) nonceBytes[index] = source[at + index] ?? 0;
      const [n0, n1, n2] = [nonce[0] ?? 0, nonce[1] ?? 0, nonce[2] ?? 0];
      // 00 01 "X" 00 || N[:12] and 00 02 "X" 00 || N[:12], both XORed with K1; then "XCMT" || N[:12].
      fill(input, 0, LABEL_1 ^ a, n0 ^ b, n1 ^ c, n2 ^ d);
      fill(input, 4, LABEL_2 ^ a, n0 ^ b, n1 ^ c, n2 ^ d);
      if (!committing) return void output.set(aes.update(twoBlocks));
      fill(input, 8, LABEL_C, n0, n1, n2);
      output.set(aes.update(threeBlocks));
      // The last blocks of CMAC over "XCMT" || N[:12] || N[12:] || 00 01 00 i, for i = 1 and 2: one block came before.
      const x0 = (chained[0] ?? 0) ^ a ^ (nonce[3] ?? 0);
      const x1 = (chained[1] ?? 0) ^ b ^ (nonce[4] ?? 0);
      const x2 = (chained[2] ?? 0) ^ c ^ (nonce[5] ?? 0);
      const x3 = (chained[3] ?? 0) ^ d;
      fill(last, 0, x0, x1, x2, x3 ^ END_1);
      fill(last, 4, x0, x1, x2, x3 ^ END_2);
    },
    commit: () => aes.update(lastBlocks),
  };
};

const fill = (target: Uint32Array, at: number, w0: number, w1: number, w2: number, w3: number): void => {
  target[at] = w0;
  target[at + 1] = w1;
  target[at + 2] = w2;
  target[at + 3] = w3;
};

/** Four 32-bit words in the machine's own order: they are only XORed, and go back as they came. */
const words = (block: Uint8Array): [number, number, number, number] => {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = new Uint32Array(Uint8Array.from(block).buffer);
  return [w0, w1, w2, w3];
};

const [LABEL_1, LABEL_2, LABEL_C] = words(Buffer.from("\0\x01X\0\0\x02X\0XCMT\0\0\0\0", "latin1"));
const [END_1, END_2] = words(Buffer.from([0, 1, 0, 1, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]));

// Shared by all keys, since they are filled and used in one go: a key should be small, thousands are held.
const nonce = new Uint32Array(NONCE_BYTES / 4);
const nonceBytes = new Uint8Array(nonce.buffer);
const gcmNonce = nonceBytes.subarray(HALF);
const input = new Uint32Array((3 * BLOCK) / 4);
const threeBlocks = new Uint8Array(input.buffer);
const twoBlocks = threeBlocks.subarray(0, 2 * BLOCK);
const output = new Uint8Array(3 * BLOCK);
const messageKey = output.subarray(0, 2 * BLOCK);
const chained = new Uint32Array(output.buffer, 2 * BLOCK, BLOCK / 4);
const last = new Uint32Array((2 * BLOCK) / 4);
const lastBlocks = new Uint8Array(last.buffer);
const tag = Buffer.alloc(TAG_BYTES);
