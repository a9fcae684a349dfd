import type { DocumentData } from "firebase-admin/firestore";
import type { Collection } from "../../kernel/data-map/map.js";

/** A document as it is stored, and the state it was seen in. */
export interface StoredDocument {
  readonly data: DocumentData;
  readonly revision: unknown;
}

export interface DocumentChange {
  /** Merged into the document, map by map. */
  readonly set: DocumentData;
  /** Fields that go, each from `_e` and `_b` too. */
  readonly remove: readonly string[];
  /** That `_e` and `_b` are all there is of them, in the place of what is stored. */
  readonly whole?: boolean;
}

export interface DocumentStore {
  read(path: string): Promise<StoredDocument | undefined>;
  /** One write, all of it or nothing; false when the document is no longer as it was `seen` (undefined: not there). */
  write(path: string, change: DocumentChange, seen: StoredDocument | undefined): Promise<boolean>;
  /** Documents of the collection whose blind index of `field` is one of `indexes`, by path. */
  findByIndex(query: IndexQuery): Promise<FoundDocument[]>;
}

export interface IndexQuery {
  readonly collection: Collection;
  readonly field: string;
  readonly indexes: readonly Uint8Array[];
  /** Only of this person, as far as a query can tell: others' documents may be among what is found. */
  readonly subject?: string;
  /** Path of the document after which the page begins. */
  readonly after?: string;
  readonly limit: number;
}

export interface FoundDocument {
  readonly path: string;
  readonly data: DocumentData;
}
