import type { DataMap } from "../kernel/data-map/map.js";
import type { RandomBytes } from "../kernel/random.js";
import type { Clock } from "../kernel/time.js";
import type { Kms } from "../platform/kms-port.js";
import type { DataKeyStore } from "./keys/data-key-store.js";
import { dataKeys } from "./keys/data-keys.js";
import { currentEpoch } from "./keys/epoch.js";
import type { EpochStore } from "./keys/epoch-store.js";
import { outsideTransactions } from "./keys/outside-transactions.js";
import { indexRoot } from "./indexes/index-root.js";
import type { IndexRootStore } from "./indexes/index-root-store.js";
import { keyCache, type CacheLimits } from "./keys/key-cache.js";
import type { NativeTypes } from "./tokens/native-types.js";
import { pooledRandom } from "./tokens/random-pool.js";

/** The world the domain stands on. */
export interface Ground {
  readonly dataMap: () => DataMap;
  readonly kms: Kms;
  readonly store: DataKeyStore;
  readonly epochs: EpochStore;
  readonly roots: IndexRootStore;
  readonly natives: NativeTypes;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits: KeyLimits;
}

interface KeyLimits extends CacheLimits {
  /** How long nobody makes new keys for a subject whose keys were destroyed. */
  readonly goneMs: number;
}

/** What every use case of the domain needs, over this ground. The deployed domain, tests and benchmarks are wired alike. */
export const wire = (ground: Ground) => {
  const { kms, store, epochs, roots, clock, random, limits } = ground;
  const cache = keyCache({ clock, random: () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32 }, limits);
  return {
    ...ground,
    dataKeys: outsideTransactions(
      dataKeys({
        kms,
        store,
        epoch: currentEpoch({ epochs, clock }, limits),
        cache,
        clock,
        random,
        goneMs: limits.goneMs,
      }),
    ),
    indexRoot: outsideTransactions(indexRoot({ kms, roots, clock, random }, limits)),
    fillRandom: pooledRandom(random),
  };
};
