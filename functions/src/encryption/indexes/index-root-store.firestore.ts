import type { Firestore } from "firebase-admin/firestore";
import type { WrappedKey } from "../keys/data-key-store.js";
import type { IndexRootStore } from "./index-root-store.js";

/** `indexRoots/{name}` in the database of keys: `{ wrapped, createdAt }`. */
export const firestoreIndexRootStore = (keysFirestore: () => Firestore): IndexRootStore => {
  const reference = (name: string) => keysFirestore().collection("indexRoots").doc(name);
  const find = async (name: string) => (await reference(name).get()).data() as WrappedKey | undefined;
  return {
    find,
    addFirst: async (name, root) => {
      try {
        await reference(name).create({ ...root });
        return root;
      } catch (error) {
        const winner = (error as { code?: number }).code === ALREADY_EXISTS ? await find(name) : undefined;
        if (winner === undefined) throw error;
        return winner;
      }
    },
  };
};

const ALREADY_EXISTS = 6; // google.rpc.Code
