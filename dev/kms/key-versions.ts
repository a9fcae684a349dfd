import { algorithmSpec } from "./algorithms.ts";
import type { Handle } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findKey, findVersion } from "./find.ts";
import { pageOf } from "./page.ts";
import { presentVersion, versionName } from "./present.ts";
import type { CryptoKey, KeyVersion, VersionState } from "./store.ts";
import type { EpochMs } from "./time.ts";

/** Adds an enabled version with fresh material of the key's template; numbers are never used twice. */
export const addVersion = (key: CryptoKey, createdAtMs: EpochMs): KeyVersion => {
  const version: KeyVersion = {
    id: key.versions.length + 1,
    ...key.template,
    createdAtMs,
    state: "ENABLED",
    material: algorithmSpec(key.template.algorithm).generate().toString("base64"),
  };
  key.versions.push(version);
  return version;
};

/** Unlike Cloud KMS, the version is enabled at once: nothing is PENDING_GENERATION here. */
export const createCryptoKeyVersion: Handle<"CreateCryptoKeyVersion"> = (kms, request) => {
  const key = findKey(kms, request.parent);
  const version = addVersion(key, kms.now());
  if (request.cryptoKeyVersion?.state === "DISABLED") version.state = "DISABLED";
  kms.store.save();
  return presentVersion(key, version);
};

export const getCryptoKeyVersion: Handle<"GetCryptoKeyVersion"> = (kms, { name }) => {
  const { key, version } = findVersion(kms, name);
  return presentVersion(key, version);
};

export const listCryptoKeyVersions: Handle<"ListCryptoKeyVersions"> = (kms, request) => {
  const key = findKey(kms, request.parent);
  const { items, ...page } = pageOf(key.versions, request);
  return { cryptoKeyVersions: items.map((version) => presentVersion(key, version)), ...page };
};

/** Enables or disables; the only mutable field is the state. */
export const updateCryptoKeyVersion: Handle<"UpdateCryptoKeyVersion"> = (kms, { cryptoKeyVersion, updateMask }) => {
  const { key, version } = findVersion(kms, cryptoKeyVersion?.name);
  const paths = updateMask?.paths ?? [];
  if (paths.length === 0 || paths.some((path) => path !== "state")) throw kmsError("field-invalid", "update_mask");
  const state = cryptoKeyVersion?.state;
  if (state !== "ENABLED" && state !== "DISABLED") throw kmsError("field-invalid", "crypto_key_version.state");
  requireState(key, version, ["ENABLED", "DISABLED"]);
  version.state = state;
  kms.store.save();
  return presentVersion(key, version);
};

/** Schedules the destruction; until then the version can be restored. */
export const destroyCryptoKeyVersion: Handle<"DestroyCryptoKeyVersion"> = (kms, { name }) => {
  const { key, version } = findVersion(kms, name);
  requireState(key, version, ["ENABLED", "DISABLED"]);
  version.state = "DESTROY_SCHEDULED";
  version.destroyAtMs = kms.now() + key.destroyScheduledMs;
  kms.store.save();
  return presentVersion(key, version);
};

/** Takes a scheduled destruction back; the version comes back disabled. */
export const restoreCryptoKeyVersion: Handle<"RestoreCryptoKeyVersion"> = (kms, { name }) => {
  const { key, version } = findVersion(kms, name);
  requireState(key, version, ["DESTROY_SCHEDULED"]);
  version.state = "DISABLED";
  delete version.destroyAtMs;
  kms.store.save();
  return presentVersion(key, version);
};

const requireState = (key: CryptoKey, version: KeyVersion, allowed: readonly VersionState[]): void => {
  if (allowed.includes(version.state)) return;
  throw kmsError("state-refused", `CryptoKeyVersion ${versionName(key, version)} (${version.state})`);
};
