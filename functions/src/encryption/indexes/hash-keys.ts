import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** Keys derived from one root, each for one use. */
export interface HashKeys {
  /** HMAC-SHA-256, 32 bytes, under HKDF-SHA-256(root, info). `info` is an encoded tuple, as latin1 text. */
  hash(info: string, value: string | Uint8Array): Buffer;
}

/** @param root 32 bytes; wiped here */
export const hashKeys = (root: Uint8Array): HashKeys => {
  const rootKey = createSecretKey(root);
  root.fill(0);
  const derived = new Map<string, KeyObject>();
  const keyOf = (info: string): KeyObject => {
    const known = derived.get(info);
    if (known !== undefined) return known;
    const key = createSecretKey(Buffer.from(hkdfSync("sha256", rootKey, NO_SALT, Buffer.from(info, "latin1"), 32)));
    derived.set(info, key);
    if (derived.size > ENTRIES) derived.delete(derived.keys().next().value ?? info);
    return key;
  };
  return { hash: (info, value) => createHmac("sha256", keyOf(info)).update(value).digest() };
};

const NO_SALT = Buffer.alloc(0); // RFC 5869 §3.1: the root is uniform already
const ENTRIES = 1_000;
