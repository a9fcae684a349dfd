import type { google } from "@google-cloud/kms/build/protos/protos.js";
import { algorithmSpec, isAlgorithm } from "./algorithms.ts";
import type { ProtectionLevel, Purpose } from "./algorithms.ts";
import type { Handle, Kms } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findKey, findKeyRing, findVersion, requirePurpose } from "./find.ts";
import { addVersion } from "./key-versions.ts";
import { requireId } from "./names.ts";
import { byName, pageOf } from "./page.ts";
import { presentKey } from "./present.ts";
import { applyRotation, readRotation } from "./rotation.ts";
import type { CryptoKey } from "./store.ts";
import { DAY, fromProtoTime } from "./time.ts";

const DEFAULT_DESTROY_SCHEDULED_MS = 30 * DAY;
const PURPOSES = ["ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "MAC"] as const satisfies readonly Purpose[];
const PROTECTION_LEVELS = ["SOFTWARE", "HSM"] as const satisfies readonly ProtectionLevel[];

export const createCryptoKey: Handle<"CreateCryptoKey"> = (kms, request) => {
  const ring = findKeyRing(kms, request.parent);
  const name = `${ring.name}/cryptoKeys/${requireId(request.cryptoKeyId)}`;
  if (kms.store.keys.has(name)) throw kmsError("already-exists", `CryptoKey ${name}`);
  const key = newKey(kms, name, request.cryptoKey ?? {});
  if (request.skipInitialVersionCreation !== true) {
    const { id } = addVersion(key, kms.now());
    if (key.purpose === "ENCRYPT_DECRYPT") key.primary = id;
  }
  kms.store.keys.set(name, key);
  kms.store.save();
  return presentKey(key);
};

export const getCryptoKey: Handle<"GetCryptoKey"> = (kms, { name }) => presentKey(findKey(kms, name));

export const listCryptoKeys: Handle<"ListCryptoKeys"> = (kms, request) => {
  const prefix = `${findKeyRing(kms, request.parent).name}/cryptoKeys/`;
  const keys = [...kms.store.keys.values()].filter(({ name }) => name.startsWith(prefix)).sort(byName);
  const { items, ...page } = pageOf(keys, request);
  return { cryptoKeys: items.map(presentKey), ...page };
};

/** Takes labels, rotation_period, next_rotation_time and version_template; every other field is immutable. */
export const updateCryptoKey: Handle<"UpdateCryptoKey"> = (kms, { cryptoKey, updateMask }) => {
  const key = findKey(kms, cryptoKey?.name);
  const changes = cryptoKey ?? {};
  const paths = updateMask?.paths ?? [];
  if (paths.length === 0) throw kmsError("field-invalid", "update_mask");
  const wrong = paths.find((path) => !MUTABLE.includes(path));
  if (wrong !== undefined) throw kmsError("field-invalid", `update_mask: ${wrong}`);
  const template = paths.some((path) => path.startsWith("version_template"))
    ? readTemplate(key.purpose, { ...key.template, ...changes.versionTemplate })
    : key.template;
  applyRotation(key, readRotation(kms, key, changes, paths));
  key.template = template;
  if (paths.includes("labels")) key.labels = changes.labels ?? {};
  kms.store.save();
  return presentKey(key);
};

export const updateCryptoKeyPrimaryVersion: Handle<"UpdateCryptoKeyPrimaryVersion"> = (kms, request) => {
  const key = findKey(kms, request.name);
  requirePurpose(key, "ENCRYPT_DECRYPT");
  const versionName = `${key.name}/cryptoKeyVersions/${request.cryptoKeyVersionId ?? ""}`;
  const { version } = findVersion(kms, versionName);
  if (version.state !== "ENABLED") throw kmsError("state-refused", `CryptoKeyVersion ${versionName}`);
  key.primary = version.id;
  kms.store.save();
  return presentKey(key);
};

const MUTABLE = [
  "labels",
  "rotation_period",
  "next_rotation_time",
  "version_template",
  "version_template.algorithm",
  "version_template.protection_level",
];

const newKey = (kms: Kms, name: string, wanted: google.cloud.kms.v1.ICryptoKey): CryptoKey => {
  const purpose = PURPOSES.find((known) => known === wanted.purpose);
  if (purpose === undefined) throw purposeError(wanted.purpose);
  if (wanted.importOnly === true) throw kmsError("not-implemented", "import_only");
  const key: CryptoKey = {
    name,
    purpose,
    createdAtMs: kms.now(),
    destroyScheduledMs: readDestroyScheduled(wanted),
    template: readTemplate(purpose, wanted.versionTemplate ?? {}),
    labels: wanted.labels ?? {},
    versions: [],
  };
  applyRotation(key, readRotation(kms, key, wanted, ["rotation_period", "next_rotation_time"]));
  return key;
};

const purposeError = (purpose: google.cloud.kms.v1.ICryptoKey["purpose"]): Error =>
  !purpose || purpose === "CRYPTO_KEY_PURPOSE_UNSPECIFIED"
    ? kmsError("field-invalid", "crypto_key.purpose")
    : kmsError("not-implemented", `purpose ${purpose}`);

const readTemplate = (
  purpose: Purpose,
  { algorithm, protectionLevel }: google.cloud.kms.v1.ICryptoKeyVersionTemplate,
): CryptoKey["template"] => {
  const unset = !algorithm || algorithm === "CRYPTO_KEY_VERSION_ALGORITHM_UNSPECIFIED";
  const wanted = unset && purpose === "ENCRYPT_DECRYPT" ? "GOOGLE_SYMMETRIC_ENCRYPTION" : algorithm;
  if (!wanted || (unset && purpose !== "ENCRYPT_DECRYPT"))
    throw kmsError("field-invalid", "version_template.algorithm");
  if (!isAlgorithm(wanted)) throw kmsError("not-implemented", `algorithm ${wanted}`);
  if (algorithmSpec(wanted).purpose !== purpose) throw kmsError("field-invalid", "version_template.algorithm");
  const wantedLevel =
    !protectionLevel || protectionLevel === "PROTECTION_LEVEL_UNSPECIFIED" ? "SOFTWARE" : protectionLevel;
  const level = PROTECTION_LEVELS.find((known) => known === wantedLevel);
  if (level === undefined) throw kmsError("not-implemented", `protection level ${protectionLevel ?? ""}`);
  return { algorithm: wanted, protectionLevel: level };
};

const readDestroyScheduled = ({ destroyScheduledDuration }: google.cloud.kms.v1.ICryptoKey): number => {
  if (!destroyScheduledDuration) return DEFAULT_DESTROY_SCHEDULED_MS;
  const ms = fromProtoTime("destroy_scheduled_duration", destroyScheduledDuration);
  if (ms < DAY || ms > 120 * DAY) throw kmsError("field-invalid", "destroy_scheduled_duration");
  return ms;
};
