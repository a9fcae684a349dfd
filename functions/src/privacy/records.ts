import type { Collection } from "../kernel/data-map/map.js";
import type { Change } from "./erase-document.js";

export interface SubjectDocument {
  readonly path: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** State of the document as read; a change made on the strength of it fails when the document has moved on. */
  readonly version: unknown;
}

export interface DocumentChange {
  readonly path: string;
  readonly version: unknown;
  readonly change: Change;
}

/** The documents about one person, wherever the data map says they are. */
export interface SubjectRecords {
  /**
   * Documents in the order of their paths, after `after`. A page may be empty and have a next one: then what was read was
   * not about this person.
   *
   * @returns `next`: where the next page starts; absent after the last
   */
  page(
    collection: Collection,
    uid: string,
    page: { after?: string; limit: number },
  ): Promise<{ documents: SubjectDocument[]; next?: string }>;
  /** Applies changes in a database other than the default one, where the job's own commit does not reach. */
  change(collection: Collection, changes: readonly DocumentChange[]): Promise<void>;
  /** Paths of documents whose blind index of the field has this value, whoever they are about. */
  findByIndex(collection: Collection, field: string, value: Uint8Array): Promise<SubjectDocument[]>;
}
