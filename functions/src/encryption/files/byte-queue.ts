/** Bytes that wait until there are enough of them. */
export interface ByteQueue {
  readonly length: number;
  push(chunk: Uint8Array): void;
  /** The first bytes, in the chunks they came in. */
  take(size: number): Uint8Array[];
  /** The first bytes in one piece; copied only when they came in several. */
  join(size: number): Uint8Array;
}

export const byteQueue = (): ByteQueue => {
  let chunks: Uint8Array[] = [];
  let length = 0;
  const take = (size: number): Uint8Array[] => {
    if (size > length) throw new RangeError("there are fewer bytes than that");
    const taken: Uint8Array[] = [];
    let missing = size;
    let used = 0;
    for (const chunk of chunks) {
      if (missing === 0) break;
      const part = chunk.subarray(0, missing);
      taken.push(part);
      missing -= part.length;
      if (part.length === chunk.length) used += 1;
      else chunks[used] = chunk.subarray(part.length);
    }
    chunks = chunks.slice(used);
    length -= size;
    return taken;
  };
  return {
    get length() {
      return length;
    },
    push: (chunk) => {
      if (chunk.length === 0) return;
      chunks.push(chunk);
      length += chunk.length;
    },
    take,
    join: (size) => {
      const [first, ...rest] = take(size);
      if (first === undefined) return new Uint8Array(0);
      return rest.length === 0 ? first : Buffer.concat([first, ...rest], size);
    },
  };
};
