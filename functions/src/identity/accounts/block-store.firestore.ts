import type { Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { Block, BlockStore } from "./block-store.js";
import { lostRace } from "../../platform/lost-race.js";
import { untilWon } from "../retry.js";

const BLOCKS = "secBlocks";

export const firestoreBlockStore = (firestore: () => Firestore): BlockStore => {
  const reference = (id: string) => firestore().collection(BLOCKS).doc(id);
  return {
    put: (id, block) =>
      untilWon(async () => {
        const snapshot = await reference(id).get();
        const known = snapshot.data() as Block | undefined;
        if (known !== undefined && known.until >= block.until) return { answer: undefined };
        const row = { ...block, expireAt: adminFirestoreSdk().Timestamp.fromMillis(block.until) };
        const write =
          snapshot.updateTime === undefined
            ? reference(id).create(row)
            : reference(id).update(row, { lastUpdateTime: snapshot.updateTime });
        return write.then(
          () => ({ answer: undefined }),
          (error: unknown) => {
            if (lostRace(error)) return undefined;
            throw error;
          },
        );
      }),
    findAll: async (ids) => {
      if (ids.length === 0) return [];
      const snapshots = await firestore().getAll(...ids.map(reference));
      return snapshots.flatMap((snapshot) => (snapshot.data() as Block | undefined) ?? []);
    },
  };
};
