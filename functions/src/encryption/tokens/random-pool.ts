import type { RandomBytes } from "../../kernel/random.js";

/** Writes `length` fresh random bytes into `target` at `offset`. */
export type FillRandom = (target: Uint8Array, offset: number, length: number) => void;

/**
 * Randomness drawn in small blocks, since one draw costs more than a field's encryption. Bytes are copied out, never lent
 * as a view, and wiped as they go: no byte can be used twice. A block is short and soon thrown away, so that little waits in
 * memory.
 *
 * A process whose memory was copied, as from a start-up snapshot or a virtual machine's, must not go on with the same bytes. So
 * a block is good for 50 ms after it was drawn, and the time, to a quarter of a microsecond, is mixed into every draw. What is
 * left: two copies that a machine's snapshot leaves with the same clock as well, and that draw in the same quarter.
 */
export const pooledRandom = (
  random: RandomBytes,
  { now = preciseNow, blockBytes = 1_536 }: { now?: () => number; blockBytes?: number } = {},
): FillRandom => {
  let block = new Uint8Array(0);
  let used = 0;
  let drawnAt = 0;
  return (target, offset, length) => {
    const at = now();
    const age = at - drawnAt;
    if (used + length > block.length || !(age >= 0 && age <= LIFE_MS)) {
      block.fill(0);
      block = new Uint8Array(random(Math.max(blockBytes, length)));
      [used, drawnAt] = [0, at];
    }
    time[0] = at;
    for (let index = 0; index < length; index += 1) {
      target[offset + index] = (block[used + index] ?? 0) ^ (index < TIME_BYTES ? (timeBytes[index] ?? 0) : 0);
      block[used + index] = 0;
    }
    used += length;
  };
};

const LIFE_MS = 50;
const TIME_BYTES = 8;
const time = new Float64Array(1);
const timeBytes = new Uint8Array(time.buffer);

/** Milliseconds since 1970, with fractions. Unlike `performance.now()` alone, it goes on across a start-up snapshot. */
const preciseNow = (): number => performance.timeOrigin + performance.now();
