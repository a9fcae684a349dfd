import type { DocumentSnapshot, Firestore } from "firebase-admin/firestore";
import { wins } from "../../platform/lost-race.js";
import { FIRST_EPOCH, type Epoch, type EpochStore } from "./epoch-store.js";

/** `keyStates/epoch` in the database of keys: `{ epoch, startedAt }`. */
export const firestoreEpochStore = (keysFirestore: () => Firestore): EpochStore => {
  const reference = () => keysFirestore().doc("keyStates/epoch");
  return {
    find: async () => epochIn(await reference().get()),
    start: async (next) => {
      const snapshot = await reference().get();
      if (next.epoch !== (epochIn(snapshot)?.epoch ?? FIRST_EPOCH) + 1) return false;
      if (snapshot.updateTime === undefined) return wins(reference().create({ ...next }));
      return wins(reference().update({ ...next }, { lastUpdateTime: snapshot.updateTime }));
    },
  };
};

const epochIn = (snapshot: DocumentSnapshot): Epoch | undefined => snapshot.data() as Epoch | undefined;
