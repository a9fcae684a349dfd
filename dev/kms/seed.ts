import type { google } from "@google-cloud/kms/build/protos/protos.js";
import type { Kms } from "./api.ts";
import { createCryptoKey } from "./crypto-keys.ts";
import { createKeyRing } from "./key-rings.ts";
import { requireName } from "./names.ts";

export interface SeedTarget {
  /** Google Cloud project id. */
  readonly project: string;
  /** Cloud KMS location, such as "europe-west1". */
  readonly location: string;
}

const SYMMETRIC = { purpose: "ENCRYPT_DECRYPT" } as const;
const HARDWARE = { purpose: "ENCRYPT_DECRYPT", versionTemplate: { protectionLevel: "HSM" } } as const;
const SIGNING_P256 = { purpose: "ASYMMETRIC_SIGN", versionTemplate: { algorithm: "EC_SIGN_P256_SHA256" } } as const;
const SIGNING = { purpose: "ASYMMETRIC_SIGN", versionTemplate: { algorithm: "EC_SIGN_ED25519" } } as const;

/** The product's keys, the same as its infrastructure creates: ring, key, specification. */
const STANDARD_KEYS: readonly (readonly [ring: string, key: string, spec: google.cloud.kms.v1.ICryptoKey])[] = [
  ["firekeep-red", "fields", SYMMETRIC],
  ["firekeep-amber", "fields", SYMMETRIC],
  ["firekeep-vault", "fields", HARDWARE],
  ["firekeep-index", "roots", SYMMETRIC],
  ["firekeep-audit", "signing", SIGNING],
  ["firekeep-audit", "events", SIGNING_P256],
];

/** Makes the standard rings and keys that do not exist yet; a second run changes nothing. */
export const seedStore = (kms: Kms, { project, location }: SeedTarget): void => {
  const parent = requireName("location", `projects/${project}/locations/${location}`);
  for (const [keyRingId, cryptoKeyId, cryptoKey] of STANDARD_KEYS) {
    const ring = `${parent}/keyRings/${keyRingId}`;
    if (!kms.store.rings.has(ring)) createKeyRing(kms, { parent, keyRingId });
    if (!kms.store.keys.has(`${ring}/cryptoKeys/${cryptoKeyId}`)) {
      createCryptoKey(kms, { parent: ring, cryptoKeyId, cryptoKey });
    }
  }
};

/** What seeding needs of `KeyManagementServiceClient`. */
export interface SeedingClient {
  createKeyRing(request: google.cloud.kms.v1.ICreateKeyRingRequest): Promise<unknown>;
  createCryptoKey(request: google.cloud.kms.v1.ICreateCryptoKeyRequest): Promise<unknown>;
}

/** The same through a client, for a server in another process: what exists already is left as it is. */
export const seedKeys = async (client: SeedingClient, { project, location }: SeedTarget): Promise<void> => {
  const parent = `projects/${project}/locations/${location}`;
  for (const [keyRingId, cryptoKeyId, cryptoKey] of STANDARD_KEYS) {
    await unlessExists(client.createKeyRing({ parent, keyRingId }));
    await unlessExists(client.createCryptoKey({ parent: `${parent}/keyRings/${keyRingId}`, cryptoKeyId, cryptoKey }));
  }
};

const ALREADY_EXISTS = 6; // gRPC status

const unlessExists = async (creation: Promise<unknown>): Promise<void> => {
  try {
    await creation;
  } catch (error) {
    if ((error as { code?: unknown }).code !== ALREADY_EXISTS) throw error;
  }
};
