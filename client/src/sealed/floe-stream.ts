import { concat, type Bytes } from "../bytes.ts";
import { altered } from "./errors.ts";
import { HEADER_BYTES, lastLengthIn, SEGMENT_OVERHEAD, startOpening, type Floe, type FloeKey } from "./floe.ts";

/** Seals what flows through it. Keeps one segment in memory. */
export const sealingStream = (floe: Floe): TransformStream<Uint8Array, Bytes> => {
  const room = floe.segmentBytes - SEGMENT_OVERHEAD;
  const kept = keeper();
  let position = 0;
  return new TransformStream<Uint8Array, Bytes>({
    start: (out) => out.enqueue(floe.header),
    transform: async (chunk, out) => {
      kept.add(chunk);
      // A full segment goes out when something follows it: until then it may be the last.
      while (kept.length() > room) out.enqueue(await floe.seal(position++, kept.take(room), false));
    },
    flush: async (out) => out.enqueue(await floe.seal(position, kept.take(kept.length()), true)),
  });
};

/**
 * Opens what flows through it. A segment comes out only when it is whole and right; what was cut short fails at the end, so
 * nothing may be acted on before the stream has ended well.
 *
 * @throws FirekeepError `client/sealed-altered`, through the stream
 */
export const openingStream = (key: FloeKey): TransformStream<Uint8Array, Bytes> => {
  const kept = keeper();
  const state: { floe?: Floe; position: number; ended: boolean } = { position: 0, ended: false };
  const nextLength = (floe: Floe): number | undefined => {
    if (kept.length() < SEGMENT_OVERHEAD) return undefined;
    const length = lastLengthIn(kept.peek(4)) ?? floe.segmentBytes;
    if (length < SEGMENT_OVERHEAD || length > floe.segmentBytes) throw altered();
    return kept.length() < length ? undefined : length;
  };
  return new TransformStream<Uint8Array, Bytes>({
    transform: async (chunk, out) => {
      if (state.ended && chunk.length > 0) throw altered();
      kept.add(chunk);
      if (state.floe === undefined && kept.length() >= HEADER_BYTES)
        state.floe = await startOpening(key, kept.take(HEADER_BYTES));
      if (state.floe === undefined) return;
      for (let length = nextLength(state.floe); length !== undefined; length = nextLength(state.floe)) {
        const segment = kept.take(length);
        state.ended = lastLengthIn(segment) !== undefined;
        out.enqueue(await state.floe.open(state.position++, segment, state.ended));
        if (state.ended && kept.length() > 0) throw altered();
      }
    },
    flush: () => {
      if (!state.ended) throw altered();
    },
  });
};

/** Reads bytes `start` up to, not including, `end` of what is stored. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

/** Reads parts of a sealed message without the rest. */
export interface SealedReader {
  /** Length of the content, bytes: proven by the last segment. */
  readonly length: number;
  /** Content from `start` up to, not including, `end`. */
  readonly read: (start: number, end?: number) => Promise<Bytes>;
}

/**
 * Begins to read a sealed message of `stored` bytes at will. Its last segment is opened first, which proves its length: a
 * message that was cut short is refused before anything is read from it.
 *
 * @throws FirekeepError `client/sealed-altered`
 */
export const openReader = async (key: FloeKey, stored: number, readRange: ReadRange): Promise<SealedReader> => {
  if (stored < HEADER_BYTES + SEGMENT_OVERHEAD) throw altered();
  const floe = await startOpening(key, await readRange(0, HEADER_BYTES));
  const room = floe.segmentBytes - SEGMENT_OVERHEAD;
  const last = Math.ceil((stored - HEADER_BYTES) / floe.segmentBytes) - 1;
  const segment = async (position: number): Promise<Bytes> => {
    const from = HEADER_BYTES + position * floe.segmentBytes;
    const to = Math.min(stored, from + floe.segmentBytes);
    return floe.open(position, await readRange(from, to), position === last);
  };
  const length = last * room + (await segment(last)).length;
  return {
    length,
    read: async (start, end = length) => {
      if (start < 0 || end > length || start > end) throw new RangeError("outside of the content");
      if (start === end) return new Uint8Array(0);
      const parts: Bytes[] = [];
      for (let position = Math.floor(start / room); position <= Math.floor((end - 1) / room); position += 1) {
        const content = await segment(position);
        const first = position * room;
        parts.push(content.subarray(Math.max(0, start - first), Math.min(content.length, end - first)));
      }
      return concat(...parts);
    },
  };
};

/** Chunks as they came, taken out in other lengths; copies each byte once. */
const keeper = () => {
  let chunks: Uint8Array[] = [];
  let total = 0;
  const take = (length: number): Bytes => {
    const taken = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const [chunk] = chunks;
      if (chunk === undefined) throw new RangeError("fewer bytes than asked for");
      const part = chunk.subarray(0, length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === chunk.length) chunks = chunks.slice(1);
      else chunks[0] = chunk.subarray(part.length);
    }
    total -= length;
    return taken;
  };
  return {
    length: () => total,
    add: (chunk: Uint8Array): void => {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      total += chunk.length;
    },
    take,
    peek: (length: number): Bytes => {
      const before = [chunks, total] as const;
      chunks = [...chunks];
      const seen = take(length);
      [chunks, total] = before;
      return seen;
    },
  };
};
