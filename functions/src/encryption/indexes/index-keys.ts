import type { HashKeys } from "./hash-keys.js";
import type { IndexState } from "./index-state.js";

/** The roots in force. `hash` is that of the root which new indexes are made with. */
export interface IndexKeys extends HashKeys {
  /** The number of that root: a document's `_bk`. */
  readonly version: number;
  /** Of each root that a stored index may have been made with. */
  readonly every: readonly HashKeys[];
  /** Root 1's. What it hashed cannot be made again, so keyed hashes stay with it. */
  readonly first: HashKeys;
}

/** @param roots keys by number: those of the state, and 1 */
export const indexKeys = ({ write, read }: IndexState, roots: ReadonlyMap<number, HashKeys>): IndexKeys => {
  const root = (number: number): HashKeys => {
    const keys = roots.get(number);
    if (keys === undefined) throw new TypeError(`root ${String(number)} is not loaded`);
    return keys;
  };
  const writing = root(write);
  return { hash: (info, value) => writing.hash(info, value), version: write, every: read.map(root), first: root(1) };
};
