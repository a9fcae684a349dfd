import type { WrappedKey } from "../keys/data-key-store.js";

/** Roots of the index and hash keys: a hierarchy of its own, since a look-up goes across subjects. */
export interface IndexRootStore {
  find(name: string): Promise<WrappedKey | undefined>;
  /** Stores the root unless there is one. Atomic: of two that race one wins, and both get what is stored then. */
  addFirst(name: string, root: WrappedKey): Promise<WrappedKey>;
}

export const memoryIndexRootStore = (): IndexRootStore => {
  const roots = new Map<string, WrappedKey>();
  return {
    find: (name) => Promise.resolve(roots.get(name)),
    addFirst: (name, root) => {
      const stored = roots.get(name) ?? root;
      roots.set(name, stored);
      return Promise.resolve(stored);
    },
  };
};
