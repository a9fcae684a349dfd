import type { google } from "@google-cloud/kms/build/protos/protos.js";
import type { CryptoKey, KeyRing, KeyVersion } from "./store.ts";
import { toProtoTime } from "./time.ts";

export const presentKeyRing = (ring: KeyRing): google.cloud.kms.v1.IKeyRing => ({
  name: ring.name,
  createTime: toProtoTime(ring.createdAtMs),
});

/** A key's public side; never its material. */
export const presentKey = (key: CryptoKey): google.cloud.kms.v1.ICryptoKey => {
  const primary = key.versions.find(({ id }) => id === key.primary);
  return {
    name: key.name,
    purpose: key.purpose,
    createTime: toProtoTime(key.createdAtMs),
    versionTemplate: key.template,
    labels: key.labels,
    destroyScheduledDuration: toProtoTime(key.destroyScheduledMs),
    ...(primary !== undefined && { primary: presentVersion(key, primary) }),
    ...(key.rotationPeriodMs !== undefined && { rotationPeriod: toProtoTime(key.rotationPeriodMs) }),
    ...(key.nextRotationAtMs !== undefined && { nextRotationTime: toProtoTime(key.nextRotationAtMs) }),
  };
};

export const presentVersion = (key: CryptoKey, version: KeyVersion): google.cloud.kms.v1.ICryptoKeyVersion => ({
  name: versionName(key, version),
  state: version.state,
  algorithm: version.algorithm,
  protectionLevel: version.protectionLevel,
  createTime: toProtoTime(version.createdAtMs),
  generateTime: toProtoTime(version.createdAtMs),
  ...(version.destroyAtMs !== undefined && { destroyTime: toProtoTime(version.destroyAtMs) }),
  ...(version.destroyedAtMs !== undefined && { destroyEventTime: toProtoTime(version.destroyedAtMs) }),
});

export const versionName = (key: CryptoKey, version: KeyVersion): string =>
  `${key.name}/cryptoKeyVersions/${version.id}`;
