import type { DocumentData, FieldPath, Firestore, Timestamp } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { DocumentChange, DocumentStore } from "./document-store.js";
import { lostRace } from "../../platform/lost-race.js";

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
  findByIndex: async ({ template, group, field, indexes, limit }) => {
    const { FieldPath: Path } = adminFirestoreSdk();
    const nested = template.split("/").length > 2;
    const source = nested ? firestore().collectionGroup(group) : firestore().collection(group);
    const found = await source
      .where(new Path("_b", field), "in", [...indexes])
      .limit(limit)
      .get();
    return found.docs.map((document) => ({ path: document.ref.path, data: document.data() }));
  },
});

const MAPS = ["_e", "_b"];

type Update = [FieldPath, unknown];

/** One entry a field, so that an update touches nothing else; `_e` and `_b` go by their entries. */
const updatesOf = ({ set, remove }: DocumentChange): [Update, ...Update[]] => {
  const { FieldPath: Path, FieldValue: Value } = adminFirestoreSdk();
  const updates: Update[] = [];
  for (const [name, value] of Object.entries(set)) {
    if (!MAPS.includes(name)) updates.push([new Path(name), value]);
    else
      for (const [field, bytes] of Object.entries(value as DocumentData)) updates.push([new Path(name, field), bytes]);
  }
  for (const name of remove) {
    for (const path of [new Path(name), ...MAPS.map((map) => new Path(map, name))])
      updates.push([path, Value.delete()]);
  }
  const [first, ...rest] = updates;
  if (first === undefined) throw new TypeError("a write changes at least one field");
  return [first, ...rest];
};
