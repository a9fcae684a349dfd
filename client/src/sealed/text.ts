import { concat, randomBytes, sameBytes, utf8, wipe, type Bytes } from "../bytes.ts";
import { altered, refuseAltered, wrongKey } from "./errors.ts";
import type { MasterKey } from "./master-key.ts";
import { associatedData, type Place } from "./place.ts";

/**
 * Seals a short text, to be stored as bytes in a document or in a file's description:
 *
 *   2 │ master key's commitment 32 │ salt 24 │ text's commitment 32 │ ciphertext │ tag 16
 *
 * Each text has a key of its own (HKDF-SHA-384 of the master key, salt and place), so any number of texts may be sealed. The
 * content is padded to a multiple of 32 bytes: what is stored tells its length no more exactly than that. At most 100 000 bytes.
 */
export const sealText = async (master: MasterKey, text: string, place: Place): Promise<Bytes> => {
  const content = utf8(text);
  if (content.length > LONGEST) throw new RangeError(`a text of more than ${LONGEST} bytes: seal it as a file`);
  const salt = randomBytes(24);
  const { key, commitment } = await textKey(master, salt, place);
  const sealed = await crypto.subtle.encrypt(gcm(place), key, padded(content));
  wipe(content);
  return concat(Uint8Array.of(VERSION), master.commitment, salt, commitment, new Uint8Array(sealed));
};

/** @throws FirekeepError `client/sealed-key-wrong` before anything is opened, `client/sealed-altered` */
export const openText = async (master: MasterKey, sealed: Uint8Array, place: Place): Promise<string> => {
  if (sealed.length < HEAD + PAD + 16 || sealed[0] !== VERSION) throw altered();
  if (!sameBytes(sealed.subarray(1, 33), master.commitment)) throw wrongKey();
  const { key, commitment } = await textKey(master, sealed.slice(33, 57), place);
  if (!sameBytes(sealed.subarray(57, HEAD), commitment)) throw altered();
  const opened = crypto.subtle.decrypt(gcm(place), key, sealed.slice(HEAD));
  const content = new Uint8Array(await opened.catch(refuseAltered));
  const text = new TextDecoder().decode(content.subarray(0, content.lastIndexOf(END)));
  wipe(content);
  return text;
};

const VERSION = 2;
const HEAD = 1 + 32 + 24 + 32;
const LONGEST = 100_000;
const PAD = 32;
const END = 0x80; // ISO/IEC 7816-4: then zeros

const padded = (content: Uint8Array): Bytes => {
  const bytes = new Uint8Array((Math.floor(content.length / PAD) + 1) * PAD);
  bytes.set(content);
  bytes[content.length] = END;
  return bytes;
};

const textKey = async (
  master: MasterKey,
  salt: Bytes,
  place: Place,
): Promise<{ key: CryptoKey; commitment: Bytes }> => {
  const info = associatedData("text", place);
  const derived = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-384", salt, info }, master.derive, 512);
  const secret = new Uint8Array(derived, 0, 32);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
  wipe(secret);
  return { key, commitment: new Uint8Array(derived.slice(32)) };
};

// A key is used once, so its IV need not be random.
const gcm = (place: Place) => ({
  name: "AES-GCM",
  iv: new Uint8Array(12),
  additionalData: associatedData("text", place),
});
