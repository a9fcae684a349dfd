import { readKept, writeKept } from "../kept.indexed-db.ts";
import type { MasterKey } from "./master-key.ts";

/** Where a device keeps people's master keys, by account id. */
export interface SealedKeyStore {
  readonly find: (owner: string) => Promise<MasterKey | undefined>;
  readonly keep: (owner: string, master: MasterKey) => Promise<void>;
  /** From then on this device opens nothing of theirs until the recovery key is entered. */
  readonly forget: (owner: string) => Promise<void>;
}

/** In IndexedDB, as keys that no page can read. They stay when the person signs out: forget them on a shared device. */
export const indexedDbKeyStore = (): SealedKeyStore => {
  const at = (owner: string): string => `sealed ${owner}`;
  return {
    find: (owner) => readKept<MasterKey>(at(owner)),
    keep: (owner, master) => writeKept(at(owner), master),
    forget: (owner) => writeKept(at(owner), undefined),
  };
};

/** For Node and tests. */
export const memoryKeyStore = (): SealedKeyStore => {
  const kept = new Map<string, MasterKey>();
  return {
    find: (owner) => Promise.resolve(kept.get(owner)),
    keep: (owner, master) => Promise.resolve(void kept.set(owner, master)),
    forget: (owner) => Promise.resolve(void kept.delete(owner)),
  };
};
