import type { DocumentData } from "firebase-admin/firestore";
import type { Collection } from "../../kernel/data-map/map.js";
import { matchPath } from "../../kernel/data-map/paths.js";

/** By which number a sweep finds documents: the lowest data-key version of a document's tokens, or its index root. */
export type Mark = "_ek" | "_bk";

export interface SweptDocument {
  readonly path: string;
  readonly data: DocumentData;
  /** State of the document as read. */
  readonly revision: unknown;
}

/** Where a page begins: after this number and path. */
export interface DocumentCursor {
  readonly at: number;
  readonly path: string;
}

/** All documents of a collection, wherever it is nested, in pages. Those of another template with the same group are left out. */
export interface SweepDocuments {
  /** Those whose mark is lower, lowest first. */
  below(
    collection: Collection,
    wanted: { mark: Mark; below: number; after?: DocumentCursor; limit: number },
  ): Promise<{ documents: SweptDocument[]; next?: DocumentCursor }>;
  /** Every one, by path. */
  all(
    collection: Collection,
    wanted: { after?: string; limit: number },
  ): Promise<{ documents: SweptDocument[]; next?: string }>;
  count(collection: Collection, wanted: { mark: Mark; below: number }): Promise<number>;
  read(path: string): Promise<SweptDocument | undefined>;
  /** Replaces these top-level fields; false when the document has changed since it was read, or is gone. */
  replace(document: SweptDocument, fields: DocumentData): Promise<boolean>;
}

/** A store of documents for tests and measurements, with the handles that they need. */
export const memorySweepDocuments = () => {
  const rows = new Map<string, SweptDocument>();
  let revision = 0;
  const put = (path: string, data: DocumentData): void =>
    void rows.set(path, { path, data, revision: (revision += 1) });
  const markOf = (row: SweptDocument, mark: Mark): number => {
    const value: unknown = row.data[mark];
    return typeof value === "number" ? value : Infinity;
  };
  const of = (collection: Collection) =>
    [...rows.values()].filter(({ path }) => matchPath(collection.path, path) !== undefined);
  const found = (collection: Collection, { mark, below }: { mark: Mark; below: number }) =>
    of(collection).filter((row) => markOf(row, mark) < below);
  // Sorted once a pass, not once a page: else a large store would cost more than what is measured on it.
  const passes = new Map<string, DocumentCursor[]>();
  const passOf = (collection: Collection, { mark, below }: { mark: Mark; below: number }, isNew: boolean) => {
    const name = JSON.stringify([collection.name, mark, below]);
    const known = isNew ? undefined : passes.get(name);
    if (known !== undefined) return known;
    const places = found(collection, { mark, below }).map((row) => ({ at: markOf(row, mark), path: row.path }));
    passes.set(name, places.sort(byPlace));
    return places;
  };
  const documents: SweepDocuments = {
    below: (collection, { mark, below, after, limit }) => {
      const pass = passOf(collection, { mark, below }, after === undefined);
      const from = after === undefined ? 0 : firstAfter(pass, after);
      const page = pass.slice(from, from + limit);
      const last = from + limit < pass.length ? page.at(-1) : undefined;
      const still = page.flatMap(({ path }) => rows.get(path) ?? []).filter((row) => markOf(row, mark) < below);
      return Promise.resolve({ documents: still, ...(last !== undefined && { next: last }) });
    },
    all: (collection, { after = "", limit }) => {
      const rest = of(collection)
        .sort((one, other) => byPlace({ at: 0, path: one.path }, { at: 0, path: other.path }))
        .filter(({ path }) => path > after);
      const page = rest.slice(0, limit);
      const last = rest.length > limit ? page.at(-1) : undefined;
      return Promise.resolve({ documents: page, ...(last !== undefined && { next: last.path }) });
    },
    count: (collection, wanted) => Promise.resolve(found(collection, wanted).length),
    read: (path) => Promise.resolve(rows.get(path)),
    replace: (document, fields) => {
      const stored = rows.get(document.path);
      if (stored === undefined || stored.revision !== document.revision) return Promise.resolve(false);
      put(document.path, { ...stored.data, ...fields });
      return Promise.resolve(true);
    },
  };
  return { documents, put, remove: (path: string) => void rows.delete(path), rows };
};

const firstAfter = (pass: readonly DocumentCursor[], after: DocumentCursor): number => {
  let [low, high] = [0, pass.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = pass[middle];
    if (place !== undefined && byPlace(place, after) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
};

const byPlace = (one: DocumentCursor, other: DocumentCursor): number =>
  one.at - other.at || (one.path < other.path ? -1 : Number(one.path > other.path));
