import { createHmac, timingSafeEqual } from "node:crypto";
import { algorithmSpec } from "./algorithms.ts";
import type { Handle, Kms } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findVersion, requirePurpose, usableMaterial } from "./find.ts";
import type { FoundVersion } from "./find.ts";
import { bytesOf, checksumOf, verifyChecksum } from "./integrity.ts";
import { versionName } from "./present.ts";

const LARGEST_DATA_BYTES = 64 * 1024;

/** HMAC of up to 64 KiB of data. */
export const macSign: Handle<"MacSign"> = (kms, request) => {
  const found = findMacVersion(kms, request.name);
  const data = readData(request.data);
  const verifiedDataCrc32c = verifyChecksum("data", data, request.dataCrc32c);
  const mac = computeMac(found, data);
  return {
    name: versionName(found.key, found.version),
    mac,
    macCrc32c: checksumOf(mac),
    verifiedDataCrc32c,
    protectionLevel: found.version.protectionLevel,
  };
};

/** A wrong MAC is an answer (`success: false`), not an error. */
export const macVerify: Handle<"MacVerify"> = (kms, request) => {
  const found = findMacVersion(kms, request.name);
  const data = readData(request.data);
  const mac = bytesOf(request.mac);
  const verifiedDataCrc32c = verifyChecksum("data", data, request.dataCrc32c);
  const verifiedMacCrc32c = verifyChecksum("mac", mac, request.macCrc32c);
  const expected = computeMac(found, data);
  const success = mac.length === expected.length && timingSafeEqual(mac, expected);
  return {
    name: versionName(found.key, found.version),
    success,
    verifiedSuccessIntegrity: success,
    verifiedDataCrc32c,
    verifiedMacCrc32c,
    protectionLevel: found.version.protectionLevel,
  };
};

const findMacVersion = (kms: Kms, name: string | null | undefined): FoundVersion => {
  const found = findVersion(kms, name);
  requirePurpose(found.key, "MAC");
  return found;
};

const readData = (value: Uint8Array | string | null | undefined): Buffer => {
  const data = bytesOf(value);
  if (data.length > LARGEST_DATA_BYTES) throw kmsError("too-large", "data");
  return data;
};

const computeMac = (found: FoundVersion, data: Buffer): Buffer =>
  createHmac(algorithmSpec(found.version.algorithm).hash ?? "sha256", usableMaterial(found))
    .update(data)
    .digest();
