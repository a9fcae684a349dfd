import { describe, expect, test } from "@jest/globals";
import type { EpochStore } from "./epoch-store.js";

/** What every store of the epoch does. `store` is empty. */
export const epochStoreContract = (name: string, store: EpochStore): void => {
  describe(`the ${name} store of the data-key epoch`, () => {
    test("begins with no epoch, starts the next one once, and no other than the next", async () => {
      expect(await store.find()).toBe(undefined);
      expect(await store.start({ epoch: 3, startedAt: 5 })).toBe(false);
      const starters = Array.from({ length: 5 }, (_, index) => store.start({ epoch: 2, startedAt: index }));
      expect((await Promise.all(starters)).filter(Boolean)).toHaveLength(1);
      expect(await store.find()).toMatchObject({ epoch: 2 });
      expect(await store.start({ epoch: 2, startedAt: 9 })).toBe(false);
      expect(await store.start({ epoch: 3, startedAt: 9 })).toBe(true);
      expect(await store.find()).toEqual({ epoch: 3, startedAt: 9 });
    });
  });
};
