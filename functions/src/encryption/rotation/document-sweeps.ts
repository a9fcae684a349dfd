import type { DocumentData } from "firebase-admin/firestore";
import type { Collection, DataMap } from "../../kernel/data-map/map.js";
import type { IndexRoot } from "../indexes/index-root.js";
import type { OpenDeps } from "../tokens/open-document.js";
import type { Job } from "./job.js";
import { reindexDocument } from "./reindex-document.js";
import { resealDocument, type ResealDeps } from "./reseal-document.js";
import { secretParts } from "./reseal-secrets.js";
import { itemOf } from "./document-item.js";
import type { Part, Sweep } from "./sweep.js";
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
