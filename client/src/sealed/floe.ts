import { concat, randomBytes, sameBytes, uint32, uint64, utf8, wipe, type Bytes } from "../bytes.ts";
import { altered, refuseAltered } from "./errors.ts";

/**
 * FLOE (c2sp.org/FLOE) over WebCrypto: AES-256-GCM segments under keys derived by HKDF-Expand-SHA-384. Commits to key and
 * associated data by its header, reads any segment alone, needs the memory of one.
 *
 *   header   0 (AES-256-GCM) │ 0 (HKDF-Expand-SHA-384) │ segment length 4 │ IV length 4 │ IV 32 │ tag 32   = 74 bytes
 *   segment  length 4 (2³² − 1 unless it is the last) │ IV 12 │ ciphertext │ tag 16                        ≤ segment length
 */
export const HEADER_BYTES = 74;

/** What a segment is longer than its content. */
export const SEGMENT_OVERHEAD = 32;

/** A message that segments are sealed to or opened from. Positions count from 0. */
export interface Floe {
  readonly header: Bytes;
  /** Length of every sealed segment but the last. */
  readonly segmentBytes: number;
  readonly seal: (position: number, content: Uint8Array, isLast: boolean) => Promise<Bytes>;
  /** @throws FirekeepError `client/sealed-altered` */
  readonly open: (position: number, segment: Uint8Array, isLast: boolean) => Promise<Bytes>;
}

/** What a message is made of. `rotationBits`: one AES key for 2^rotationBits segments; other than 20 only for test vectors. */
export interface FloeKey {
  /** From `floeKey`. */
  readonly key: CryptoKey;
  readonly aad: Uint8Array;
  readonly rotationBits?: number;
}

/** 32 secret bytes as a key that this page cannot read again. */
export const floeKey = (secret: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", Uint8Array.from(secret), FLOE_KEY, false, ["sign"]);

export const FLOE_KEY = { name: "HMAC", hash: "SHA-384", length: 256 } as const;

/** Begins a message with a random IV. `segmentBytes` is between 33 and 16 MiB. */
export const startSealing = async (floe: FloeKey, segmentBytes: number): Promise<Floe> => {
  const prefix = concat(parametersOf(segmentBytes), randomBytes(IV_BYTES));
  const message = { ...floe, prefix };
  return begun(message, concat(prefix, await derive(message, "HEADER_TAG:", 32)));
};

/**
 * Takes up a message by its header, whose tag only the right key and associated data make: nothing is opened under wrong ones.
 *
 * @throws FirekeepError `client/sealed-altered`
 */
export const startOpening = async (floe: FloeKey, header: Uint8Array): Promise<Floe> => {
  if (header.length !== HEADER_BYTES) throw altered();
  const prefix = header.slice(0, HEADER_BYTES - 32);
  if (!sameBytes(prefix.subarray(0, 10), parametersOf(segmentLengthIn(header)))) throw altered();
  const message = { ...floe, prefix };
  if (!sameBytes(await derive(message, "HEADER_TAG:", 32), header.subarray(HEADER_BYTES - 32))) throw altered();
  return begun(message, header.slice());
};

/** Length of what `content` bytes become: header, and at least one segment. */
export const sealedLength = (content: number, segmentBytes: number): number => {
  const segments = Math.max(1, Math.ceil(content / (segmentBytes - SEGMENT_OVERHEAD)));
  return HEADER_BYTES + content + segments * SEGMENT_OVERHEAD;
};

const IV_BYTES = 32;
const LARGEST = 16 * 1024 * 1024; // whoever opens keeps one segment in memory
const MOST_SEGMENTS = 2 ** 40;
const NOT_LAST = 0xffff_ffff;

interface Message extends FloeKey {
  /** Parameters and IV: what every derived key depends on, besides purpose and associated data. */
  readonly prefix: Bytes;
}

const parametersOf = (segmentBytes: number): Bytes => {
  if (!Number.isInteger(segmentBytes) || segmentBytes <= SEGMENT_OVERHEAD || segmentBytes > LARGEST) throw altered();
  return concat(new Uint8Array(2), uint32(segmentBytes), uint32(IV_BYTES));
};

const segmentLengthIn = (header: Uint8Array): number =>
  new DataView(header.buffer, header.byteOffset, header.length).getUint32(2);

const begun = async (message: Message, header: Bytes): Promise<Floe> => {
  const secret = await derive(message, "MESSAGE_KEY:", 48);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-384" }, false, ["sign"]);
  wipe(secret);
  const segmentBytes = segmentLengthIn(header);
  const keyFor = segmentKeys({ ...message, key });
  return {
    header,
    segmentBytes,
    seal: async (position, content, isLast) => {
      const room = segmentBytes - SEGMENT_OVERHEAD;
      if (isLast ? content.length > room : content.length !== room) throw new RangeError("a segment of a wrong length");
      const iv = randomBytes(12);
      const sealed = await crypto.subtle.encrypt(
        gcm(iv, position, isLast),
        await keyFor(position),
        content as Bytes, // never shared: it comes from this page's own streams
      );
      const length = isLast ? content.length + SEGMENT_OVERHEAD : NOT_LAST;
      return concat(uint32(length), iv, new Uint8Array(sealed));
    },
    open: async (position, segment, isLast) => {
      if (segment.length < SEGMENT_OVERHEAD || segment.length > segmentBytes) throw altered();
      const expected = isLast ? segment.length : NOT_LAST;
      if (lengthIn(segment) !== expected || (!isLast && segment.length !== segmentBytes)) throw altered();
      const [iv, sealed] = [segment.slice(4, 16), segment.slice(16)];
      const content = crypto.subtle.decrypt(gcm(iv, position, isLast), await keyFor(position), sealed);
      return new Uint8Array(await content.catch(refuseAltered));
    },
  };
};

/** The length that a segment begins with; undefined for one that goes on to the full length. */
export const lastLengthIn = (segment: Uint8Array): number | undefined => {
  const length = lengthIn(segment);
  return length === NOT_LAST ? undefined : length;
};

const lengthIn = (segment: Uint8Array): number =>
  new DataView(segment.buffer, segment.byteOffset, segment.length).getUint32(0);

const gcm = (iv: Bytes, position: number, isLast: boolean) => ({
  name: "AES-GCM",
  iv,
  additionalData: concat(uint64(position), Uint8Array.of(isLast ? 1 : 0)),
});

/** AES keys by position, the latest kept: neighbours share one. */
const segmentKeys = (message: Message): ((position: number) => Promise<CryptoKey>) => {
  const perKey = 2 ** (message.rotationBits ?? 20);
  let latest: { first: number; key: Promise<CryptoKey> } | undefined;
  return (position) => {
    if (!Number.isInteger(position) || position < 0 || position >= MOST_SEGMENTS) throw altered();
    const first = position - (position % perKey);
    if (latest?.first !== first) latest = { first, key: segmentKey(message, first) };
    return latest.key;
  };
};

const segmentKey = async (message: Message, first: number): Promise<CryptoKey> => {
  const secret = await derive(message, concat(utf8("DEK:"), uint64(first)), 32);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt", "decrypt"]);
  wipe(secret);
  return key;
};

/** HKDF-Expand (RFC 5869 §2.3) of one block: `bytes` is at most 48. */
const derive = async (message: Message, purpose: string | Uint8Array, bytes: number): Promise<Bytes> => {
  const what = typeof purpose === "string" ? utf8(purpose) : purpose;
  const info = concat(message.prefix, what, message.aad, Uint8Array.of(1));
  const block = new Uint8Array(await crypto.subtle.sign("HMAC", message.key, info));
  const taken = block.slice(0, bytes);
  wipe(block);
  return taken;
};
