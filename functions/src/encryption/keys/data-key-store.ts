import type { EpochMs } from "../../kernel/time.js";
import type { KeyClass } from "./key-class.js";
import { addTo, isGone, retireFrom, rewrapIn, swept } from "./key-row.js";
import { countKeys, type NewKeys, type Rewrapping, type SubjectKeys } from "./subject-keys.js";

export type { KeyClass, KeyTier } from "./key-class.js";
export type { NewKeys, Rewrapping, SubjectKeys, WrappedKey } from "./subject-keys.js";

/** Whom a sweep looks for: subjects with a key wrapped by an older KMS version, or with a data key of an older epoch. */
export type KeySweep =
  | { readonly by: "kek"; readonly class: KeyClass; readonly below: number }
  | { readonly by: "low"; readonly below: number };

export interface KeyRow {
  readonly subject: string;
  readonly keys: SubjectKeys;
}

/** Where the next page of a sweep begins. Plain data, for a job's checkpoint. */
export interface KeyCursor {
  readonly at: number;
  readonly subject: string;
}

export interface DataKeyStore {
  find(subject: string): Promise<SubjectKeys | undefined>;
  /**
   * Gives each of these classes this version, unless it has one of that number already. Atomic: of two that race one wins, and
   * both get what is stored then. Undefined, and nothing written: the subject's keys were destroyed, and these were made before
   * `goneUntil`; or, with `existing`, the subject has no keys.
   */
  addVersion(
    subject: string,
    version: number,
    keys: NewKeys,
    options?: { readonly existing: boolean },
  ): Promise<SubjectKeys | undefined>;
  /** Replaces what is still stored as it was read; how many were. A subject that was destroyed meanwhile stays destroyed. */
  rewrap(subject: string, changes: readonly Rewrapping[]): Promise<number>;
  /** Deletes the subject's keys of versions below; how many there were. Nothing may be encrypted under them any more. */
  retire(subject: string, below: number): Promise<number>;
  /** Deletes every key of the subject; how many there were. Until then nobody gives it new ones: what was under way stays out. */
  destroy(subject: string, goneUntil: EpochMs): Promise<number>;
  /** Subjects that a sweep has still to work on, oldest keys first. What was worked on is no longer found. */
  page(sweep: KeySweep, from: { after?: KeyCursor; limit: number }): Promise<{ rows: KeyRow[]; next?: KeyCursor }>;
  /** How many subjects a sweep would find; without one, how many have keys. */
  count(sweep?: KeySweep): Promise<number>;
}

export const memoryDataKeyStore = (): DataKeyStore => {
  const rows = new Map<string, SubjectKeys>();
  const gone = new Map<string, EpochMs>();
  const change = (subject: string, changed: { keys: SubjectKeys; count: number }): number => {
    if (countKeys(changed.keys) === 0) rows.delete(subject);
    else rows.set(subject, changed.keys);
    return changed.count;
  };
  const found = (sweep: KeySweep) =>
    [...rows].flatMap(([subject, keys]) => {
      const at = swept(keys, sweep);
      return at === undefined ? [] : [{ subject, keys, at }];
    });
  return {
    find: (subject) => Promise.resolve(rows.get(subject)),
    addVersion: (subject, version, keys, { existing } = { existing: false }) => {
      const stored = rows.get(subject);
      const refused = stored === undefined && (existing || isGone(gone.get(subject), keys));
      const next = refused ? undefined : (addTo(stored, version, keys) ?? stored);
      if (next !== undefined) rows.set(subject, next);
      return Promise.resolve(next);
    },
    rewrap: (subject, changes) => Promise.resolve(change(subject, rewrapIn(rows.get(subject), changes))),
    retire: (subject, below) => Promise.resolve(change(subject, retireFrom(rows.get(subject), below))),
    destroy: (subject, goneUntil) => {
      const count = countKeys(rows.get(subject));
      rows.delete(subject);
      gone.set(subject, goneUntil);
      return Promise.resolve(count);
    },
    page: (sweep, { after, limit }) => {
      const all = found(sweep).sort(byPlace);
      const rest = after === undefined ? all : all.filter((row) => byPlace(row, after) > 0);
      const last = rest.length > limit ? rest[limit - 1] : undefined;
      return Promise.resolve({
        rows: rest.slice(0, limit).map(({ subject, keys }) => ({ subject, keys })),
        ...(last !== undefined && { next: { at: last.at, subject: last.subject } }),
      });
    },
    count: (sweep) => Promise.resolve(sweep === undefined ? rows.size : found(sweep).length),
  };
};

const byPlace = (one: KeyCursor, other: KeyCursor): number =>
  one.at - other.at || (one.subject < other.subject ? -1 : Number(one.subject > other.subject));
