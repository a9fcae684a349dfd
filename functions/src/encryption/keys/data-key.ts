import { xaesKey, type XaesKey } from "../tokens/xaes.js";

/** An unwrapped data key, ready to use. The key bytes themselves are gone: only OpenSSL's key schedule is left. */
export interface DataKey {
  /** Version per subject and class; the token's key id. */
  readonly id: number;
  readonly xaes: XaesKey;
  /** Tokens sealed and opened so far. */
  uses: number;
}

/** @param bytes 32 bytes, wiped here */
export const dataKey = (id: number, bytes: Uint8Array): DataKey => {
  const xaes = xaesKey(bytes);
  bytes.fill(0);
  return { id, xaes, uses: 0 };
};
