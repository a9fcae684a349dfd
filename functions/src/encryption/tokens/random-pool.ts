import type { RandomBytes } from "../../kernel/random.js";

/** Writes `length` fresh random bytes into `target` at `offset`. */
export type FillRandom = (target: Uint8Array, offset: number, length: number) => void;

/**
 * Randomness drawn in small blocks, since one draw costs more than a field's encryption. Bytes are copied out, never lent
 * as a view, and wiped as they go: no byte can be used twice. A block is short so that little waits in memory.
 */
export const pooledRandom = (random: RandomBytes, blockBytes = 1_536): FillRandom => {
  let block = new Uint8Array(0);
  let used = 0;
  return (target, offset, length) => {
    if (used + length > block.length) {
      block = Uint8Array.from(random(Math.max(blockBytes, length)));
      used = 0;
    }
    for (let index = 0; index < length; index += 1) {
      target[offset + index] = block[used + index] ?? 0;
      block[used + index] = 0;
    }
    used += length;
  };
};
