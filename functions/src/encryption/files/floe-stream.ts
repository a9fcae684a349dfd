import type { KeyObject } from "node:crypto";
import type { RandomBytes } from "../../kernel/random.js";
import { encryptionError } from "../errors.js";
import { FLOE_HEADER_BYTES, floeReader, floeWriter, SEGMENT_OVERHEAD, type FloeParams } from "./floe.js";
import { byteQueue } from "./byte-queue.js";

/** Bytes in order, in chunks of any size. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What a stream is encrypted under. */
export interface FloeUse {
  /** 32 bytes. */
  readonly key: Uint8Array | KeyObject;
  readonly associatedData: Uint8Array;
  readonly params: FloeParams;
}

/** The FLOE ciphertext of a stream of any length, while it comes in. Holds one segment of it at most. */
export async function* sealStream(deps: { random: RandomBytes }, use: FloeUse, source: Chunks): AsyncGenerator<Buffer> {
  const writer = floeWriter(deps, use.key, use.associatedData, use.params);
  const room = use.params.segmentBytes - SEGMENT_OVERHEAD;
  const waiting = byteQueue();
  let position = 0;
  yield writer.header;
  for await (const chunk of source) {
    waiting.push(chunk);
    // A full segment waits until more comes: only then it is not the last.
    for (; waiting.length > room; position += 1) yield* writer.seal({ position, last: false }, waiting.take(room));
  }
  yield* writer.seal({ position, last: true }, waiting.take(waiting.length));
}

/**
 * The plaintext of a FLOE ciphertext while it comes in, each segment after it was verified. Holds two segments at most.
 *
 * @throws encryption/undecryptable at the first segment that was altered, moved or cut, and at an end before the last one
 */
export async function* openStream(use: FloeUse, source: Chunks): AsyncGenerator<Buffer> {
  const { segmentBytes } = use.params;
  const waiting = byteQueue();
  let reader: ReturnType<typeof floeReader>;
  let position = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    if (reader === undefined) {
      if (waiting.length < FLOE_HEADER_BYTES) continue;
      const header = waiting.join(FLOE_HEADER_BYTES);
      reader = floeReader(use.key, { header, associatedData: use.associatedData, params: use.params });
      if (reader === undefined) throw encryptionError("undecryptable");
    }
    for (; waiting.length > segmentBytes; position += 1) {
      yield openOrThrow(reader, { position, last: false }, waiting.join(segmentBytes));
    }
  }
  if (reader === undefined) throw encryptionError("undecryptable");
  yield openOrThrow(reader, { position, last: true }, waiting.join(waiting.length));
}

const openOrThrow = (
  reader: NonNullable<ReturnType<typeof floeReader>>,
  place: { position: number; last: boolean },
  segment: Uint8Array,
): Buffer => {
  const plaintext = reader.open(place, segment);
  if (plaintext === undefined) throw encryptionError("undecryptable");
  return plaintext;
};
