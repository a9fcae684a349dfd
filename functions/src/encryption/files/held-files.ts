import { encryptionError } from "../errors.js";
import type { Reader } from "../documents/reader.js";
import { openSecrets } from "./file-key.js";
import type { FilesDeps } from "./files-deps.js";
import { folderNamed } from "./own-folder.js";
import { readFile } from "./read-file.js";

/** A file that is held for somebody, before it is opened. */
export interface HeldFile {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** When it was begun, epoch milliseconds. */
  readonly at: number;
  /** False for an upload under way, which has no content to give yet. */
  readonly finished: boolean;
}

export interface OpenedHeldFile {
  readonly contentType: string;
  readonly name?: string;
  /** Segment by segment, each verified; absent while the upload is under way. */
  readonly content?: AsyncIterable<Buffer>;
}

/** Somebody's files in an encrypted folder, in the order of their ids, for exports. */
export const listHeld = async (
  { storedFiles }: Pick<FilesDeps, "storedFiles">,
  of: { readonly uid: string; readonly folder: string },
  page: { readonly after?: string; readonly limit: number },
): Promise<HeldFile[]> => {
  for (let { after } = page; ;) {
    const found = await storedFiles.page(of, { limit: page.limit, ...(after !== undefined && { after }) });
    const there = found.filter(({ row }) => row.state !== "going");
    after = found.at(-1)?.file;
    if (there.length > 0 || found.length < page.limit)
      return there.map(({ file, row: { size, at, state } }) => ({ file, size, at, finished: state === "stored" }));
  }
};

/** A file of this person, opened by whom and for what: on record before anything of it is given. @throws encryption/file-unknown */
export const openHeld = async (
  deps: FilesDeps,
  { uid, file, reader }: { readonly uid: string; readonly file: string; readonly reader: Reader },
): Promise<OpenedHeldFile> => {
  const seen = await deps.storedFiles.find(file);
  if (seen?.row.uid !== uid || seen.row.state === "going") throw encryptionError("file-unknown");
  const folder = folderNamed(deps.dataMap(), seen.row.folder);
  const { contentKey, contentType, name } = await openSecrets(deps, seen);
  const fields = ["content", "name"];
  const { purpose, legalBasis, name: collection } = folder;
  await deps.recordAccess({ purpose, legalBasis, ...reader, subject: uid, collection, fields, action: "read" });
  const finished = seen.row.state === "stored";
  const range = { start: 0, end: seen.row.size };
  return {
    contentType,
    ...(name !== undefined && { name }),
    ...(finished && { content: readFile(deps, { folder, seen, contentKey }, range) }),
  };
};
