import type { Firestore, Query, Timestamp } from "firebase-admin/firestore";
import type { Collection } from "../../kernel/data-map/map.js";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { DocumentStore } from "./document-store.js";
import { updatesOf } from "./lower-change.firestore.js";

export const firestoreDocumentStore = (firestore: () => Firestore): DocumentStore => ({
  read: async (path) => {
    const snapshot = await firestore().doc(path).get();
    const data = snapshot.data();
    return data === undefined ? undefined : { data, revision: snapshot.updateTime };
  },
  write: async (path, change, seen) => {
    const reference = firestore().doc(path);
    try {
      if (seen === undefined) await reference.create(change.set);
      else {
        const [[field, value], ...rest] = updatesOf(change);
        const precondition = { lastUpdateTime: seen.revision as Timestamp };
        await reference.update(field, value, ...rest.flat(), precondition);
      }
      return true;
    } catch (error) {
      if (!lostRace(error)) throw error;
      return false;
    }
  },
  findByIndex: async ({ collection, field, indexes, subject, after, limit }) => {
    const { FieldPath: Path } = adminFirestoreSdk();
    const found = narrowed(firestore(), collection, subject)
      .where(new Path("_b", field), "in", [...indexes])
      .orderBy(Path.documentId())
      .limit(limit);
    const { docs } = await (after === undefined ? found : found.startAfter(firestore().doc(after))).get();
    return docs.map((document) => ({ path: document.ref.path, data: document.data() }));
  },
});

/** The collection's documents, wherever it is nested; of one person as far as their own field, or the path, says whose they are. */
const narrowed = (firestore: Firestore, collection: Collection, uid: string | undefined): Query => {
  const { path, group, variables, subject } = collection;
  const parent = path.slice(0, path.lastIndexOf("/"));
  const isTop = variables.length === 1;
  const everywhere = isTop ? firestore.collection(parent) : firestore.collectionGroup(group);
  if (uid === undefined || subject.by === "none" || subject.by === "array") return everywhere;
  if (subject.by === "field") return everywhere.where(subject.field, "==", uid);
  if (isTop) return everywhere.where(adminFirestoreSdk().FieldPath.documentId(), "==", uid);
  const own = parent.replace(`{${subject.variable}}`, uid);
  return own.includes("{") ? everywhere : firestore.collection(own);
};
