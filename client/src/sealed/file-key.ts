import { concat, randomBytes, sameBytes } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { altered, refuseAltered, wrongKey } from "./errors.ts";
import { FLOE_KEY } from "./floe.ts";
import type { MasterKey } from "./master-key.ts";
import { associatedData, type Place } from "./place.ts";

/**
 * The envelope of a file: its own random key, wrapped by its owner's master key. Stored beside the file, not in it, so that a
 * new master key rewrites 93 bytes and no content.
 *
 *   1 │ master key's commitment 32 │ IV 12 │ wrapped key 32 + tag 16
 */
export const ENVELOPE_BYTES = 93;

/** A fresh key for one file. Random IVs allow 2³² envelopes under one master key (NIST SP 800-38D §8.3). */
export const newFileKey = async (master: MasterKey, place: Place): Promise<{ key: CryptoKey; envelope: Bytes }> => {
  const key = await crypto.subtle.generateKey(FLOE_KEY, true, ["sign"]);
  const envelope = await wrapped(master, key, place);
  return { key: await opened(master, envelope, place, false), envelope };
};

/**
 * The key in an envelope, not readable by the page.
 *
 * @throws FirekeepError `client/sealed-key-wrong` before anything is tried with another master key, `client/sealed-altered`
 */
export const openFileKey = (master: MasterKey, envelope: Uint8Array, place: Place): Promise<CryptoKey> =>
  opened(master, envelope, place, false);

/**
 * The same file key under a new master key: the content stays as it is.
 *
 * @throws FirekeepError as openFileKey
 */
export const rewrapFileKey = async (
  change: { from: MasterKey; to: MasterKey },
  envelope: Uint8Array,
  place: Place,
): Promise<Bytes> => wrapped(change.to, await opened(change.from, envelope, place, true), place);

/** Which master key an envelope, or a sealed text, needs. */
export const commitmentOf = (sealed: Uint8Array): Bytes => sealed.slice(1, 33);

const wrapped = async (master: MasterKey, key: CryptoKey, place: Place): Promise<Bytes> => {
  const iv = randomBytes(12);
  const secret = await crypto.subtle.wrapKey("raw", key, master.wrap, gcm(iv, place));
  return concat(Uint8Array.of(VERSION), master.commitment, iv, new Uint8Array(secret));
};

const opened = async (
  master: MasterKey,
  envelope: Uint8Array,
  place: Place,
  extractable: boolean,
): Promise<CryptoKey> => {
  if (envelope.length !== ENVELOPE_BYTES || envelope[0] !== VERSION) throw altered();
  if (!sameBytes(commitmentOf(envelope), master.commitment)) throw wrongKey();
  const [iv, secret] = [envelope.slice(33, 45), envelope.slice(45)];
  const key = crypto.subtle.unwrapKey("raw", secret, master.wrap, gcm(iv, place), FLOE_KEY, extractable, ["sign"]);
  return key.catch(refuseAltered);
};

const VERSION = 1;

const gcm = (iv: Bytes, place: Place) => ({
  name: "AES-GCM",
  iv,
  additionalData: associatedData("file-key", place),
});
