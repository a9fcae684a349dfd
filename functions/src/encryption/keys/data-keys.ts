import type { RandomBytes } from "../../kernel/random.js";
import type { Clock, EpochMs } from "../../kernel/time.js";
import type { Kms } from "../../platform/kms-port.js";
import { encryptionError } from "../errors.js";
import { dataKey, type DataKey } from "./data-key.js";
import type { DataKeyStore } from "./data-key-store.js";
import type { CurrentEpoch } from "./epoch.js";
import type { KeyCache } from "./key-cache.js";
import type { KeyClass } from "./key-class.js";
import { same } from "./key-row.js";
import { isOutage, unreadable } from "./outage.js";
import { singleFlight } from "./single-flight.js";
import { versionsOf, type SubjectKeys } from "./subject-keys.js";
import { unwrapDataKey, wrapDataKey } from "./wrap-key.js";

/** A key that is needed: the subject's current one of a class, or a certain version (a token's key id). */
export interface KeyUse {
  /** Account id, or `system:<name>`. */
  readonly subject: string;
  readonly class: KeyClass;
  readonly version?: number;
}

/** Keys in memory, for synchronous use right after they were warmed: at least `cacheMs` / 10, at most `cacheMs`. */
export interface Keys {
  find(subject: string, keyClass: KeyClass, version: number | undefined): DataKey | undefined;
}

/** Who writes creates keys. `existing`: only for subjects that have some already, so that nobody who was erased comes back. */
export type Create = boolean | "existing";

export interface DataKeys {
  /** What the cache holds within its time. */
  readonly cached: Keys;
  /**
   * Fetches what the cache lacks: one KMS call a key, however many ask at once. Who may create gets the epoch's key, where the
   * subject has none or an older one.
   *
   * @throws encryption/key-missing, encryption/keys-unavailable, encryption/kms-unavailable, encryption/kms-refused
   */
  warm(uses: readonly KeyUse[], options: { create: Create }): Promise<Keys>;
  /** Deletes the subject's wrapped keys, and this instance's copies. For `goneMs` from now on, nobody makes new ones. */
  destroy(subject: string): Promise<number>;
}

export interface DataKeyDeps {
  readonly kms: Kms;
  readonly store: DataKeyStore;
  readonly epoch: CurrentEpoch;
  readonly cache: KeyCache;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly goneMs: number;
}

export const dataKeys = (deps: DataKeyDeps): DataKeys => {
  const { cache, store, clock } = deps;
  const readOnce = singleFlight<{ keys: SubjectKeys | undefined; readAt: EpochMs }>();
  const loadOnce = singleFlight<DataKey>();
  let destructions = 0;
  const read = async (subject: string) => {
    const readAt = clock();
    return { keys: await store.find(subject).catch(unreadable), readAt };
  };
  const load = async (use: KeyUse, create: Create): Promise<DataKey> => {
    const before = destructions;
    const toWrite = create !== false && use.version === undefined;
    const [{ keys, readAt }, epoch] = await Promise.all([
      readOnce(flightOf(before, use.subject), () => read(use.subject)),
      // Whoever reads only wants to know whether the next writer may use the same key.
      toWrite ? deps.epoch().catch(unreadable) : deps.epoch().catch(() => Infinity),
    ]);
    const latest = versionsOf(keys, use.class).at(-1);
    const version = use.version ?? latest ?? 0;
    const life = { readAt, ...cache.lifeFrom(readAt, use.class) };
    if (create === "existing" && keys === undefined) throw encryptionError("key-missing");
    const outdated = toWrite && version < epoch;
    const key = outdated
      ? await makeKey(deps, { use, version: epoch, life }, create === "existing")
      : await unwrap(deps, keys, { use, version, life });
    // A key that was destroyed while it was being fetched must not live on in the cache.
    if (before === destructions)
      cache.put(use.subject, use.class, key, outdated || (key.id === latest && key.id >= epoch));
    return key;
  };
  const fetch = async (use: KeyUse, create: Create): Promise<DataKey> => {
    checkSubject(use.subject);
    const held = cache.fresh(use.subject, use.class, use.version);
    if (held !== undefined) return held;
    const flight = flightOf(destructions, use.subject, use.class, String(use.version), String(create));
    try {
      return await loadOnce(flight, () => load(use, create));
    } catch (error) {
      const stale = isOutage(error) ? cache.stale(use.subject, use.class, use.version) : undefined;
      if (stale === undefined) throw error;
      return stale;
    }
  };
  return {
    cached: { find: cache.fresh },
    warm: async (uses, { create }) => {
      const found = await Promise.all(uses.map((use) => fetch(use, create)));
      return keysOf(clock, uses, found);
    },
    destroy: async (subject) => {
      checkSubject(subject);
      destructions += 1;
      try {
        return await store.destroy(subject, clock() + deps.goneMs).catch(unreadable);
      } finally {
        destructions += 1;
        cache.forget(subject);
      }
    },
  };
};

const KEY_BYTES = 32;

// Nobody joins a flight that began before a destruction: it may bring what is destroyed by now.
const flightOf = (destructions: number, ...parts: readonly string[]): string => [destructions, ...parts].join("\n");

interface Wanted {
  readonly use: KeyUse;
  readonly version: number;
  readonly life: Pick<DataKey, "readAt" | "freshUntil" | "endsAt">;
}

/** A new key of this version. Of two creators that race, the loser takes the winner's key. KMS comes first, the store after. */
const makeKey = async (deps: DataKeyDeps, wanted: Wanted, existing: boolean): Promise<DataKey> => {
  const { use, version, life } = wanted;
  const bytes = Buffer.from(deps.random(KEY_BYTES));
  const wrapping = await wrapDataKey(deps.kms, { subject: use.subject, keyClass: use.class, version }, bytes);
  const key = { [use.class]: { ...wrapping, createdAt: deps.clock() } };
  const stored = await deps.store.addVersion(use.subject, version, key, { existing }).catch(unreadable);
  const winner = stored?.[use.class]?.[String(version)]?.wrapped;
  if (winner !== undefined && same(winner, wrapping.wrapped)) return dataKey({ id: version, ...life }, bytes);
  bytes.fill(0);
  return unwrap(deps, stored, wanted);
};

const unwrap = async (
  deps: DataKeyDeps,
  stored: SubjectKeys | undefined,
  { use, version, life }: Wanted,
): Promise<DataKey> => {
  const wrapped = stored?.[use.class]?.[String(version)]?.wrapped;
  if (wrapped === undefined) throw encryptionError("key-missing");
  const place = { subject: use.subject, keyClass: use.class, version };
  return dataKey({ id: version, ...life }, Buffer.from(await unwrapDataKey(deps.kms, place, wrapped)));
};

const keysOf = (clock: Clock, uses: readonly KeyUse[], found: readonly DataKey[]): Keys => ({
  find: (subject, keyClass, version) =>
    found.find((key, index) => {
      const use = uses[index];
      if (use?.subject !== subject || use.class !== keyClass || clock() >= key.endsAt) return false;
      return version === undefined ? use.version === undefined : key.id === version;
    }),
});

// A document id: one segment, and none of Firestore's reserved ones.
const checkSubject = (subject: string): void => {
  if (!/^(?!\.\.?$)(?!__.*__$)[^/]{1,256}$/u.test(subject)) throw encryptionError("subject-missing");
};
