import type { DocumentData } from "firebase-admin/firestore";
import type { Collection, DataMap } from "../../kernel/data-map/map.js";
import type { IndexRoot } from "../indexes/index-root.js";
import type { OpenDeps } from "../tokens/open-document.js";
import type { Job } from "./job.js";
import { reindexDocument } from "./reindex-document.js";
import { resealDocument, type ResealDeps } from "./reseal-document.js";
import { secretParts } from "./reseal-secrets.js";
import type { Item, Part, Sweep } from "./sweep.js";
import type { DocumentCursor, Mark, SweepDocuments, SweptDocument } from "./sweep-documents.js";

/** Every token of an older epoch: fields, and the secrets that Firekeep seals for itself. */
export const resealSweep = (deps: ResealDeps & { readonly documents: SweepDocuments }): Sweep => ({
  parts: (job) => {
    const epoch = targetOf(job, "epoch");
    const fields = encryptedCollections(deps.dataMap()).map((collection) =>
      documentPart(deps.documents, collection, { mark: "_ek", below: epoch }, ({ path, data }) =>
        resealDocument(deps, { collection: collection.name, path, data, epoch }),
      ),
    );
    return Promise.resolve([...fields, ...secretParts(deps, epoch)]);
  },
});

export const reindexSweep = (
  deps: OpenDeps & { readonly indexRoot: IndexRoot; readonly documents: SweepDocuments },
): Sweep => ({
  parts: (job) => {
    const root = targetOf(job, "root");
    const parts = indexedCollections(deps.dataMap()).map((collection) =>
      documentPart(deps.documents, collection, { mark: "_bk", below: root }, ({ path, data }) =>
        reindexDocument(deps, { collection: collection.name, path, data, root }),
      ),
    );
    return Promise.resolve(parts);
  },
});

/** The app's and Firekeep's own, nested ones too. */
export const encryptedCollections = (map: DataMap): Collection[] =>
  map.collections.filter(({ encrypted, database }) => encrypted.length > 0 && database === undefined);

export const indexedCollections = (map: DataMap): Collection[] =>
  encryptedCollections(map).filter(({ encrypted }) => encrypted.some(({ lookup }) => lookup !== undefined));

export const targetOf = ({ targets }: Job, name: string): number => {
  const target = targets[name];
  if (target === undefined) throw new TypeError(`the job has no target ${name}`);
  return target;
};

const documentPart = (
  documents: SweepDocuments,
  collection: Collection,
  wanted: { mark: Mark; below: number },
  remake: (document: SweptDocument) => Promise<DocumentData | undefined>,
): Part => ({
  name: collection.name,
  count: () => documents.count(collection, wanted),
  page: async (cursor, limit) => {
    const after = cursor === "" ? {} : { after: JSON.parse(cursor) as DocumentCursor };
    const page = await documents.below(collection, { ...wanted, ...after, limit });
    return {
      items: page.documents.map((document) => itemOf(documents, document, wanted, remake)),
      ...(page.next !== undefined && { next: JSON.stringify(page.next) }),
    };
  },
});

/** Whoever writes the document meanwhile wins: then it is read once more, and what they wrote is worked on. */
export const itemOf = (
  documents: SweepDocuments,
  first: SweptDocument,
  wanted: { mark: Mark; below: number } | undefined,
  remake: (document: SweptDocument) => Promise<DocumentData | undefined>,
): Item => ({
  path: first.path,
  work: async () => {
    let seen: SweptDocument | undefined = first;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const fields: DocumentData | undefined = await remake(seen);
      if (fields === undefined) return false;
      if (await documents.replace(seen, fields)) return true;
      seen = await documents.read(first.path);
      if (seen === undefined || (wanted !== undefined && !isBelow(seen, wanted))) return false;
    }
    // It will be found again in the next round.
    return true;
  },
});

const TRIES = 5;

const isBelow = ({ data }: SweptDocument, { mark, below }: { mark: Mark; below: number }): boolean => {
  const value: unknown = data[mark];
  return typeof value === "number" && value < below;
};
