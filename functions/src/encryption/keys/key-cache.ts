import type { Clock, EpochMs } from "../../kernel/time.js";
import type { DataKey } from "./data-key.js";
import { tierOf, type KeyClass } from "./key-class.js";

export interface CacheLimits {
  /** Subjects held. One that was not used for long goes first (second chance). */
  readonly cacheEntries: number;
  /** No key is used longer than this after its wrapped form was read: what was destroyed elsewhere is gone by then. */
  readonly cacheMs: number;
  /** The same of VAULT's keys. 0: never kept. */
  readonly vaultCacheMs: number;
  readonly staleMs: number;
  /** Between two attempts to refresh a key that is used past its time. */
  readonly retryMs: number;
  readonly maxUses: number;
}

/** A class's keys of one subject. */
interface ClassKeys {
  readonly byVersion: Map<number, DataKey>;
  current: DataKey | undefined;
}

interface SubjectEntry {
  readonly classes: Map<KeyClass, ClassKeys>;
  used: boolean;
}

/** Unwrapped data keys in memory. `version` undefined means the one to encrypt with. */
export interface KeyCache {
  /** A key within its time and uses. */
  readonly fresh: (subject: string, keyClass: KeyClass, version: number | undefined) => DataKey | undefined;
  /** A key past its time that may still be used while KMS is down: AMBER only. Holds off the next attempt. */
  stale(subject: string, keyClass: KeyClass, version: number | undefined): DataKey | undefined;
  put(subject: string, keyClass: KeyClass, key: DataKey, isCurrent: boolean): void;
  /** Ends the subject's keys, those that were handed out too. */
  forget(subject: string): void;
  /** When a key whose wrapped form was read at this time is fetched again, and when it ends. */
  lifeFrom(readAt: EpochMs, keyClass: KeyClass): { freshUntil: EpochMs; endsAt: EpochMs };
}

/** @param random gives numbers from 0 to below 1, for jitter */
export const keyCache = (deps: { clock: Clock; random: () => number }, limits: CacheLimits): KeyCache => {
  const subjects = new Map<string, SubjectEntry>();
  let sweepAt = 0;
  const find = (subject: string, keyClass: KeyClass, version: number | undefined): DataKey | undefined => {
    const entry = subjects.get(subject);
    if (entry === undefined) return undefined;
    entry.used = true;
    const keys = entry.classes.get(keyClass);
    const key = version === undefined || version === keys?.current?.id ? keys?.current : keys?.byVersion.get(version);
    return key === undefined || key.uses >= limits.maxUses ? undefined : key;
  };
  // A Map keeps the order of insertion. Whoever was used since it was looked at last goes to the end once more.
  const evict = (): void => {
    for (const [subject, entry] of subjects) {
      subjects.delete(subject);
      if (!entry.used) return;
      entry.used = false;
      subjects.set(subject, entry);
    }
  };
  const goesOnUntil = (keyClass: KeyClass, key: DataKey): EpochMs =>
    tierOf(keyClass) === "AMBER" ? key.readAt + limits.cacheMs + limits.staleMs : key.endsAt;
  // Keys that nothing may use any more leave the memory, too: once in a while, with whatever is put next.
  const sweep = (now: EpochMs): void => {
    if (now < sweepAt) return;
    sweepAt = now + limits.cacheMs;
    for (const [subject, { classes }] of subjects) {
      for (const [keyClass, keys] of classes) {
        for (const [id, key] of keys.byVersion) if (now >= goesOnUntil(keyClass, key)) keys.byVersion.delete(id);
        if (!keys.byVersion.has(keys.current?.id ?? 0)) keys.current = undefined;
        if (keys.byVersion.size === 0) classes.delete(keyClass);
      }
      if (classes.size === 0) subjects.delete(subject);
    }
  };
  return {
    fresh: (subject, keyClass, version) => {
      const key = find(subject, keyClass, version);
      return key !== undefined && deps.clock() < key.freshUntil ? key : undefined;
    },
    stale: (subject, keyClass, version) => {
      const key = tierOf(keyClass) === "AMBER" ? find(subject, keyClass, version) : undefined;
      const now = deps.clock();
      if (key === undefined || now >= goesOnUntil(keyClass, key)) return undefined;
      key.freshUntil = Math.min(now + limits.retryMs, goesOnUntil(keyClass, key));
      key.endsAt = Math.max(key.endsAt, key.freshUntil);
      return key;
    },
    put: (subject, keyClass, key, isCurrent) => {
      sweep(deps.clock());
      if (deps.clock() >= key.freshUntil) return;
      if (subjects.size >= limits.cacheEntries && !subjects.has(subject)) evict();
      const entry: SubjectEntry = subjects.get(subject) ?? { classes: new Map(), used: false };
      const keys: ClassKeys = entry.classes.get(keyClass) ?? { byVersion: new Map(), current: undefined };
      keys.byVersion.set(key.id, key);
      if (isCurrent) keys.current = key;
      else if (keys.current?.id === key.id) keys.current = undefined;
      entry.classes.set(keyClass, keys);
      subjects.set(subject, entry);
    },
    forget: (subject) => {
      for (const { byVersion } of subjects.get(subject)?.classes.values() ?? [])
        for (const key of byVersion.values()) key.freshUntil = key.endsAt = 0;
      subjects.delete(subject);
    },
    lifeFrom: (readAt, keyClass) => {
      if (tierOf(keyClass) === "VAULT") {
        const freshUntil = readAt + limits.vaultCacheMs;
        return { freshUntil, endsAt: freshUntil + HANDED_MS };
      }
      const early = EARLY.least + (EARLY.most - EARLY.least) * deps.random();
      return { freshUntil: readAt + limits.cacheMs * (1 - early), endsAt: readAt + limits.cacheMs };
    },
  };
};

// Against a stampede, keys are fetched again at different times; and who was handed one has a moment left to use it.
const EARLY = { least: 0.1, most: 0.2 };

/** How long a key of VAULT may take from its reading, through KMS, to its use by whoever asked for it. */
const HANDED_MS = 10_000;
