import type { Firestore, Query, QueryDocumentSnapshot, Timestamp, WriteBatch } from "firebase-admin/firestore";
import type { Collection } from "../kernel/data-map/map.js";
import { segmentsOf } from "../kernel/data-map/paths.js";
import { adminFirestoreSdk } from "../platform/sdk.js";
import type { DocumentChange, SubjectDocument, SubjectRecords } from "./records.js";
import { finderOf, isAbout, type Finder } from "./subject-query.js";

export const firestoreSubjectRecords = (databases: { app: () => Firestore; keys: () => Firestore }): SubjectRecords => {
  const databaseOf = ({ database }: Collection): Firestore =>
    database === "keys" ? databases.keys() : databases.app();
  return {
    page: async (collection, uid, { after, limit }) => {
      const firestore = databaseOf(collection);
      const finder = finderOf(collection, uid);
      if (finder === undefined) return { documents: [] };
      if (finder.by === "document") return { documents: await readOne(firestore, finder.path) };
      const found = await pageOf(queryOf(firestore, finder), firestore, {
        after: after ?? startOf(finder),
        limit,
      }).get();
      const read = found.docs.map(toDocument);
      const last = read.at(-1)?.path;
      const isPast =
        finder.by === "group" && finder.below !== undefined && last?.startsWith(`${finder.below}/`) === false;
      return {
        documents: read.filter((document) => isAbout(collection, uid, document)),
        ...(last !== undefined && read.length === limit && !isPast && { next: last }),
      };
    },
    change: async (collection, changes) => {
      const firestore = databaseOf(collection);
      const batch = firestore.batch();
      for (const change of changes) addChange(firestore, batch, change);
      await batch.commit();
    },
    findByIndex: async (collection, field, value) => {
      const firestore = databaseOf(collection);
      const { FieldPath } = adminFirestoreSdk();
      const found = await allOf(firestore, collection).where(new FieldPath("_b", field), "==", value).get();
      return found.docs.map(toDocument);
    },
  };
};

/** Puts a change into a commit. */
export const addChange = (firestore: Firestore, batch: WriteBatch, { path, version, change }: DocumentChange): void => {
  const { FieldPath, FieldValue } = adminFirestoreSdk();
  const reference = firestore.doc(path);
  const precondition = { lastUpdateTime: version as Timestamp };
  if (change.do === "delete") batch.delete(reference, precondition);
  if (change.do === "unlink") {
    batch.update(reference, new FieldPath(change.field), FieldValue.arrayRemove(change.uid), precondition);
  }
  if (change.do === "reduce") {
    const [first, ...rest] = change.remove.map((place) => new FieldPath(...place));
    if (first === undefined) return;
    const more = rest.flatMap((place) => [place, FieldValue.delete()]);
    batch.update(reference, first, FieldValue.delete(), ...more, precondition);
  }
};

const readOne = async (firestore: Firestore, path: string): Promise<SubjectDocument[]> => {
  const found = await firestore.doc(path).get();
  const data = found.data();
  return data === undefined ? [] : [{ path, data, version: found.updateTime }];
};

// A collection of its own needs no index over the group.
const allOf = (firestore: Firestore, { path, group }: Collection): Query =>
  segmentsOf(path).length === 2 ? firestore.collection(group) : firestore.collectionGroup(group);

const queryOf = (firestore: Firestore, finder: Exclude<Finder, { by: "document" }>): Query => {
  const all = finder.by === "group" ? firestore.collectionGroup(finder.group) : firestore.collection(finder.path);
  return finder.where === undefined ? all : all.where(finder.where.field, finder.where.is, finder.where.value);
};

const startOf = (finder: Finder): string | undefined => (finder.by === "group" ? finder.below : undefined);

const pageOf = (
  query: Query,
  firestore: Firestore,
  { after, limit }: { after: string | undefined; limit: number },
): Query => {
  const ordered = query.orderBy(adminFirestoreSdk().FieldPath.documentId()).limit(limit);
  return after === undefined ? ordered : ordered.startAfter(firestore.doc(after));
};

const toDocument = (row: QueryDocumentSnapshot): SubjectDocument => ({
  path: row.ref.path,
  data: row.data(),
  version: row.updateTime,
});
