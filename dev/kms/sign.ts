import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Handle, Kms } from "./api.ts";
import { kmsError } from "./errors.ts";
import { findVersion, requirePurpose, usableMaterial } from "./find.ts";
import type { FoundVersion } from "./find.ts";
import { bytesOf, checksumOf, verifyChecksum } from "./integrity.ts";
import { signP256Digest } from "./p256.ts";
import { versionName } from "./present.ts";

const LARGEST_DATA_BYTES = 64 * 1024;

/**
 * Signs `data` (up to 64 KiB) or, with EC_SIGN_P256_SHA256, a SHA-256 `digest`; Ed25519 takes data only. ECDSA
 * signatures are DER (RFC 3279), Ed25519 ones 64 bytes (RFC 8032).
 */
export const asymmetricSign: Handle<"AsymmetricSign"> = (kms, request) => {
  const found = findSigningVersion(kms, request.name);
  const data = bytesOf(request.data);
  const digest = request.digest ? readDigest(found, bytesOf(request.digest.sha256)) : undefined;
  if (data.length > LARGEST_DATA_BYTES) throw kmsError("too-large", "data");
  if (data.length > 0 && digest !== undefined) throw kmsError("field-invalid", "digest: data is set too");
  const verifiedDataCrc32c = verifyChecksum("data", data, request.dataCrc32c);
  const verifiedDigestCrc32c = verifyChecksum("digest", digest ?? Buffer.alloc(0), request.digestCrc32c);
  const signature = signWith(found, digest, data);
  return {
    name: versionName(found.key, found.version),
    signature,
    signatureCrc32c: checksumOf(signature),
    verifiedDataCrc32c,
    verifiedDigestCrc32c,
    protectionLevel: found.version.protectionLevel,
  };
};

/** The public key as SubjectPublicKeyInfo in PEM, with the checksum of that text. */
export const getPublicKey: Handle<"GetPublicKey"> = (kms, request) => {
  const found = findSigningVersion(kms, request.name);
  const format = request.publicKeyFormat ?? "PUBLIC_KEY_FORMAT_UNSPECIFIED";
  if (format !== "PUBLIC_KEY_FORMAT_UNSPECIFIED" && format !== "PEM") {
    throw kmsError("not-implemented", `public key format ${format}`);
  }
  const pem = createPublicKey(privateKeyOf(found)).export({ format: "pem", type: "spki" }).toString();
  const pemCrc32c = checksumOf(Buffer.from(pem));
  return {
    name: versionName(found.key, found.version),
    algorithm: found.version.algorithm,
    protectionLevel: found.version.protectionLevel,
    pem,
    pemCrc32c,
    publicKeyFormat: "PEM",
    ...(format === "PEM" && { publicKey: { data: Buffer.from(pem), crc32cChecksum: pemCrc32c } }),
  };
};

const findSigningVersion = (kms: Kms, name: string | null | undefined): FoundVersion => {
  const found = findVersion(kms, name);
  requirePurpose(found.key, "ASYMMETRIC_SIGN");
  return found;
};

const readDigest = ({ version }: FoundVersion, sha256: Buffer): Buffer => {
  if (version.algorithm !== "EC_SIGN_P256_SHA256" || sha256.length !== 32) throw kmsError("field-invalid", "digest");
  return sha256;
};

const signWith = (found: FoundVersion, digest: Buffer | undefined, data: Buffer): Buffer => {
  const privateKey = privateKeyOf(found);
  if (found.version.algorithm === "EC_SIGN_ED25519") return sign(null, data, privateKey);
  return signP256Digest(privateKey, digest ?? createHash("sha256").update(data).digest());
};

const privateKeyOf = (found: FoundVersion): KeyObject =>
  createPrivateKey({ key: usableMaterial(found), format: "der", type: "pkcs8" });
