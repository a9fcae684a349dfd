import { timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "../../kernel/random.js";
import type { Clock } from "../../kernel/time.js";
import type { Kms } from "../../platform/kms-port.js";
import { versionsOf, type DataKeyStore, type KeyClass, type SubjectKeys } from "./data-key-store.js";
import { dataKey, type DataKey } from "./data-key.js";
import { encryptionError } from "../errors.js";
import type { KeyCache } from "./key-cache.js";
import { isOutage, unreadable } from "./outage.js";
import { singleFlight } from "./single-flight.js";
import { unwrapDataKey, wrapDataKey } from "./wrap-key.js";

/** A key that is needed: the subject's current one of a class, or a certain version (a token's key id). */
export interface KeyUse {
  /** Account id, or `system:<name>`. */
  readonly subject: string;
  readonly class: KeyClass;
  readonly version?: number;
}

/** Keys in memory, for synchronous use right after they were warmed. */
export interface Keys {
  find(subject: string, keyClass: KeyClass, version: number | undefined): DataKey | undefined;
}

export interface DataKeys {
  /** What the cache holds within its time. */
  readonly cached: Keys;
  /**
   * Fetches what the cache lacks: one KMS call a key, however many ask at once. Only a writer creates keys.
   *
   * @throws encryption/key-missing, encryption/keys-unavailable, encryption/kms-unavailable, encryption/kms-refused
   */
  warm(uses: readonly KeyUse[], options: { create: boolean }): Promise<Keys>;
  /** Deletes the subject's wrapped keys, and this instance's copies. */
  destroy(subject: string): Promise<number>;
}

export interface DataKeyDeps {
  readonly kms: Kms;
  readonly store: DataKeyStore;
  readonly cache: KeyCache;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

export const dataKeys = (deps: DataKeyDeps): DataKeys => {
  const { cache, store } = deps;
  const readOnce = singleFlight<SubjectKeys | undefined>();
  const loadOnce = singleFlight<DataKey>();
  let destructions = 0;
  const load = async (use: KeyUse, create: boolean): Promise<DataKey> => {
    const before = destructions;
    const stored = await readOnce(use.subject, () => store.find(use.subject)).catch(unreadable);
    const current = versionsOf(stored, use.class).at(-1);
    const version = use.version ?? current;
    const wanted = { use, version: version ?? 1 };
    const key = version === undefined && create ? await makeFirst(deps, use) : await unwrap(deps, stored, wanted);
    // A key that was destroyed while it was being fetched must not live on in the cache.
    if (before === destructions) cache.put(use.subject, use.class, key, key.id === (current ?? 1));
    return key;
  };
  const fetch = async (use: KeyUse, create: boolean): Promise<DataKey> => {
    checkSubject(use.subject);
    const held = cache.fresh(use.subject, use.class, use.version);
    if (held !== undefined) return held;
    const flight = [use.subject, use.class, use.version ?? "current", create].join("\n");
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
      return keysOf(uses, found);
    },
    destroy: async (subject) => {
      checkSubject(subject);
      destructions += 1;
      const count = await store.destroy(subject).catch(unreadable);
      destructions += 1;
      cache.forget(subject);
      return count;
    },
  };
};

const KEY_BYTES = 32;

/** Version 1 of a class. Of two creators that race, the loser takes the winner's key. KMS comes first, the store after. */
const makeFirst = async (deps: DataKeyDeps, use: KeyUse): Promise<DataKey> => {
  const place = { subject: use.subject, keyClass: use.class, version: 1 };
  const bytes = Buffer.from(deps.random(KEY_BYTES));
  const wrapped = await wrapDataKey(deps.kms, place, bytes);
  const first = { [use.class]: { wrapped, createdAt: deps.clock() } };
  const stored = await deps.store.addFirst(use.subject, first).catch(unreadable);
  const winner = stored[use.class]?.["1"]?.wrapped;
  if (winner?.length === wrapped.length && timingSafeEqual(winner, wrapped)) return dataKey(1, bytes);
  bytes.fill(0);
  return unwrap(deps, stored, { use, version: versionsOf(stored, use.class).at(-1) ?? 1 });
};

const unwrap = async (
  deps: DataKeyDeps,
  stored: SubjectKeys | undefined,
  { use, version }: { use: KeyUse; version: number },
): Promise<DataKey> => {
  const wrapped = stored?.[use.class]?.[String(version)]?.wrapped;
  if (wrapped === undefined) throw encryptionError("key-missing");
  const place = { subject: use.subject, keyClass: use.class, version };
  return dataKey(version, Buffer.from(await unwrapDataKey(deps.kms, place, wrapped)));
};

const keysOf = (uses: readonly KeyUse[], found: readonly DataKey[]): Keys => ({
  find: (subject, keyClass, version) =>
    found.find((key, index) => {
      const use = uses[index];
      if (use?.subject !== subject || use.class !== keyClass) return false;
      return version === undefined ? use.version === undefined : key.id === version;
    }),
});

// A document id: one segment, and none of Firestore's reserved ones.
const checkSubject = (subject: string): void => {
  if (!/^(?!\.\.?$)(?!__.*__$)[^/]{1,256}$/u.test(subject)) throw encryptionError("subject-missing");
};
