import { FLOE_HEADER_BYTES, SEGMENT_OVERHEAD, type FloeParams, type SegmentPlace } from "./floe.js";

/** How files are cut: plaintext bytes of a segment and of a part, which is so many whole segments. */
export interface Cut {
  readonly segmentBytes: number;
  readonly partBytes: number;
}

/** All of one number's places in a file. */
export interface FileLayout {
  readonly size: number;
  readonly segments: number;
  readonly parts: number;
  readonly params: FloeParams;
  /** Plaintext of every segment but the last. */
  readonly segmentBytes: number;
  /** Plaintext bytes of a part; undefined when there is no such part. */
  partLength(part: number): number | undefined;
  /** The part's segments: from `first` to before `end`. */
  segmentsOf(part: number): { first: number; end: number };
  place(segment: number): SegmentPlace;
  /** The pieces of ciphertext that hold the plaintext from `start` to before `end`, by part. */
  piecesOf(start: number, end: number): Piece[];
}

/** Some segments that lie together in one part's object. */
export interface Piece {
  readonly part: number;
  /** From `first` to before `end`. */
  readonly segments: { readonly first: number; readonly end: number };
  /** Where they lie in the object: bytes from `start` to before `end`. */
  readonly bytes: { readonly start: number; readonly end: number };
}

/** A file of `size` bytes. An empty one has one part, with one empty segment. */
export const fileLayout = (size: number, { segmentBytes, partBytes }: Cut): FileLayout => {
  const segments = Math.max(1, Math.ceil(size / segmentBytes));
  const parts = Math.max(1, Math.ceil(size / partBytes));
  const perPart = partBytes / segmentBytes;
  const sealedLength = segmentBytes + SEGMENT_OVERHEAD;
  // The first part's object begins with the header, so that all parts one after the other are a FLOE ciphertext.
  const offsetIn = (part: number, segment: number): number => {
    const before = Math.min((segment - part * perPart) * sealedLength, sealedEnd(part));
    return before + (part === 0 ? FLOE_HEADER_BYTES : 0);
  };
  const segmentsOf = (part: number) => ({ first: part * perPart, end: Math.min((part + 1) * perPart, segments) });
  const sealedEnd = (part: number): number => {
    const { first, end } = segmentsOf(part);
    const plain = Math.min(size, end * segmentBytes) - first * segmentBytes;
    return plain + (end - first) * SEGMENT_OVERHEAD;
  };
  return {
    size,
    segments,
    parts,
    segmentBytes,
    params: { segmentBytes: sealedLength },
    partLength: (part) =>
      Number.isInteger(part) && part >= 0 && part < parts ? Math.min(partBytes, size - part * partBytes) : undefined,
    segmentsOf,
    place: (segment) => ({ position: segment, last: segment === segments - 1 }),
    piecesOf: (start, end) => {
      const wanted = { first: Math.floor(start / segmentBytes), end: Math.max(1, Math.ceil(end / segmentBytes)) };
      const pieces: Piece[] = [];
      for (let part = Math.floor(wanted.first / perPart); part < parts && part * perPart < wanted.end; part += 1) {
        const own = segmentsOf(part);
        const [first, last] = [Math.max(own.first, wanted.first), Math.min(own.end, wanted.end)];
        const bytes = { start: offsetIn(part, first), end: offsetIn(part, last) };
        pieces.push({ part, segments: { first, end: last }, bytes });
      }
      return pieces;
    },
  };
};
