import { config } from "../config.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import type { Clock, EpochMs } from "../kernel/time.js";
import type { PseudonymStore } from "./pseudonym-store.js";

export interface Pseudonyms {
  of(uid: string): Promise<string>;
  forget(uid: string): Promise<void>;
}

/**
 * Pseudonyms with a memory: an instance asks the store once in five minutes and subject.
 * Another instance may therefore go on using a forgotten pseudonym for that long; the erasure horizon counts it.
 */
export const rememberedPseudonyms = (deps: {
  store: PseudonymStore;
  clock: Clock;
  random: RandomBytes;
}): Pseudonyms => {
  const known = new Map<string, { name: string; until: EpochMs }>();
  return {
    of: async (uid) => {
      const hit = known.get(uid);
      if (hit !== undefined && hit.until > deps.clock()) return hit.name;
      const name = await deps.store.findOrCreate(uid, randomId(deps.random));
      known.delete(uid);
      known.set(uid, { name, until: deps.clock() + config.keys.cacheMs });
      if (known.size > config.keys.cacheEntries) known.delete(known.keys().next().value ?? uid);
      return name;
    },
    forget: async (uid) => {
      known.delete(uid);
      await deps.store.drop(uid);
      known.delete(uid);
    },
  };
};
