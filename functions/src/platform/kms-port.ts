import type { config } from "../config.js";

/** A key by its ring's role in `config.kms.rings` and its name in the ring. */
export interface KmsKey {
  readonly ring: keyof typeof config.kms.rings;
  readonly key: string;
  /** One of the locations in FIREKEEP_KMS_LOCATION; absent: the first of them, which is home. */
  readonly location?: string;
}

/** What Firekeep needs of a key management service. Every method may throw the errors of `kmsError`. */
export interface Kms {
  /** Encrypts up to 64 KiB under the key's primary version. */
  encrypt(request: KmsKey & { plaintext: Uint8Array; associatedData: Uint8Array }): Promise<KmsCiphertext>;
  /** @throws encryption/kms-refused when ciphertext and associated data do not belong together, or its version is not enabled */
  decrypt(request: KmsKey & { ciphertext: Uint8Array; associatedData: Uint8Array }): Promise<Uint8Array>;
  /** Signs with an EC_SIGN_ED25519 key; `version` is "1" unless given. */
  asymmetricSign(request: KmsKey & { version?: string; data: Uint8Array }): Promise<KmsSignature>;
  publicKey(request: KmsKey & { version?: string }): Promise<KmsPublicKey>;
}

export interface KmsCiphertext {
  /** Names the version that made it, so that any enabled version's ciphertext can be opened. */
  readonly ciphertext: Uint8Array;
  /** Number of the key version that encrypted: 1, 2 … */
  readonly version: number;
}

export interface KmsSignature {
  readonly signature: Uint8Array;
  /** Full resource name of the key version that signed. */
  readonly keyVersion: string;
}

export interface KmsPublicKey {
  /** SubjectPublicKeyInfo, RFC 7468. */
  readonly pem: string;
  readonly keyVersion: string;
}
