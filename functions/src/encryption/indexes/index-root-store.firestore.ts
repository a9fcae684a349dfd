import type { Firestore } from "firebase-admin/firestore";
import { wins } from "../../platform/lost-race.js";
import type { WrappedKey } from "../keys/data-key-store.js";
import { isSameRoot, type IndexRootStore } from "./index-root-store.js";
import { FIRST_STATE, isSameState, type IndexState } from "./index-state.js";

/** `indexRoots/{name}` in the database of keys: `{ wrapped, createdAt, kek }`; which are in use says `keyStates/index`. */
export const firestoreIndexRootStore = (keysFirestore: () => Firestore): IndexRootStore => {
  const roots = () => keysFirestore().collection("indexRoots");
  const stateAt = () => keysFirestore().doc("keyStates/index");
  const find = async (name: string) => (await roots().doc(name).get()).data() as WrappedKey | undefined;
  const update = async <Row extends object>(
    reference: ReturnType<typeof stateAt>,
    isStill: (stored: Row | undefined) => boolean,
    next: Row,
  ): Promise<boolean> => {
    const seen = await reference.get();
    if (!isStill(seen.data() as Row | undefined)) return false;
    if (seen.updateTime === undefined) return wins(reference.create(next));
    return wins(reference.update(next, { lastUpdateTime: seen.updateTime }));
  };
  return {
    find,
    addFirst: async (name, root) => {
      if (
        await wins(
          roots()
            .doc(name)
            .create({ ...root }),
        )
      )
        return root;
      const winner = await find(name);
      if (winner === undefined) throw new Error("a root is neither there nor can it be made");
      return winner;
    },
    replace: (name, before, root) =>
      update<WrappedKey>(roots().doc(name), (stored) => isSameRoot(stored, before), { ...root }),
    remove: async (name) => void (await roots().doc(name).delete()),
    list: async () => (await roots().get()).docs.map((row) => ({ name: row.id, root: row.data() as WrappedKey })),
    state: async () => ((await stateAt().get()).data() as IndexState | undefined) ?? FIRST_STATE,
    move: (from, to) =>
      update<IndexState>(stateAt(), (stored = FIRST_STATE) => isSameState(stored, from), { ...to, read: [...to.read] }),
  };
};
