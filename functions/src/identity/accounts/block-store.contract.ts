import { describe, expect, test } from "@jest/globals";
import { randomId, systemRandom } from "../../kernel/random.js";
import type { BlockStore } from "./block-store.js";

const block = (until: number, reason = "burst") => ({ uid: "ann", until, reason, at: 1 });

/** What every block store must do, whatever it stands on. */
export const blockStoreContract = (name: string, open: () => BlockStore): void => {
  describe(`block store: ${name}`, () => {
    test("finds what was put, and only that", async () => {
      const [store, id] = [open(), randomId(systemRandom)];
      expect(await store.findAll([id])).toEqual([]);
      expect(await store.findAll([])).toEqual([]);
      await store.put(id, block(100));
      expect(await store.findAll([randomId(systemRandom), id])).toMatchObject([{ until: 100, reason: "burst" }]);
    });

    test("a shorter block does not cut a longer one, a longer one replaces it", async () => {
      const [store, id] = [open(), randomId(systemRandom)];
      await store.put(id, block(100));
      await store.put(id, block(50, "shorter"));
      expect(await store.findAll([id])).toMatchObject([{ until: 100, reason: "burst" }]);
      await store.put(id, block(200, "longer"));
      expect(await store.findAll([id])).toMatchObject([{ until: 200, reason: "longer" }]);
    });

    test("of blocks that race, the longest stands", async () => {
      const [store, id] = [open(), randomId(systemRandom)];
      await Promise.all([3, 9, 1, 7, 5].map((until) => store.put(id, block(until))));
      expect(await store.findAll([id])).toMatchObject([{ until: 9 }]);
    });
  });
};
