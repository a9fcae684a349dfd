import type { DocumentData } from "firebase-admin/firestore";
import type { EpochMs } from "../../kernel/time.js";

/** A part of a file as it lies in the bucket. */
export interface StoredPart {
  /** Name of the object. */
  readonly object: string;
  /** Keyed hash of the plaintext: tells a repeated part from another one, and nothing to anybody else. */
  readonly mark: Uint8Array;
}

/**
 * `storedFiles/{file}`: a file of an encrypted folder, or an upload under way. What its owner named it, its type and its key
 * lie in `_e`, under the owner's data key.
 */
export interface StoredFile extends DocumentData {
  readonly uid: string;
  /** Name of the folder in the data map. */
  readonly folder: string;
  /** The folder's prefix, filled in: `attachments/u1/`. */
  readonly place: string;
  /** `open`: parts arrive. `stored`: whole, and there for its owner. `going`: out of sight, its objects are being deleted. */
  readonly state: "open" | "stored" | "going";
  /** Of the plaintext, bytes. */
  readonly size: number;
  /** Of the plaintext of every part but the last. */
  readonly partBytes: number;
  /** FLOE's header; the length of its segments is in it. */
  readonly header: Uint8Array;
  /** By number. */
  readonly parts: Readonly<Record<string, StoredPart>>;
  readonly at: EpochMs;
  readonly storedAt?: EpochMs;
  /** From when on the sweep takes it: an upload that nobody finished, or a file whose time is over. */
  readonly endsAt?: EpochMs;
}

/** A file as it was read; a change made on the strength of it fails when the file has moved on. */
export interface SeenFile {
  readonly file: string;
  readonly row: StoredFile;
  readonly revision: unknown;
}

export type FileChange =
  | { readonly part: readonly [number: number, part: StoredPart] }
  | { readonly state: "stored"; readonly storedAt: EpochMs; readonly endsAt: EpochMs | undefined }
  | { readonly state: "going"; readonly endsAt: EpochMs };

export interface StoredFileStore {
  create(file: string, row: StoredFile): Promise<void>;
  find(file: string): Promise<SeenFile | undefined>;
  /** False when the file is no longer as it was seen. */
  change(seen: SeenFile, change: FileChange): Promise<boolean>;
  remove(file: string): Promise<void>;
  /** Uploads of the account that are under way. */
  countOpen(uid: string): Promise<number>;
  /** Stored files of one place, newest first; `after` is the last one of the page before. */
  list(of: { uid: string; place: string }, page: { after?: FilePlace; limit: number }): Promise<SeenFile[]>;
  /** The account's files of a folder in any state, by id. */
  page(of: { uid: string; folder: string }, page: { after?: string; limit: number }): Promise<SeenFile[]>;
  /** Files whose `endsAt` has come, the longest due first. */
  due(now: EpochMs, limit: number): Promise<SeenFile[]>;
}

/** Where a file stands in a list. */
export interface FilePlace {
  readonly storedAt: EpochMs;
  readonly file: string;
}

/** Numbers of the parts that have arrived, lowest first. */
export const arrivedParts = ({ parts }: StoredFile): number[] =>
  Object.keys(parts)
    .map(Number)
    .sort((a, b) => a - b);

/** Under this prefix all objects of a file lie, and no others. */
export const objectPrefix = ({ place }: Pick<StoredFile, "place">, file: string): string => `${place}${file}/`;
