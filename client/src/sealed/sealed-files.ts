import { fromBase64url, toBase64url } from "../base64url.ts";
import { utf8 } from "../bytes.ts";
import type { FileEntry, FilePlace, Files, UploadOptions } from "../files/index.ts";
import { commitmentOf } from "./file-key.ts";
import type { MasterKey } from "./master-key.ts";
import type { Place } from "./place.ts";
import { openFile, rewrapFile, sealFile } from "./sealed-file.ts";
import { openText, sealText } from "./text.ts";

/** A file that only its owner can open, as its owner sees it. */
export interface SealedEntry {
  readonly file: string;
  readonly name: string;
  /** Of what is stored, bytes: a little longer than the content. */
  readonly size: number;
  readonly at: number;
}

/**
 * A person's sealed files in a folder of the data map whose `contentTypes` has `application/octet-stream`. Their names are
 * sealed, too. The server, who encrypts all of it once more, learns sizes and times.
 */
export interface SealedFiles {
  /** An upload goes on over failures of the network; after a reload it begins anew, since it is sealed afresh. */
  readonly upload: (file: { name: string; content: Blob }, options?: SealedUploadOptions) => Promise<{ file: string }>;
  /** The latest first. @throws FirekeepError `client/sealed-key-wrong` when they belong to another master key */
  readonly list: (page?: { after?: string; limit?: number }) => Promise<{ files: SealedEntry[]; next?: string }>;
  /** The content, opened here. Complete and right, or an error through the stream. */
  readonly download: (entry: SealedEntry, signal?: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  readonly remove: (entry: SealedEntry) => Promise<boolean>;
  /**
   * Goes over to a new master key: a copy with the key wrapped anew replaces the file, whose content is fetched and sent again
   * but not opened. Answers the copy.
   */
  readonly rewrap: (entry: SealedEntry, to: MasterKey) => Promise<{ file: string }>;
}

export type SealedUploadOptions = Pick<UploadOptions, "onProgress" | "signal">;

export const sealedFiles = (
  { files, master, owner }: { readonly files: Files; readonly master: MasterKey; readonly owner: string },
  folder: FilePlace,
): SealedFiles => {
  const placeOf = (name: string): Place => ({ purpose: folder.folder, owner, name });
  const nameSealed = async (by: MasterKey, name: string): Promise<string> =>
    toBase64url(await sealText(by, name, namePlace(folder.folder, owner)));
  const entryOf = async ({ file, name = "", size, at }: FileEntry): Promise<SealedEntry> => {
    const opened = await openText(master, fromBase64url(name), namePlace(folder.folder, owner));
    return { file, name: opened, size, at };
  };
  const send = (content: { size: number; stream: ReadableStream<Uint8Array> }, options: UploadOptions) =>
    files.upload(folder, content, { ...options, contentType: "application/octet-stream" });
  return {
    upload: async ({ name: given, content }, options) => {
      const name = shortened(given);
      const sealed = await sealFile(master, { content, place: placeOf(name) });
      return send(sealed, { ...options, name: await nameSealed(master, name) });
    },
    list: async (page) => {
      const { files: entries, next } = await files.list(folder, page);
      return { files: await Promise.all(entries.map(entryOf)), ...(next !== undefined && { next }) };
    },
    download: async ({ file, name }, signal) => {
      const { stream } = await files.download(file, signal === undefined ? {} : { signal });
      return openFile(master, { stream, place: placeOf(name) });
    },
    remove: ({ file }) => files.remove(file),
    rewrap: async ({ file, name }, to) => {
      const { stream, size } = await files.download(file);
      const copy = await rewrapFile({ from: master, to }, { stream, place: placeOf(name) });
      const sent = await send({ size, stream: copy }, { name: await nameSealed(to, name) });
      await files.remove(file);
      return sent;
    },
  };
};

/** Which master key a sealed file of a listing needs: what a recovery key is checked against before anything is opened. */
export const commitmentOfEntry = ({ name = "" }: FileEntry): Uint8Array => commitmentOf(fromBase64url(name));

const namePlace = (purpose: string, owner: string): Place => ({ purpose: `${purpose} name`, owner, name: "" });

/** Sealed names have room for 63 bytes of UTF-8; the ending is kept. */
const shortened = (name: string): string => {
  const [, stem = "", ending = ""] = /^(.*?)(\.[^.]{1,10})?$/s.exec(name) ?? [];
  let characters = Array.from(stem);
  while (utf8(characters.join("") + ending).length > LONGEST_NAME) characters = characters.slice(0, -1);
  return characters.join("") + ending;
};

const LONGEST_NAME = 63;
