import type { Purpose } from "./algorithms.ts";
import type { Kms } from "./api.ts";
import { kmsError } from "./errors.ts";
import { isName, requireName, splitVersionName } from "./names.ts";
import { versionName } from "./present.ts";
import type { CryptoKey, KeyRing, KeyVersion } from "./store.ts";

type Name = string | null | undefined;

/** A version with the key it belongs to. */
export interface FoundVersion {
  readonly key: CryptoKey;
  readonly version: KeyVersion;
}

/** @throws INVALID_ARGUMENT for another kind of name, NOT_FOUND */
export const findKeyRing = ({ store }: Kms, name: Name): KeyRing => {
  const ring = store.rings.get(requireName("keyRing", name));
  if (ring === undefined) throw kmsError("not-found", `KeyRing ${name ?? ""}`);
  return ring;
};

/** @throws INVALID_ARGUMENT for another kind of name, NOT_FOUND */
export const findKey = ({ store }: Kms, name: Name): CryptoKey => {
  const key = store.keys.get(requireName("cryptoKey", name));
  if (key === undefined) throw kmsError("not-found", `CryptoKey ${name ?? ""}`);
  return key;
};

/** @throws INVALID_ARGUMENT for another kind of name, NOT_FOUND */
export const findVersion = (kms: Kms, name: Name): FoundVersion => {
  const { keyName, id } = splitVersionName(requireName("cryptoKeyVersion", name));
  const key = findKey(kms, keyName);
  const version = key.versions.find((candidate) => candidate.id === id);
  if (version === undefined) throw kmsError("not-found", `CryptoKeyVersion ${name ?? ""}`);
  return { key, version };
};

/** The version that Encrypt uses: the one named, or the primary of the key named. */
export const findEncryptingVersion = (kms: Kms, name: Name): FoundVersion => {
  if (typeof name === "string" && isName("cryptoKeyVersion", name)) return findVersion(kms, name);
  const key = findKey(kms, name);
  const version = key.versions.find(({ id }) => id === key.primary);
  requirePurpose(key, "ENCRYPT_DECRYPT");
  if (version === undefined) throw kmsError("no-primary", `CryptoKey ${key.name}`);
  return { key, version };
};

/** @throws FAILED_PRECONDITION when the key has another purpose */
export const requirePurpose = (key: CryptoKey, purpose: Purpose): void => {
  if (key.purpose !== purpose) throw kmsError("purpose-refused", `CryptoKey ${key.name} (${key.purpose})`);
};

/** The version's key material. @throws FAILED_PRECONDITION unless the version is enabled */
export const usableMaterial = ({ key, version }: FoundVersion): Buffer => {
  if (version.state !== "ENABLED" || version.material === undefined) {
    throw kmsError("not-enabled", `${versionName(key, version)} is not enabled, current state is: ${version.state}`);
  }
  return Buffer.from(version.material, "base64");
};
