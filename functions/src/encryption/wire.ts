import type { DataMap } from "../kernel/data-map/map.js";
import type { RandomBytes } from "../kernel/random.js";
import type { Clock } from "../kernel/time.js";
import type { Kms } from "../platform/kms-port.js";
import type { DataKeyStore } from "./keys/data-key-store.js";
import { dataKeys } from "./keys/data-keys.js";
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
  readonly roots: IndexRootStore;
  readonly natives: NativeTypes;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly limits: CacheLimits;
}

/** What every use case of the domain needs, over this ground. The deployed domain, tests and benchmarks are wired alike. */
export const wire = (ground: Ground) => {
  const { kms, store, roots, clock, random, limits } = ground;
  const cache = keyCache({ clock, random: () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32 }, limits);
  return {
    ...ground,
    dataKeys: dataKeys({ kms, store, cache, clock, random }),
    indexRoot: indexRoot({ kms, roots, clock, random }, limits),
    fillRandom: pooledRandom(random),
  };
};
