import { generateKeyPairSync, randomBytes } from "node:crypto";

export type Purpose = "ENCRYPT_DECRYPT" | "ASYMMETRIC_SIGN" | "MAC";
export type ProtectionLevel = "SOFTWARE" | "HSM";

/** What may sign, encrypt or authenticate here. `generate` gives raw key bytes, or PKCS #8 DER of a private key. */
interface AlgorithmSpec {
  readonly purpose: Purpose;
  /** Digest by its node:crypto name; absent where the algorithm has no choice of one. */
  readonly hash?: string;
  readonly generate: () => Buffer;
}

const ecPrivateKey = (namedCurve: string): Buffer =>
  generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "der", type: "pkcs8" });

const ALGORITHMS = {
  GOOGLE_SYMMETRIC_ENCRYPTION: { purpose: "ENCRYPT_DECRYPT", generate: () => randomBytes(32) }, // AES-256-GCM
  HMAC_SHA1: { purpose: "MAC", hash: "sha1", generate: () => randomBytes(20) },
  HMAC_SHA224: { purpose: "MAC", hash: "sha224", generate: () => randomBytes(28) },
  HMAC_SHA256: { purpose: "MAC", hash: "sha256", generate: () => randomBytes(32) },
  HMAC_SHA384: { purpose: "MAC", hash: "sha384", generate: () => randomBytes(48) },
  HMAC_SHA512: { purpose: "MAC", hash: "sha512", generate: () => randomBytes(64) },
  EC_SIGN_ED25519: {
    purpose: "ASYMMETRIC_SIGN",
    generate: () => generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" }),
  },
  EC_SIGN_P256_SHA256: { purpose: "ASYMMETRIC_SIGN", hash: "sha256", generate: () => ecPrivateKey("P-256") },
} as const satisfies Record<string, AlgorithmSpec>;

export type Algorithm = keyof typeof ALGORITHMS;

export const isAlgorithm = (name: unknown): name is Algorithm =>
  typeof name === "string" && Object.hasOwn(ALGORITHMS, name);

/** The algorithm's table row, with the fields that only some have. */
export const algorithmSpec = (algorithm: Algorithm): AlgorithmSpec => ALGORITHMS[algorithm];
