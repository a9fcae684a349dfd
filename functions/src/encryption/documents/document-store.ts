import type { DocumentData } from "firebase-admin/firestore";

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
}

export interface DocumentStore {
  read(path: string): Promise<StoredDocument | undefined>;
  /** One write, all of it or nothing; false when the document is no longer as it was `seen` (undefined: not there). */
  write(path: string, change: DocumentChange, seen: StoredDocument | undefined): Promise<boolean>;
  /** Documents of the template's collection whose blind index of `field` is one of `indexes`. */
  findByIndex(query: {
    readonly template: string;
    readonly group: string;
    readonly field: string;
    readonly indexes: readonly Uint8Array[];
    readonly limit: number;
  }): Promise<{ path: string; data: DocumentData }[]>;
}
