/** Joins byte strings. */
export const concat = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");

/**
 * Encodes a tuple so that no two tuples have the same bytes: each part is `length (4, big-endian) || bytes`.
 * For associated data and MAC input, where joining by a separator would let one part flow into the next.
 */
export const encodeTuple = (parts: readonly (string | Uint8Array)[]): Buffer => {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = typeof part === "string" ? utf8(part) : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    chunks.push(length, bytes);
  }
  return concat(...chunks);
};
