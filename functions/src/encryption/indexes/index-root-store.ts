import type { WrappedKey } from "../keys/data-key-store.js";
import { FIRST_STATE, isSameState, type IndexState } from "./index-state.js";

/** Roots of the index and hash keys: a hierarchy of its own, since a look-up goes across subjects. Named by number. */
export interface IndexRootStore {
  find(name: string): Promise<WrappedKey | undefined>;
  /** Stores the root unless there is one. Atomic: of two that race one wins, and both get what is stored then. */
  addFirst(name: string, root: WrappedKey): Promise<WrappedKey>;
  /** The same root, wrapped anew; false when something else than `before` is stored by now. */
  replace(name: string, before: WrappedKey, root: WrappedKey): Promise<boolean>;
  remove(name: string): Promise<void>;
  list(): Promise<{ name: string; root: WrappedKey }[]>;
  state(): Promise<IndexState>;
  /** False when the state is no longer `from`. */
  move(from: IndexState, to: IndexState): Promise<boolean>;
}

export const memoryIndexRootStore = (): IndexRootStore => {
  const roots = new Map<string, WrappedKey>();
  let current = FIRST_STATE;
  return {
    find: (name) => Promise.resolve(roots.get(name)),
    addFirst: (name, root) => {
      const stored = roots.get(name) ?? root;
      roots.set(name, stored);
      return Promise.resolve(stored);
    },
    replace: (name, before, root) => {
      const wins = isSameRoot(roots.get(name), before);
      if (wins) roots.set(name, root);
      return Promise.resolve(wins);
    },
    remove: (name) => {
      roots.delete(name);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...roots].map(([name, root]) => ({ name, root }))),
    state: () => Promise.resolve(current),
    move: (from, to) => {
      const wins = isSameState(current, from);
      if (wins) current = to;
      return Promise.resolve(wins);
    },
  };
};

export const isSameRoot = (one: WrappedKey | undefined, other: WrappedKey): boolean =>
  one !== undefined && Buffer.compare(one.wrapped, other.wrapped) === 0;
