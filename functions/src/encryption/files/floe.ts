import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual, type KeyObject } from "node:crypto";
import type { RandomBytes } from "../../kernel/random.js";

/**
 * FLOE (C2SP FLOE.md; IACR ePrint 2025/2275) with AES-256-GCM, HKDF-Expand-SHA-384 and a 32-byte IV: segmented, committing
 * to key and associated data, readable from any segment on.
 *
 * A ciphertext is `header (74) || segments`. A segment is `length (4) || IV (12) || ciphertext || tag (16)`, where the length
 * is 0xffffffff but for the last segment, which says its own.
 */
export interface FloeParams {
  /** Of a whole encrypted segment, bytes. All are as long but the last, which may be shorter. */
  readonly segmentBytes: number;
  /** 2^this segments are under one key. 20 is the standard's; published vectors use fewer to show the change. */
  readonly rotationBits?: number;
}

export const FLOE_HEADER_BYTES = 74;

/** What a segment adds to its plaintext. */
export const SEGMENT_OVERHEAD = 32;

const PARAM_BYTES = 10;
const IV_BYTES = 32;
const SEGMENT_IV_BYTES = 12;
const TAG_BYTES = 16;
const INNER = 0xff_ff_ff_ff;

/** Where a segment stands. Which one is the last is bound into it: a file that was cut at a segment's end stays closed. */
export interface SegmentPlace {
  readonly position: number;
  readonly last: boolean;
}

export interface FloeWriter {
  readonly header: Buffer;
  /**
   * A segment's bytes in three pieces, so that the ciphertext need not be copied. A plaintext that comes in chunks is never
   * joined. Encrypt each place once only: whoever holds two ciphertexts of one place may exchange them.
   */
  seal(place: SegmentPlace, plaintext: readonly Uint8Array[]): Buffer[];
}

export interface FloeReader {
  /** The plaintext, verified as a whole; undefined when the segment is not the one that belongs here. */
  open(place: SegmentPlace, segment: Uint8Array): Buffer | undefined;
}

/** Begins a new ciphertext. @param key 32 bytes */
export const floeWriter = (
  deps: { random: RandomBytes },
  key: Uint8Array | KeyObject,
  associatedData: Uint8Array,
  params: FloeParams,
): FloeWriter => {
  const prefix = Buffer.concat([encodeParams(params), deps.random(IV_BYTES)]);
  const header = Buffer.concat([prefix, headerTag(key, prefix, associatedData)]);
  return writerOf(deps, key, { header, associatedData, params });
};

/** Goes on with a ciphertext that was begun elsewhere; undefined when key, associated data and header do not belong together. */
export const resumeFloe = (
  deps: { random: RandomBytes },
  key: Uint8Array | KeyObject,
  begun: FloeStart,
): FloeWriter | undefined => (isHeaderOf(key, begun) ? writerOf(deps, key, begun) : undefined);

/** Undefined when key, associated data, parameters and header do not belong together. */
export const floeReader = (key: Uint8Array | KeyObject, start: FloeStart): FloeReader | undefined => {
  if (!isHeaderOf(key, start)) return undefined;
  const keyAt = segmentKeys(key, start);
  return {
    open: ({ position, last }, segment) => {
      const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.length);
      if (!fits(bytes, last, start.params)) return undefined;
      const from = 4 + SEGMENT_IV_BYTES;
      const decipher = createDecipheriv("aes-256-gcm", keyAt(position), bytes.subarray(4, from));
      decipher.setAAD(placeBytes(position, last)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const plaintext = decipher.update(bytes.subarray(from, -TAG_BYTES));
      try {
        decipher.final();
        return plaintext;
      } catch {
        return undefined;
      }
    },
  };
};

/** A ciphertext's beginning, and what it is bound to. */
export interface FloeStart {
  readonly header: Uint8Array;
  readonly associatedData: Uint8Array;
  readonly params: FloeParams;
}

const writerOf = (deps: { random: RandomBytes }, key: Uint8Array | KeyObject, start: FloeStart): FloeWriter => {
  const keyAt = segmentKeys(key, start);
  const room = start.params.segmentBytes - SEGMENT_OVERHEAD;
  return {
    header: Buffer.from(start.header),
    seal: ({ position, last }, plaintext) => {
      const size = plaintext.reduce((sum, chunk) => sum + chunk.length, 0);
      if (last ? size > room : size !== room) throw new TypeError("a segment is full, but for the last");
      const prefix = Buffer.alloc(4 + SEGMENT_IV_BYTES);
      prefix.writeUInt32BE(last ? size + SEGMENT_OVERHEAD : INNER);
      prefix.set(deps.random(SEGMENT_IV_BYTES), 4);
      const cipher = createCipheriv("aes-256-gcm", keyAt(position), prefix.subarray(4));
      cipher.setAAD(placeBytes(position, last));
      const ciphertext = plaintext.map((chunk) => cipher.update(chunk));
      cipher.final();
      return [prefix, ...ciphertext, cipher.getAuthTag()];
    },
  };
};

const fits = (segment: Buffer, last: boolean, { segmentBytes }: FloeParams): boolean => {
  if (segment.length < SEGMENT_OVERHEAD || segment.length > segmentBytes) return false;
  const says = segment.readUInt32BE();
  return last ? says === segment.length : says === INNER && segment.length === segmentBytes;
};

const isHeaderOf = (key: Uint8Array | KeyObject, { header, associatedData, params }: FloeStart): boolean => {
  if (header.length !== FLOE_HEADER_BYTES) return false;
  const prefix = header.subarray(0, PARAM_BYTES + IV_BYTES);
  if (!encodeParams(params).equals(prefix.subarray(0, PARAM_BYTES))) return false;
  return timingSafeEqual(headerTag(key, prefix, associatedData), header.subarray(prefix.length));
};

/** AEAD (0: AES-256-GCM) || KDF (0: HKDF-Expand-SHA-384) || segment length (4) || length of the IV (4). */
const encodeParams = ({ segmentBytes }: FloeParams): Buffer => {
  if (segmentBytes <= SEGMENT_OVERHEAD) throw new TypeError("a FLOE segment has room for a byte");
  const encoded = Buffer.alloc(PARAM_BYTES);
  encoded.writeUInt32BE(segmentBytes, 2);
  encoded.writeUInt32BE(IV_BYTES, 6);
  return encoded;
};

const headerTag = (key: Uint8Array | KeyObject, prefix: Uint8Array, associatedData: Uint8Array): Buffer =>
  expand(key, [prefix, HEADER_TAG, associatedData], 32);

const HEADER_TAG = Buffer.from("HEADER_TAG:");
const MESSAGE_KEY = Buffer.from("MESSAGE_KEY:");
const SEGMENT_KEY = Buffer.from("DEK:");

/** The key of each segment. Only the last one used is kept. */
const segmentKeys = (
  key: Uint8Array | KeyObject,
  { header, associatedData, params }: FloeStart,
): ((position: number) => Buffer) => {
  const prefix = header.subarray(0, PARAM_BYTES + IV_BYTES);
  const messageKey = expand(key, [prefix, MESSAGE_KEY, associatedData], 48);
  const every = 2 ** (params.rotationBits ?? 20);
  let held: { first: number; key: Buffer } | undefined;
  return (position) => {
    const first = position - (position % every);
    if (held?.first !== first) {
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(BigInt(first));
      held = { first, key: expand(messageKey, [prefix, SEGMENT_KEY, number, associatedData], 32) };
    }
    return held.key;
  };
};

/** HKDF-Expand with SHA-384 (RFC 5869 §2.3), of which one block is enough here. */
const expand = (key: Uint8Array | KeyObject, info: readonly Uint8Array[], length: number): Buffer => {
  const mac = createHmac("sha384", key);
  for (const part of info) mac.update(part);
  return mac.update(ONE).digest().subarray(0, length);
};

const ONE = Uint8Array.of(1);

const placeBytes = (position: number, last: boolean): Buffer => {
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(BigInt(position));
  bytes[8] = last ? 1 : 0;
  return bytes;
};
