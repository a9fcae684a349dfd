import { concat, randomBytes, sameBytes, tuple, wipe, type Bytes } from "../bytes.ts";
import { wrongKey } from "./errors.ts";
import { formatRecoveryKey, withRecoveryKey } from "./recovery-key.ts";

/** A person's key on this device. None of its parts can be read by this page or any other; IndexedDB keeps it as it is. */
export interface MasterKey {
  /** 32 bytes that name the key and commit to it. Public. */
  readonly commitment: Bytes;
  /** Wraps the keys of files (AES-256-GCM). */
  readonly wrap: CryptoKey;
  /** What keys of texts are derived from (HKDF). */
  readonly derive: CryptoKey;
}

/** A master key as it is made: the only moment in which its recovery key can be shown, or another lock be made for it. */
export interface NewMasterKey {
  readonly master: MasterKey;
  /** To print. Whoever has it opens everything that was sealed under the key. */
  readonly recoveryKey: string;
}

/** 256 random bits. Nobody can recover them but by the recovery key, or a passkey's lock made with it. */
export const createMasterKey = async (): Promise<NewMasterKey> => {
  const secret = randomBytes(32);
  try {
    return { master: await importMasterKey(secret), recoveryKey: formatRecoveryKey(secret) };
  } finally {
    wipe(secret);
  }
};

/**
 * The key behind a recovery key. `commitment`, taken from anything that was sealed under it, tells a wrong one at once.
 *
 * @throws FirekeepError `client/recovery-key-malformed`, `client/sealed-key-wrong`
 */
export const recoverMasterKey = (recoveryKey: string, commitment?: Uint8Array): Promise<MasterKey> =>
  withRecoveryKey(recoveryKey, async (secret) => {
    const master = await importMasterKey(secret);
    if (commitment !== undefined && !sameBytes(master.commitment, commitment)) throw wrongKey();
    return master;
  });

/** All that is ever used of the 32 secret bytes: HKDF-SHA-384 (RFC 5869) with an empty salt, one info for each purpose. */
export const importMasterKey = async (secret: Uint8Array): Promise<MasterKey> => {
  const root = await crypto.subtle.importKey("raw", Uint8Array.from(secret), "HKDF", false, [
    "deriveBits",
    "deriveKey",
  ]);
  const texts = await bits(root, "text");
  const [commitment, wrap, derive] = await Promise.all([
    bits(root, "commitment"),
    crypto.subtle.deriveKey(hkdf("wrap"), root, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]),
    crypto.subtle.importKey("raw", texts, "HKDF", false, ["deriveBits"]),
  ]);
  wipe(texts);
  return { commitment, wrap, derive };
};

const bits = async (root: CryptoKey, purpose: string): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.deriveBits(hkdf(purpose), root, 256));

const hkdf = (purpose: string) => ({
  name: "HKDF",
  hash: "SHA-384",
  salt: new Uint8Array(0),
  info: concat(tuple("firekeep-sealed/1", purpose)),
});
