/** Repeatable chance (mulberry32): the demo is the same on every machine. Not for anything that must be secret. */
export interface Chance {
  /** 0 ≤ x < 1. */
  readonly next: () => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** Whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
}

export const chance = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
  };
};
