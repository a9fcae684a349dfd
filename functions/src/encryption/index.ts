import type { DocumentData } from "firebase-admin/firestore";
import { makeBlindIndex } from "./indexes/blind-index.js";
import type { KeyUse, Keys } from "./keys/data-keys.js";
import { deps } from "./deps.js";
import { destroySubjectKeys, subjectHasKeys } from "./keys/destroy-keys.js";
import { deriveKeyedHash } from "./indexes/keyed-hash.js";
import type { declaration } from "../data-map.js";
import { encryptedCollection, type EncryptedCollection } from "./documents/encrypted-collection.firestore.js";
import { noteOpened, openDocuments, openIn } from "./documents/open-documents.js";
import { isReading, readWith, type Reader, type Reading, type ReadingOptions } from "./documents/reader.js";
import { filesDeps } from "./files/deps.js";
import { listHeld, openHeld, type HeldFile, type OpenedHeldFile } from "./files/held-files.js";
import { openObject as openObjectBy, sealObject as sealObjectBy, type ObjectPlace } from "./files/seal-object.js";
import type { Chunks } from "./files/floe-stream.js";
import { openWithKeys, type OpenRequest } from "./tokens/open-document.js";
import { sealDocument, sealWithKeys, type SealRequest, type Values } from "./tokens/seal-document.js";
import { openSecretToken, sealSecretToken, type SecretPlace } from "./tokens/seal-secret.js";

export type { KeyUse, Keys } from "./keys/data-keys.js";
export type { EncryptedCollection } from "./documents/encrypted-collection.firestore.js";
export type { EncryptedQuery, Found } from "./documents/query.firestore.js";
export type { Reader, Reading, ReadingOptions } from "./documents/reader.js";
export type { WarmCollection } from "./documents/warm-collection.firestore.js";
export type { SealRequest, Values } from "./tokens/seal-document.js";
export type { SecretPlace } from "./tokens/seal-secret.js";
export type { HeldFile, OpenedHeldFile } from "./files/held-files.js";
export { encryptionError } from "./errors.js";

/**
 * The document as it is stored: plain fields as they are, tokens under `_e`, blind indexes under `_b`, `_ek` the lowest key
 * version used. Asks KMS at most once a class, and not at all when the keys are warm. Never call it inside a transaction.
 *
 * @throws encryption/field-unknown, -wrong-type, -sentinel (each naming the field), encryption/kms-unavailable
 */
export const seal = (request: SealRequest): Promise<DocumentData> => sealDocument(deps(), request);

/**
 * A collection of the data map, for admin code: values go in and come out as they are, ciphertext is what is stored
 * (docs/encryption.md). Typed by the data map in force.
 */
export const encrypted = <Name extends keyof Declared>(name: Name): EncryptedCollection<Declared[Name]> =>
  encryptedCollection<Declared[Name]>(deps, name);

type Declared = (typeof declaration)["collections"];

/**
 * The document's values, decrypted. That its RED fields were opened, by whom and why, is on record before they are returned, or
 * when the reading that it is part of ends. L4 fields stay closed.
 *
 * @throws encryption/reader-missing, -undecryptable, -key-missing, -kms-unavailable, audit/unavailable
 */
export const open = async ({ collection, path, data }: Opening, by: Reader | Reading): Promise<Values> => {
  const request = { collection, path, data };
  if (isReading(by)) return openIn(deps(), by, request);
  const [values = {}] = await openDocuments(deps(), [request], by);
  return values;
};

/**
 * Runs `read`, which may open many documents, without waiting too (`openSync`, converters of `encrypted`), and gives its result
 * when every opening is on record; when one cannot be recorded, nobody gets it.
 *
 * @throws encryption/reader-missing, audit/unavailable, and what `read` throws
 */
export const readAs = <Result>(
  reader: Reader,
  read: (reading: Reading) => Result | Promise<Result>,
  options?: ReadingOptions,
): Promise<Result> => readWith(deps(), reader, read, options);

/** A document as it is stored, and where: its collection's name in the data map, and a path such as `profiles/u1`. */
type Opening = Pick<OpenRequest, "collection" | "path" | "data">;

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

/** `open` without waiting, with keys from `warm`, as part of a reading. */
export const openSync = (keys: Keys, { collection, path, data }: Opening, reading: Reading): Values => {
  const request = { collection, path, data };
  return noteOpened(deps(), reading, request, openWithKeys(deps(), keys, request));
};

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

/** Somebody's files in an encrypted folder, and uploads under way, in the order of their ids: up to `limit` after `after`. */
export const heldFiles = (
  of: { readonly uid: string; readonly folder: string },
  page: { readonly after?: string; readonly limit: number },
): Promise<HeldFile[]> => listHeld(filesDeps(), of, page);

/**
 * One of them, decrypted as it is read. On record before it is given.
 *
 * @throws encryption/file-unknown, -undecryptable, -key-missing, -files-unavailable (the first three also while it is read)
 */
export const openHeldFile = (wanted: {
  readonly uid: string;
  readonly file: string;
  readonly reader: Reader;
}): Promise<OpenedHeldFile> => openHeld(filesDeps(), wanted);

/** Somebody's data as an object of the bucket, encrypted under their RED key while it is written: `openObject` is its inverse. */
export const sealObject = (place: ObjectPlace, source: Chunks): AsyncIterable<Buffer> =>
  sealObjectBy(deps(), place, source);

/** @throws encryption/undecryptable, encryption/key-missing while it is read, before anything of a wrong segment is given */
export const openObject = (place: ObjectPlace, source: Chunks): AsyncIterable<Buffer> =>
  openObjectBy(deps(), place, source);
