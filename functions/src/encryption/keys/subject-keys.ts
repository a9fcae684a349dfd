import type { EpochMs } from "../../kernel/time.js";
import { isKeyClass, type KeyClass } from "./key-class.js";

/** A subject's data keys as they lie in the database: wrapped by KMS, by class and version. */
export type SubjectKeys = Readonly<Partial<Record<KeyClass, Readonly<Record<string, WrappedKey>>>>>;

export interface WrappedKey {
  readonly wrapped: Uint8Array;
  readonly createdAt: EpochMs;
  /** Number of the KMS key version that wraps it. */
  readonly kek: number;
}

export type NewKeys = Readonly<Partial<Record<KeyClass, WrappedKey>>>;

/** One wrapped key in the place of another that holds the same data key. */
export interface Rewrapping {
  readonly class: KeyClass;
  readonly version: number;
  /** What was read. Left alone when something else is stored by now. */
  readonly before: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly kek: number;
}

/** The classes of which a subject has keys. */
export const classesOf = (keys: SubjectKeys | undefined): KeyClass[] => Object.keys(keys ?? {}).filter(isKeyClass);

/** Version numbers of one class, lowest first. */
export const versionsOf = (keys: SubjectKeys | undefined, keyClass: KeyClass): number[] =>
  Object.keys(keys?.[keyClass] ?? {})
    .map(Number)
    .sort((a, b) => a - b);

export const countKeys = (keys: SubjectKeys | undefined): number =>
  classesOf(keys).reduce((sum, keyClass) => sum + versionsOf(keys, keyClass).length, 0);
