import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { ProtectionLevel } from "./algorithms.ts";
import type { Handle } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findEncryptingVersion, findKey, requirePurpose, usableMaterial } from "./find.ts";
import { bytesOf, checksumOf, verifyChecksum } from "./integrity.ts";
import { versionName } from "./present.ts";

const KIB = 1024;
const FORMAT = 1;
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Ciphertext: `format (1) || version number (4, big-endian) || nonce (12) || AES-256-GCM ciphertext || tag (16)`.
 * The header is authenticated before the caller's associated data; to callers the whole is opaque, as in Cloud KMS.
 *
 * Limits: 64 KiB of plaintext and of associated data each; 8 KiB together under an HSM key.
 */
export const encrypt: Handle<"Encrypt"> = (kms, request) => {
  const found = findEncryptingVersion(kms, request.name);
  requirePurpose(found.key, "ENCRYPT_DECRYPT");
  const plaintext = bytesOf(request.plaintext);
  const associatedData = bytesOf(request.additionalAuthenticatedData);
  requireSizes(found.version.protectionLevel, plaintext, associatedData);
  const verifiedPlaintextCrc32c = verifyChecksum("plaintext", plaintext, request.plaintextCrc32c);
  const verifiedAdditionalAuthenticatedDataCrc32c = verifyAssociatedData(associatedData, request);
  const ciphertext = seal(usableMaterial(found), found.version.id, plaintext, associatedData);
  return {
    name: versionName(found.key, found.version),
    ciphertext,
    ciphertextCrc32c: checksumOf(ciphertext),
    verifiedPlaintextCrc32c,
    verifiedAdditionalAuthenticatedDataCrc32c,
    protectionLevel: found.version.protectionLevel,
  };
};

/** Finds the version in the ciphertext. Another key, other associated data and altered bytes are one error. */
export const decrypt: Handle<"Decrypt"> = (kms, request) => {
  const key = findKey(kms, request.name);
  requirePurpose(key, "ENCRYPT_DECRYPT");
  const ciphertext = bytesOf(request.ciphertext);
  const associatedData = bytesOf(request.additionalAuthenticatedData);
  verifyChecksum("ciphertext", ciphertext, request.ciphertextCrc32c);
  verifyAssociatedData(associatedData, request);
  const wellFormed = ciphertext.length >= HEADER_BYTES + NONCE_BYTES + TAG_BYTES && ciphertext[0] === FORMAT;
  const version = wellFormed ? key.versions.find(({ id }) => id === ciphertext.readUInt32BE(1)) : undefined;
  if (version === undefined) throw kmsError("decryption-failed");
  const plaintext = unseal(usableMaterial({ key, version }), ciphertext, associatedData);
  return {
    plaintext,
    plaintextCrc32c: checksumOf(plaintext),
    usedPrimary: version.id === key.primary,
    protectionLevel: version.protectionLevel,
  };
};

interface AssociatedDataChecksum {
  additionalAuthenticatedDataCrc32c?: Parameters<typeof verifyChecksum>[2];
}

const verifyAssociatedData = (associatedData: Buffer, request: AssociatedDataChecksum): boolean =>
  verifyChecksum("additional_authenticated_data", associatedData, request.additionalAuthenticatedDataCrc32c);

const requireSizes = (level: ProtectionLevel, plaintext: Buffer, associatedData: Buffer): void => {
  if (plaintext.length > 64 * KIB) throw kmsError("too-large", "plaintext");
  if (associatedData.length > 64 * KIB) throw kmsError("too-large", "additional_authenticated_data");
  if (level === "HSM" && plaintext.length + associatedData.length > 8 * KIB) throw kmsError("too-large", "plaintext");
};

const seal = (material: Buffer, id: number, plaintext: Buffer, associatedData: Buffer): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES, FORMAT);
  header.writeUInt32BE(id, 1);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", material, nonce).setAAD(Buffer.concat([header, associatedData]));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
};

const unseal = (material: Buffer, ciphertext: Buffer, associatedData: Buffer): Buffer => {
  const header = ciphertext.subarray(0, HEADER_BYTES);
  const nonce = ciphertext.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", material, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.concat([header, associatedData]))
    .setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const body = ciphertext.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES);
  try {
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    throw kmsError("decryption-failed");
  }
};
