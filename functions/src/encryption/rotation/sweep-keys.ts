import { encryptionError } from "../errors.js";
import type { DataKey } from "../keys/data-key.js";
import { dataKeys, type DataKeyDeps } from "../keys/data-keys.js";
import type { KeyClass } from "../keys/key-class.js";
import { keyCache, type CacheLimits } from "../keys/key-cache.js";

/** The two keys that a sweep needs of a subject. */
export interface SweepKeys {
  /** One that there is. @throws encryption/key-missing when it was destroyed */
  old(subject: string, keyClass: KeyClass, version: number): Promise<DataKey>;
  /** The epoch's. @throws encryption/keys-unavailable while this instance has not heard of the epoch */
  next(subject: string, keyClass: KeyClass, epoch: number): Promise<DataKey>;
}

/**
 * Two caches: who only reads keeps a subject's latest key as its current one, and a sweep must not take that for the epoch's.
 * The epoch's key is asked for after the old one was found: who was erased gets no new key.
 */
export const sweepKeys = (deps: Omit<DataKeyDeps, "cache">, limits: CacheLimits): SweepKeys => {
  const cache = () =>
    keyCache({ clock: deps.clock, random: () => Buffer.from(deps.random(4)).readUInt32BE() / 2 ** 32 }, limits);
  const reading = dataKeys({ ...deps, cache: cache() });
  const writing = dataKeys({ ...deps, cache: cache() });
  return {
    old: async (subject, keyClass, version) => {
      const held = reading.cached.find(subject, keyClass, version);
      if (held !== undefined) return held;
      const keys = await reading.warm([{ subject, class: keyClass, version }], { create: false });
      return keys.find(subject, keyClass, version) ?? missing();
    },
    next: async (subject, keyClass, epoch) => {
      const held = writing.cached.find(subject, keyClass, undefined);
      const key =
        held ??
        (await writing.warm([{ subject, class: keyClass }], { create: "existing" })).find(subject, keyClass, undefined);
      if (key === undefined) return missing();
      if (key.id < epoch)
        throw encryptionError("keys-unavailable", { cause: new Error("the epoch is not known here yet") });
      return key;
    },
  };
};

const missing = (): never => {
  throw encryptionError("key-missing");
};
