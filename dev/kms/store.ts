import type { Algorithm, ProtectionLevel, Purpose } from "./algorithms.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";
import type { EpochMs } from "./time.ts";

export interface KeyRing {
  readonly name: string;
  readonly createdAtMs: EpochMs;
}

export type VersionState = "ENABLED" | "DISABLED" | "DESTROY_SCHEDULED" | "DESTROYED";

export interface KeyVersion {
  readonly id: number;
  readonly algorithm: Algorithm;
  readonly protectionLevel: ProtectionLevel;
  readonly createdAtMs: EpochMs;
  state: VersionState;
  /** When the material goes; only while DESTROY_SCHEDULED. */
  destroyAtMs?: EpochMs;
  destroyedAtMs?: EpochMs;
  /** Base64 of the raw key, or of a private key in PKCS #8 DER; absent once destroyed. */
  material?: string;
}

export interface CryptoKey {
  readonly name: string;
  readonly purpose: Purpose;
  readonly createdAtMs: EpochMs;
  readonly destroyScheduledMs: number;
  /** What the next version will be. */
  template: { algorithm: Algorithm; protectionLevel: ProtectionLevel };
  labels: Record<string, string>;
  /** Number of the version that Encrypt uses. */
  primary?: number;
  rotationPeriodMs?: number;
  nextRotationAtMs?: EpochMs;
  readonly versions: KeyVersion[];
}

export interface KeyState {
  readonly rings: Map<string, KeyRing>;
  readonly keys: Map<string, CryptoKey>;
}

export interface KeyStore extends KeyState {
  /** Makes every change since the last call durable, at once and wholly. */
  readonly save: () => void;
  /** No rotation or destruction is due before this moment; 0 = not known. */
  dueAtMs: EpochMs;
}

/** Keys by name; in memory only, or in `dir` (created with mode 0700). One process may use a directory at a time. */
export const openKeyStore = (dir?: string): KeyStore => {
  const file = dir === undefined ? undefined : readKeyFile(dir);
  let revision = file?.revision;
  const store: KeyStore = {
    rings: new Map(file?.rings.map((ring) => [ring.name, ring])),
    keys: new Map(file?.keys.map((key) => [key.name, key])),
    dueAtMs: 0,
    save: () => {
      store.dueAtMs = 0;
      if (dir !== undefined) revision = writeKeyFile(dir, store, revision);
    },
  };
  return store;
};
