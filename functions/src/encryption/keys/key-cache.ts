import type { Clock, EpochMs } from "../../kernel/time.js";
import type { KeyClass } from "./data-key-store.js";
import type { DataKey } from "./data-key.js";

export interface CacheLimits {
  /** Subjects held. One that was not used for long goes first (second chance). */
  readonly cacheEntries: number;
  readonly cacheMs: number;
  readonly staleMs: number;
  /** Between two attempts to refresh a key that is used past its time. */
  readonly retryMs: number;
  readonly maxUses: number;
}

/** A class's keys of one subject. */
interface ClassKeys {
  readonly byVersion: Map<number, DataKey>;
  current: DataKey | undefined;
  readonly expiresAt: EpochMs;
  /** Set while KMS is down: until then the old key is used without asking again. */
  retryAt: EpochMs;
}

interface SubjectEntry extends Partial<Record<KeyClass, ClassKeys>> {
  used: boolean;
}

/** Unwrapped data keys in memory. `version` undefined means the one to encrypt with. */
export interface KeyCache {
  /** A key within its time and uses. */
  readonly fresh: (subject: string, keyClass: KeyClass, version: number | undefined) => DataKey | undefined;
  /** A key past its time that may still be used while KMS is down: AMBER only, never RED. Holds off the next attempt. */
  stale(subject: string, keyClass: KeyClass, version: number | undefined): DataKey | undefined;
  put(subject: string, keyClass: KeyClass, key: DataKey, isCurrent: boolean): void;
  forget(subject: string): void;
}

/** @param random gives numbers from 0 to below 1, for jitter */
export const keyCache = (deps: { clock: Clock; random: () => number }, limits: CacheLimits): KeyCache => {
  const subjects = new Map<string, SubjectEntry>();
  const find = (subject: string, keyClass: KeyClass): ClassKeys | undefined => {
    const entry = subjects.get(subject);
    if (entry === undefined) return undefined;
    entry.used = true;
    return entry[keyClass];
  };
  // A Map keeps the order of insertion. Whoever was used since it was looked at last goes to the end once more.
  const evict = (): void => {
    for (const [subject, entry] of subjects) {
      subjects.delete(subject);
      if (!entry.used) return;
      subjects.set(subject, { ...entry, used: false });
    }
  };
  const pick = (keys: ClassKeys, version: number | undefined): DataKey | undefined => {
    const { current } = keys;
    const key = version === undefined || version === current?.id ? current : keys.byVersion.get(version);
    return key === undefined || key.uses >= limits.maxUses ? undefined : key;
  };
  return {
    fresh: (subject, keyClass, version) => {
      const keys = find(subject, keyClass);
      const now = deps.clock();
      return keys !== undefined && (now < keys.expiresAt || now < keys.retryAt) ? pick(keys, version) : undefined;
    },
    stale: (subject, keyClass, version) => {
      const keys = keyClass === "RED" ? undefined : find(subject, keyClass);
      const now = deps.clock();
      if (keys === undefined || now >= keys.expiresAt + limits.staleMs) return undefined;
      keys.retryAt = Math.min(now + limits.retryMs, keys.expiresAt + limits.staleMs);
      return pick(keys, version);
    },
    put: (subject, keyClass, key, isCurrent) => {
      const now = deps.clock();
      const known = subjects.get(subject)?.[keyClass];
      const kept = known !== undefined && now < known.expiresAt && known.byVersion.get(key.id) === undefined;
      const keys = kept ? known : emptyKeys(now + limits.cacheMs * (1 - JITTER * deps.random()));
      keys.byVersion.set(key.id, key);
      if (isCurrent) keys.current = key;
      if (subjects.size >= limits.cacheEntries && !subjects.has(subject)) evict();
      subjects.set(subject, { used: false, ...subjects.get(subject), [keyClass]: keys });
    },
    forget: (subject) => void subjects.delete(subject),
  };
};

const JITTER = 0.2;

const emptyKeys = (expiresAt: EpochMs): ClassKeys => ({
  byVersion: new Map(),
  current: undefined,
  expiresAt,
  retryAt: 0,
});
