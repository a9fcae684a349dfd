import { createHmac } from "node:crypto";
import { encodeTuple } from "../../kernel/bytes.js";
import type { Folder } from "../../kernel/data-map/map.js";
import { encryptionError } from "../errors.js";
import { openDocument, type OpenDeps } from "../tokens/open-document.js";
import { fileLayout, type FileLayout } from "./file-layout.js";
import { SEGMENT_OVERHEAD, type FloeStart } from "./floe.js";
import { folderValues } from "./own-folder.js";
import type { SeenFile, StoredFile } from "./stored-file.js";

/** The collection whose documents hold each file's key, name and type. */
export const STORED_FILES = "storedFiles";

/** What only the owner's data key opens. */
export interface FileSecrets {
  /** 32 bytes, of this file alone: turning over the owner's data key makes its token anew, and no byte of the file. */
  readonly contentKey: Uint8Array;
  readonly contentType: string;
  readonly name?: string;
}

/** @throws encryption/undecryptable, encryption/key-missing, encryption/kms-unavailable, encryption/keys-unavailable */
export const openSecrets = async (deps: OpenDeps, { file, row }: SeenFile): Promise<FileSecrets> => {
  const opened = await openDocument(deps, { collection: STORED_FILES, path: `${STORED_FILES}/${file}`, data: row });
  const { contentKey, contentType, name } = opened;
  // Rows come from a database that others can write: what is not sealed as it should be is not taken.
  const sealed = row["_e"] as Readonly<Record<string, unknown>> | undefined;
  if (!(contentKey instanceof Uint8Array) || typeof contentType !== "string") throw encryptionError("undecryptable");
  if (sealed?.["contentKey"] === undefined || sealed["contentType"] === undefined)
    throw encryptionError("undecryptable");
  return { contentKey, contentType, ...(typeof name === "string" && sealed["name"] !== undefined && { name }) };
};

/**
 * What binds a file's bytes to their place: tuple of `"file1"`, class, folder template, tuple of the path's values, file id,
 * `"user:" + owner`, size. Bucket and project are left out, so that a restored copy can be read.
 */
export const fileBinding = (
  folder: Pick<Folder, "class" | "folder">,
  { file, uid, place, size }: { file: string } & Pick<StoredFile, "uid" | "place" | "size">,
): Buffer => {
  const values = encodeTuple(folderValues(folder, place));
  return encodeTuple(["file1", folder.class, folder.folder, values, file, `user:${uid}`, String(size)]);
};

/** How a stored file is cut, and where its ciphertext begins. */
export const floeOf = (folder: Folder, { file, row }: SeenFile): { layout: FileLayout; start: FloeStart } => {
  const header = Buffer.from(row.header);
  if (header.length < PARAMS) throw encryptionError("undecryptable");
  const segmentBytes = header.readUInt32BE(2) - SEGMENT_OVERHEAD;
  if (segmentBytes <= 0 || row.partBytes % segmentBytes !== 0) throw encryptionError("undecryptable");
  const layout = fileLayout(row.size, { segmentBytes, partBytes: row.partBytes });
  return { layout, start: { header, associatedData: fileBinding(folder, { file, ...row }), params: layout.params } };
};

const PARAMS = 10;

/** What tells a part that is sent once more from another one: HMAC-SHA-256 under the file's key, cut to 16 bytes. */
export const partMark = (contentKey: Uint8Array, part: number, digest: Uint8Array): Buffer =>
  createHmac("sha256", contentKey)
    .update(encodeTuple(["part1", String(part), digest]))
    .digest()
    .subarray(0, 16);
