import { describe, expect, test } from "@jest/globals";
import { MINUTE, type EpochMs } from "../../kernel/time.js";
import type { AttemptStore } from "./attempt-store.js";

const NOW: EpochMs = Date.UTC(2026, 10, 22, 12);
const limits = { limit: 3, windowMs: MINUTE, maxPauseMs: 4 * MINUTE };

/** What every attempt store must do. Keys are fresh in each test. */
export const attemptStoreContract = (store: () => AttemptStore, key: () => string): void => {
  describe("attempts", () => {
    const spend = async (at: string, times: number, now = NOW) => {
      const verdicts = [];
      for (let time = 0; time < times; time += 1) verdicts.push(await store().spend(at, limits, now));
      return verdicts.map(({ ok }) => ok);
    };

    test("are granted up to the limit, then not until the pause is over, which doubles", async () => {
      const at = key();
      expect(await spend(at, 4)).toEqual([true, true, true, false]);
      expect(await store().spend(at, limits, NOW + 1)).toEqual({ ok: false, why: "wait", retryAfterMs: MINUTE - 1 });
      expect(await spend(at, 4, NOW + MINUTE)).toEqual([true, true, true, false]);
      expect(await spend(at, 1, NOW + 2 * MINUTE)).toEqual([false]);
      expect(await spend(at, 1, NOW + 3 * MINUTE)).toEqual([true]);
    });

    test("of one key say nothing of another's", async () => {
      await spend(key(), 3);
      expect(await spend(key(), 1)).toEqual([true]);
    });

    test("are forgotten when the secret was shown; clearing nothing is nothing", async () => {
      const at = key();
      await store().clear(at);
      await spend(at, 3);
      await store().clear(at);
      expect(await spend(at, 4)).toEqual([true, true, true, false]);
    });

    test("can be given back one by one", async () => {
      const at = key();
      await store().giveBack(at);
      await spend(at, 3);
      await store().giveBack(at);
      expect(await spend(at, 2)).toEqual([true, false]);
    });

    test("100 at once, 20 times: exactly the limit is granted", async () => {
      for (let round = 0; round < 20; round += 1) {
        const at = key();
        const spends = Array.from({ length: 100 }, () => store().spend(at, limits, NOW));
        const granted = (await Promise.allSettled(spends)).filter(
          (each) => each.status === "fulfilled" && each.value.ok,
        );
        expect([round, granted.length]).toEqual([round, 3]);
      }
    }, 300_000);
  });
};
