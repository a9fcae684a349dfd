import { encryptionError } from "../errors.js";
import type { FillRandom } from "./random-pool.js";
import { COMMITMENT_BYTES, NONCE_BYTES, TAG_BYTES, type XaesKey } from "./xaes.js";

/** 1: XAES-256-GCM. 2: KC-XAES-256-GCM, which commits to its key. */
export type TokenVersion = 1 | 2;

export const HEADER_BYTES = 5;

/** What a token adds to its plaintext: 45 bytes, or 77 with commitment. */
export const overheadOf = (version: TokenVersion): number =>
  HEADER_BYTES + NONCE_BYTES + (version === 2 ? COMMITMENT_BYTES : 0) + TAG_BYTES;

/** `version (1) || key id (4, big-endian)`: the first bytes of a token and of its associated data. */
export const writeHeader = (target: Uint8Array, version: TokenVersion, keyId: number): void => {
  target[0] = version;
  target[1] = keyId >>> 24;
  target[2] = keyId >>> 16;
  target[3] = keyId >>> 8;
  target[4] = keyId;
};

/** The header of a token, unauthenticated: enough to fetch the key. @throws encryption/undecryptable when it is no token */
export const readHeader = (token: Buffer): { version: TokenVersion; keyId: number } => {
  const version = token[0];
  if ((version !== 1 && version !== 2) || token.length < overheadOf(version)) throw encryptionError("undecryptable");
  return { version, keyId: token.readUInt32BE(1) };
};

/**
 * Layout: `version (1) || key id (4, big-endian) || nonce (24) || commitment (32, version 2 only) || ciphertext || tag (16)`.
 *
 * @param associatedData starts with the token's own header (`writeHeader`), so that no byte of the token is left unbound
 */
export const sealToken = (
  deps: { fillRandom: FillRandom },
  key: { readonly id: number; readonly xaes: XaesKey },
  {
    version,
    plaintext,
    associatedData,
  }: { version: TokenVersion; plaintext: Uint8Array | string; associatedData: Uint8Array },
): Buffer => {
  deps.fillRandom(nonce, 0, NONCE_BYTES);
  const committing = version === 2;
  const token = key.xaes.encrypt(plaintext, { nonce, headroom: HEADER_BYTES, associatedData, committing });
  writeHeader(token, version, key.id);
  return token;
};

const nonce = new Uint8Array(NONCE_BYTES); // filled anew for each token

/** The plaintext, or undefined when token, key and associated data do not belong together. */
export const openToken = (
  key: XaesKey,
  version: TokenVersion,
  token: Buffer,
  associatedData: Uint8Array,
): Buffer | undefined => key.decrypt(token, { headroom: HEADER_BYTES, associatedData, committing: version === 2 });
