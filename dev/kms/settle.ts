import type { Kms } from "./api.ts";
import { addVersion } from "./key-versions.ts";
import type { CryptoKey } from "./store.ts";
import type { EpochMs } from "./time.ts";

/**
 * Carries out what the clock has made due: rotations (one version for each period that has passed) and destructions,
 * after which the material exists neither in memory nor on disk.
 */
export const settle = ({ store, now }: Kms): void => {
  const at = now();
  if (at < store.dueAtMs) return;
  let changed = false;
  for (const key of store.keys.values()) {
    if (rotate(key, at)) changed = true;
    if (destroy(key, at)) changed = true;
  }
  if (changed) store.save();
  store.dueAtMs = Math.min(...[...store.keys.values()].map(nextDue));
};

const rotate = (key: CryptoKey, at: EpochMs): boolean => {
  let rotated = false;
  while (key.nextRotationAtMs !== undefined && key.nextRotationAtMs <= at) {
    key.primary = addVersion(key, key.nextRotationAtMs).id;
    if (key.rotationPeriodMs === undefined) delete key.nextRotationAtMs;
    else key.nextRotationAtMs += key.rotationPeriodMs;
    rotated = true;
  }
  return rotated;
};

const destroy = (key: CryptoKey, at: EpochMs): boolean => {
  const due = key.versions.filter(({ destroyAtMs }) => destroyAtMs !== undefined && destroyAtMs <= at);
  for (const version of due) {
    version.state = "DESTROYED";
    version.destroyedAtMs = version.destroyAtMs ?? at;
    delete version.destroyAtMs;
    delete version.material;
  }
  return due.length > 0;
};

const nextDue = (key: CryptoKey): EpochMs =>
  Math.min(key.nextRotationAtMs ?? Infinity, ...key.versions.map(({ destroyAtMs }) => destroyAtMs ?? Infinity));
