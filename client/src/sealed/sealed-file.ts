import { altered } from "./errors.ts";
import { ENVELOPE_BYTES, newFileKey, openFileKey, rewrapFileKey } from "./file-key.ts";
import { sealedLength, startSealing, type FloeKey } from "./floe.ts";
import { openingStream, openReader, sealingStream, type ReadRange, type SealedReader } from "./floe-stream.ts";
import type { MasterKey } from "./master-key.ts";
import { associatedData, type Place } from "./place.ts";

/** Segments of 256 KiB: whoever seals or opens keeps one of them in memory, whoever reads a byte fetches one. */
const SEGMENT_BYTES = 256 * 1024;

/** A sealed file as it is stored anywhere: its envelope (93 bytes), then FLOE. */
export interface SealedFile {
  /** Length of what is stored, bytes. */
  readonly size: number;
  readonly stream: ReadableStream<Uint8Array>;
}

/** Seals a file under a key of its own. `segmentBytes` only where a file is read in small pieces. */
export const sealFile = async (
  master: MasterKey,
  file: { readonly content: Blob; readonly place: Place; readonly segmentBytes?: number },
): Promise<SealedFile> => {
  const { content, place, segmentBytes = SEGMENT_BYTES } = file;
  const { key, envelope } = await newFileKey(master, place);
  const floe = await startSealing(floeKeyOf(key, place), segmentBytes);
  return {
    size: ENVELOPE_BYTES + sealedLength(content.size, segmentBytes),
    stream: precededBy(envelope, content.stream().pipeThrough(sealingStream(floe))),
  };
};

/**
 * Opens a sealed file as it arrives. Segments come out when they are whole and right; act on none before the stream has ended
 * well, since only its end tells that nothing was cut off.
 *
 * @throws FirekeepError `client/sealed-key-wrong`, `client/sealed-altered`, also through the stream
 */
export const openFile = async (
  master: MasterKey,
  file: { readonly stream: ReadableStream<Uint8Array>; readonly place: Place },
): Promise<ReadableStream<Uint8Array>> => {
  const { envelope, rest } = await takeEnvelope(file.stream);
  const key = await openFileKey(master, envelope, file.place).catch(async (error: unknown) => {
    await rest.cancel();
    throw error;
  });
  return rest.pipeThrough(openingStream(floeKeyOf(key, file.place)));
};

/**
 * Reads parts of a sealed file: `readRange` fetches bytes of what is stored, `size` is its length.
 *
 * @throws FirekeepError `client/sealed-key-wrong`, `client/sealed-altered`
 */
export const openFileReader = async (
  master: MasterKey,
  file: { readonly size: number; readonly readRange: ReadRange; readonly place: Place },
): Promise<SealedReader> => {
  if (file.size < ENVELOPE_BYTES) throw altered();
  const key = await openFileKey(master, await file.readRange(0, ENVELOPE_BYTES), file.place);
  return openReader(floeKeyOf(key, file.place), file.size - ENVELOPE_BYTES, (start, end) =>
    file.readRange(start + ENVELOPE_BYTES, end + ENVELOPE_BYTES),
  );
};

/**
 * A stored file with its key wrapped by a new master key; nothing behind the envelope is opened or changed.
 *
 * @throws FirekeepError `client/sealed-key-wrong`, `client/sealed-altered`
 */
export const rewrapFile = async (
  change: { readonly from: MasterKey; readonly to: MasterKey },
  file: { readonly stream: ReadableStream<Uint8Array>; readonly place: Place },
): Promise<ReadableStream<Uint8Array>> => {
  const { envelope, rest } = await takeEnvelope(file.stream);
  return precededBy(await rewrapFileKey(change, envelope, file.place), rest);
};

const floeKeyOf = (key: CryptoKey, place: Place): FloeKey => ({ key, aad: associatedData("file", place) });

const precededBy = (head: Uint8Array, stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> =>
  stream.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ start: (out) => out.enqueue(head) }));

const takeEnvelope = async (
  stream: ReadableStream<Uint8Array>,
): Promise<{ envelope: Uint8Array; rest: ReadableStream<Uint8Array> }> => {
  const reader = stream.getReader();
  let head = new Uint8Array(0);
  while (head.length < ENVELOPE_BYTES) {
    const { done, value } = await reader.read();
    if (done) throw altered();
    const longer = new Uint8Array(head.length + value.length);
    longer.set(head);
    longer.set(value, head.length);
    head = longer;
  }
  reader.releaseLock();
  return { envelope: head.slice(0, ENVELOPE_BYTES), rest: precededBy(head.subarray(ENVELOPE_BYTES), stream) };
};
