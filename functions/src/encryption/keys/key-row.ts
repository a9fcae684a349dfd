import { timingSafeEqual } from "node:crypto";
import type { EpochMs } from "../../kernel/time.js";
import type { KeySweep } from "./data-key-store.js";
import type { KeyClass } from "./key-class.js";
import { classesOf, versionsOf, type NewKeys, type Rewrapping, type SubjectKeys } from "./subject-keys.js";

/** What sweeps search by, beside the keys: the lowest KMS version that wraps a key of each class, the lowest data-key version. */
interface KeySummary {
  readonly kek: Readonly<Partial<Record<KeyClass, number>>>;
  readonly low: number;
}

export const summaryOf = (keys: SubjectKeys): KeySummary => {
  const classes = classesOf(keys);
  const lowest = (keyClass: KeyClass) => Math.min(...Object.values(keys[keyClass] ?? {}).map(({ kek }) => kek));
  return {
    kek: Object.fromEntries(classes.map((keyClass) => [keyClass, lowest(keyClass)])),
    low: Math.min(...classes.flatMap((keyClass) => versionsOf(keys, keyClass))),
  };
};

/** The number by which a sweep finds this subject; undefined when it has nothing to do there. */
export const swept = (keys: SubjectKeys, sweep: KeySweep): number | undefined => {
  const { kek, low } = summaryOf(keys);
  const at = sweep.by === "kek" ? kek[sweep.class] : low;
  return at !== undefined && at < sweep.below ? at : undefined;
};

/** Whether keys come too late: made before the time until which their subject's destroyed ones shall not come back. */
export const isGone = (goneUntil: EpochMs | undefined, keys: NewKeys): boolean =>
  goneUntil !== undefined && entries(keys).some(([, { createdAt }]) => createdAt < goneUntil);

/** `stored` with this version for the classes that lack it; undefined when none does. */
export const addTo = (stored: SubjectKeys | undefined, version: number, keys: NewKeys): SubjectKeys | undefined => {
  const lacking = entries(keys).filter(([keyClass]) => stored?.[keyClass]?.[String(version)] === undefined);
  if (lacking.length === 0) return undefined;
  const added = lacking.map(([keyClass, key]) => [keyClass, { ...stored?.[keyClass], [version]: key }]);
  return { ...stored, ...(Object.fromEntries(added) as SubjectKeys) };
};

export const rewrapIn = (
  stored: SubjectKeys | undefined,
  changes: readonly Rewrapping[],
): { keys: SubjectKeys; count: number } => {
  let keys = stored ?? {};
  let count = 0;
  for (const { class: keyClass, version, before, wrapped, kek } of changes) {
    const key = keys[keyClass]?.[String(version)];
    if (key === undefined || !same(key.wrapped, before)) continue;
    keys = { ...keys, [keyClass]: { ...keys[keyClass], [version]: { ...key, wrapped, kek } } };
    count += 1;
  }
  return { keys, count };
};

export const retireFrom = (stored: SubjectKeys | undefined, below: number): { keys: SubjectKeys; count: number } => {
  let count = 0;
  const kept = classesOf(stored).flatMap((keyClass) => {
    const versions = Object.entries(stored?.[keyClass] ?? {});
    const left = versions.filter(([version]) => Number(version) >= below);
    count += versions.length - left.length;
    return left.length === 0 ? [] : [[keyClass, Object.fromEntries(left)]];
  });
  return { keys: Object.fromEntries(kept) as SubjectKeys, count };
};

/** Whether two wrappings are the same bytes. */
export const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const entries = (keys: NewKeys) => Object.entries(keys) as [KeyClass, NonNullable<NewKeys[KeyClass]>][];
