import type { EpochMs } from "../../kernel/time.js";

/** Data classes that have keys of their own. */
export type KeyClass = "RED" | "AMBER";

/** A subject's data keys as they lie in the database: wrapped by KMS, by class and version (1, 2 …). */
export type SubjectKeys = Readonly<Partial<Record<KeyClass, Readonly<Record<string, WrappedKey>>>>>;

export interface WrappedKey {
  readonly wrapped: Uint8Array;
  readonly createdAt: EpochMs;
}

export type FirstKeys = Readonly<Partial<Record<KeyClass, WrappedKey>>>;

export interface DataKeyStore {
  find(subject: string): Promise<SubjectKeys | undefined>;
  /**
   * Gives each of these classes its version 1, unless it has one already. Atomic: of two that race one wins, and both get
   * what is stored then.
   */
  addFirst(subject: string, keys: FirstKeys): Promise<SubjectKeys>;
  /** Deletes every key of the subject; how many there were. */
  destroy(subject: string): Promise<number>;
}

/** Version numbers of one class, lowest first. */
export const versionsOf = (keys: SubjectKeys | undefined, keyClass: KeyClass): number[] =>
  Object.keys(keys?.[keyClass] ?? {})
    .map(Number)
    .sort((a, b) => a - b);

export const countKeys = (keys: SubjectKeys | undefined): number =>
  versionsOf(keys, "RED").length + versionsOf(keys, "AMBER").length;

/** `stored` with version 1 for the classes that lack one; undefined when none does. */
export const withFirst = (stored: SubjectKeys | undefined, keys: FirstKeys): SubjectKeys | undefined => {
  const lacking = Object.entries(keys).filter(([keyClass]) => versionsOf(stored, keyClass as KeyClass).length === 0);
  if (lacking.length === 0) return undefined;
  return { ...stored, ...Object.fromEntries(lacking.map(([keyClass, key]) => [keyClass, { 1: key }])) };
};

export const memoryDataKeyStore = (): DataKeyStore => {
  const rows = new Map<string, SubjectKeys>();
  return {
    find: (subject) => Promise.resolve(rows.get(subject)),
    addFirst: (subject, keys) => {
      const next = withFirst(rows.get(subject), keys) ?? rows.get(subject) ?? {};
      rows.set(subject, next);
      return Promise.resolve(next);
    },
    destroy: (subject) => {
      const count = countKeys(rows.get(subject));
      rows.delete(subject);
      return Promise.resolve(count);
    },
  };
};
