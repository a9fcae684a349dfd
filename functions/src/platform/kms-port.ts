import type { config } from "../config.js";

/** A key by its ring's role in `config.kms.rings` and its name in the ring. */
export interface KmsKey {
  readonly ring: keyof typeof config.kms.rings;
  readonly key: string;
}

/** What Firekeep needs of a key management service. Every method may throw the errors of `kmsError`. */
export interface Kms {
  /** Encrypts up to 64 KiB under the key's primary version. */
  encrypt(request: KmsKey & { plaintext: Uint8Array; associatedData: Uint8Array }): Promise<Uint8Array>;
  /** @throws encryption/kms-refused when ciphertext and associated data do not belong together */
  decrypt(request: KmsKey & { ciphertext: Uint8Array; associatedData: Uint8Array }): Promise<Uint8Array>;
  /** Signs with an EC_SIGN_ED25519 key; `version` is "1" unless given. */
  asymmetricSign(request: KmsKey & { version?: string; data: Uint8Array }): Promise<KmsSignature>;
  publicKey(request: KmsKey & { version?: string }): Promise<KmsPublicKey>;
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
