import type { DocumentData } from "firebase-admin/firestore";
import { makeBlindIndex } from "./indexes/blind-index.js";
import type { KeyUse, Keys } from "./keys/data-keys.js";
import { deps } from "./deps.js";
import { destroySubjectKeys, subjectHasKeys } from "./keys/destroy-keys.js";
import { deriveKeyedHash } from "./indexes/keyed-hash.js";
import { openDocument, openWithKeys, type OpenRequest } from "./tokens/open-document.js";
import { sealDocument, sealWithKeys, type SealRequest, type Values } from "./tokens/seal-document.js";
import { openSecretToken, sealSecretToken, type SecretPlace } from "./tokens/seal-secret.js";

export type { KeyUse, Keys } from "./keys/data-keys.js";
export type { OpenRequest } from "./tokens/open-document.js";
export type { SealRequest, Values } from "./tokens/seal-document.js";
export type { SecretPlace } from "./tokens/seal-secret.js";
export { encryptionError } from "./errors.js";

/**
 * The document as it is stored: plain fields as they are, tokens under `_e`, blind indexes under `_b`, `_ek` the lowest key
 * version used. Asks KMS at most once a class, and not at all when the keys are warm. Never call it inside a transaction.
 *
 * @throws encryption/field-unknown, -wrong-type, -sentinel (each naming the field), encryption/kms-unavailable
 */
export const seal = (request: SealRequest): Promise<DocumentData> => sealDocument(deps(), request);

/** The document's values, decrypted. @throws encryption/undecryptable, encryption/key-missing, encryption/kms-unavailable */
export const open = (request: OpenRequest): Promise<Values> => openDocument(deps(), request);

/**
 * Gets the data keys of these subjects and classes into memory, for `sealSync` and `openSync`; makes those that are missing.
 * The root of the blind indexes comes along.
 */
export const warm = async (uses: readonly KeyUse[]): Promise<Keys> => {
  const { dataKeys, indexRoot } = deps();
  const [keys] = await Promise.all([dataKeys.warm(uses, { create: true }), indexRoot.warm()]);
  return keys;
};

/** `seal` without waiting, with keys from `warm`: for converters and inside transactions. */
export const sealSync = (keys: Keys, request: SealRequest): DocumentData => sealWithKeys(deps(), keys, request);

/** `open` without waiting, with keys from `warm`. */
export const openSync = (keys: Keys, request: OpenRequest): Values => openWithKeys(deps(), keys, request);

/**
 * A RED, key-committing token of a secret that is no document field (a TOTP seed, a webhook secret). `label` names its use,
 * `subject` is an account id or `system:<name>`; both are bound into the token.
 */
export const sealSecret = (secret: SecretPlace & { readonly secret: Uint8Array }): Promise<Uint8Array> =>
  sealSecretToken(deps(), secret);

/** The secret. @throws encryption/undecryptable when token, label and subject do not belong together */
export const openSecret = (place: SecretPlace & { readonly token: Uint8Array }): Promise<Uint8Array> =>
  openSecretToken(deps(), place);

/** HMAC-SHA-256, 32 bytes, under a key of its own for this label (HKDF of a root that KMS wraps). */
export const keyedHash = (label: string, value: string | Uint8Array): Promise<Uint8Array> =>
  deriveKeyedHash(deps(), label, value);

/** What to look for in `_b.<field>` (16 bytes each): more than one while index keys rotate. */
export const blindIndex = (collection: string, field: string, value: string): Promise<Uint8Array[]> =>
  makeBlindIndex(deps(), { collection, field, value });

/** Destroys every wrapped data key of a subject: what was encrypted under them is gone. Cached copies live for `config.keys.cacheMs`. */
export const destroyKeys = (subject: string): Promise<{ destroyed: number }> => destroySubjectKeys(deps(), subject);

export const hasKeys = (subject: string): Promise<boolean> => subjectHasKeys(deps(), subject);
