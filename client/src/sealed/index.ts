export { createMasterKey, recoverMasterKey, type MasterKey, type NewMasterKey } from "./master-key.ts";
export { indexedDbKeyStore, memoryKeyStore, type SealedKeyStore } from "./key-store.ts";
export { openText, sealText } from "./text.ts";
export { openFile, openFileReader, rewrapFile, sealFile, type SealedFile } from "./sealed-file.ts";
export { commitmentOf, ENVELOPE_BYTES } from "./file-key.ts";
export { lockWithPasskey, openPasskeyLock } from "./passkey-lock.ts";
export type { SealedReader } from "./floe-stream.ts";
export type { Place } from "./place.ts";
export {
  commitmentOfEntry,
  sealedFiles,
  type SealedEntry,
  type SealedFiles,
  type SealedUploadOptions,
} from "./sealed-files.ts";
