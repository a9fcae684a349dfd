import type { DocumentSnapshot, Firestore, Query, Timestamp } from "firebase-admin/firestore";
import type { Collection } from "../../kernel/data-map/map.js";
import { matchPath } from "../../kernel/data-map/paths.js";
import { wins } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { Mark, SweepDocuments, SweptDocument } from "./sweep-documents.js";

export const firestoreSweepDocuments = (firestore: () => Firestore): SweepDocuments => ({
  below: async (collection, { mark, below, after, limit }) => {
    const { FieldPath } = adminFirestoreSdk();
    const ordered = allOf(firestore(), collection)
      .where(mark, "<", below)
      .orderBy(mark)
      .orderBy(FieldPath.documentId());
    const from = after === undefined ? ordered : ordered.startAfter(after.at, firestore().doc(after.path));
    const { docs } = await from.limit(limit).get();
    const last = docs.length < limit ? undefined : docs.at(-1);
    return {
      documents: within(collection, docs),
      ...(last !== undefined && { next: { at: markOf(last, mark), path: last.ref.path } }),
    };
  },
  all: async (collection, { after, limit }) => {
    const ordered = allOf(firestore(), collection).orderBy(adminFirestoreSdk().FieldPath.documentId());
    const from = after === undefined ? ordered : ordered.startAfter(firestore().doc(after));
    const { docs } = await from.limit(limit).get();
    const last = docs.length < limit ? undefined : docs.at(-1)?.ref.path;
    return { documents: within(collection, docs), ...(last !== undefined && { next: last }) };
  },
  count: async (collection, { mark, below }) =>
    (await allOf(firestore(), collection).where(mark, "<", below).count().get()).data().count,
  read: async (path) => documentIn(await firestore().doc(path).get()),
  replace: ({ path, revision }, fields) =>
    wins(
      firestore()
        .doc(path)
        .update(fields, { lastUpdateTime: revision as Timestamp }),
    ),
});

// A collection of its own needs no index over the group.
const allOf = (firestore: Firestore, { path, group, variables }: Collection): Query =>
  variables.length === 1
    ? firestore.collection(path.slice(0, path.lastIndexOf("/")))
    : firestore.collectionGroup(group);

const within = ({ path }: Collection, found: readonly DocumentSnapshot[]): SweptDocument[] =>
  found.flatMap((snapshot) => {
    const document = matchPath(path, snapshot.ref.path) === undefined ? undefined : documentIn(snapshot);
    return document === undefined ? [] : [document];
  });

const documentIn = (found: DocumentSnapshot): SweptDocument | undefined => {
  const data = found.data();
  return data === undefined ? undefined : { path: found.ref.path, data, revision: found.updateTime };
};

const markOf = (found: DocumentSnapshot, mark: Mark): number => {
  const value: unknown = found.get(mark);
  return typeof value === "number" ? value : 0;
};
