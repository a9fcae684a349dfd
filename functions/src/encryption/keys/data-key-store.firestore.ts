import type { DocumentSnapshot, Firestore } from "firebase-admin/firestore";
import { countKeys, withFirst, type DataKeyStore, type SubjectKeys } from "./data-key-store.js";
import { lostRace } from "../../platform/lost-race.js";

const TRIES = 8;

/** `dataKeys/{subject}` in the database of keys: `{ RED: { "1": { wrapped, createdAt } }, AMBER: … }`. */
export const firestoreDataKeyStore = (keysFirestore: () => Firestore): DataKeyStore => {
  const reference = (subject: string) => keysFirestore().collection("dataKeys").doc(subject);
  return {
    find: async (subject) => keysIn(await reference(subject).get()),
    addFirst: async (subject, keys) => {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const snapshot = await reference(subject).get();
        const next = withFirst(keysIn(snapshot), keys);
        if (next === undefined) return keysIn(snapshot) ?? {};
        try {
          if (snapshot.updateTime === undefined) await reference(subject).create(next);
          else await reference(subject).update({ ...next }, { lastUpdateTime: snapshot.updateTime });
          return next;
        } catch (error) {
          if (!lostRace(error)) throw error;
        }
      }
      throw new Error(`no turn in ${String(TRIES)} tries to store a first data key`);
    },
    destroy: async (subject) => {
      const count = countKeys(keysIn(await reference(subject).get()));
      await reference(subject).delete();
      return count;
    },
  };
};

const keysIn = (snapshot: DocumentSnapshot): SubjectKeys | undefined => snapshot.data();
