import { readKept, writeKept } from "../kept.indexed-db.ts";

/**
 * Remembers which upload a file belongs to, so that the same file given again goes on where it stopped, also after the page
 * was closed. Neither content nor names: the key is a hash of both, the value the server's id of the upload.
 */
export interface UploadStore {
  readonly find: (fingerprint: string) => Promise<string | undefined>;
  /** Undefined forgets it. */
  readonly keep: (fingerprint: string, file: string | undefined) => Promise<void>;
}

export const indexedDbUploads = (): UploadStore => ({
  find: (fingerprint) => readKept<string>(`upload ${fingerprint}`),
  keep: (fingerprint, file) => writeKept(`upload ${fingerprint}`, file),
});

export const memoryUploads = (): UploadStore => {
  const kept = new Map<string, string>();
  return {
    find: (fingerprint) => Promise.resolve(kept.get(fingerprint)),
    keep: (fingerprint, file) =>
      Promise.resolve(void (file === undefined ? kept.delete(fingerprint) : kept.set(fingerprint, file))),
  };
};

export const defaultUploads = (): UploadStore =>
  typeof indexedDB === "undefined" ? memoryUploads() : indexedDbUploads();
