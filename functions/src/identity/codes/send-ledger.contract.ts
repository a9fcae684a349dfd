import { describe, expect, test } from "@jest/globals";
import { HOUR, MINUTE, SECOND } from "../../kernel/time.js";
import { randomId, systemRandom } from "../../kernel/random.js";
import { NOW } from "../identity.fixture.js";
import type { SendLedger } from "./send-ledger.js";

export const LIMITS = { perHour: 5, firstPauseMs: 30 * SECOND };

/** What every ledger of sends must do. */
export const sendLedgerContract = (name: string, ledger: () => SendLedger): void => {
  describe(`a ledger of sends (${name})`, () => {
    test("lets five codes an hour go, with pauses that double", async () => {
      const key = randomId(systemRandom);
      const take = (after: number) => ledger().take(key, `c${String(after)}`, NOW + after);
      expect(await take(0)).toEqual({ ok: true });
      for (const [at, wait] of [
        [0, 30 * SECOND],
        [30 * SECOND, MINUTE],
        [90 * SECOND, 2 * MINUTE],
        [210 * SECOND, 4 * MINUTE],
      ] as const) {
        expect(await take(at + wait - 1)).toEqual({ ok: false, retryAfterMs: 1 });
        expect(await take(at + wait)).toMatchObject({ ok: true });
      }
      expect(await take(450 * SECOND)).toEqual({ ok: false, retryAfterMs: HOUR - 450 * SECOND });
      expect(await take(HOUR - 1)).toEqual({ ok: false, retryAfterMs: 1 });
      expect(await take(HOUR)).toEqual({ ok: true, previous: "c450000" });
    });

    test("names the challenge that is replaced", async () => {
      const key = randomId(systemRandom);
      expect(await ledger().take(key, "first", NOW)).toEqual({ ok: true });
      expect(await ledger().take(key, "second", NOW + HOUR)).toEqual({ ok: true, previous: "first" });
    });

    test("lets one of many that race go", async () => {
      const key = randomId(systemRandom);
      const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => ledger().take(key, `r${String(n)}`, NOW)));
      expect(taken.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("keeps keys apart", async () => {
      await ledger().take(randomId(systemRandom), "a", NOW);
      expect(await ledger().take(randomId(systemRandom), "b", NOW)).toEqual({ ok: true });
    });
  });
};
