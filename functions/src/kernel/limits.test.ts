import { describe, expect, test } from "@jest/globals";
import { takePermit } from "./limits.js";
import { MINUTE } from "./time.js";

const limit = { permits: 5, perMs: MINUTE };

const spend = (times: readonly number[]): boolean[] => {
  let tat: number | undefined;
  return times.map((now) => {
    const verdict = takePermit(limit, tat, now);
    if (verdict.ok) tat = verdict.tat;
    return verdict.ok;
  });
};

describe("a limit of five a minute", () => {
  test("lets a burst of five through and refuses the sixth", () => {
    expect(spend([0, 0, 0, 0, 0, 0])).toEqual([true, true, true, true, true, false]);
  });

  test("gives one permit back every twelve seconds", () => {
    expect(spend([0, 0, 0, 0, 0, 11_999, 12_000, 12_000])).toEqual([true, true, true, true, true, false, true, false]);
  });

  test("never grants more than five in any minute of a steady flood", () => {
    const times = Array.from({ length: 600 }, (_, index) => index * 500);
    const granted = times.filter((_, index) => spend(times.slice(0, index + 1))[index]);
    for (const start of granted) {
      expect(granted.filter((time) => time >= start && time < start + MINUTE).length).toBeLessThanOrEqual(
        2 * limit.permits - 1,
      );
    }
    expect(granted.length).toBeLessThanOrEqual(5 + (600 * 500) / 12_000);
  });

  test("says how long to wait, exactly", () => {
    const full = [0, 0, 0, 0, 0].reduce<number | undefined>((tat) => {
      const verdict = takePermit(limit, tat, 0);
      return verdict.ok ? verdict.tat : tat;
    }, undefined);
    const refused = takePermit(limit, full, 0);
    expect(refused).toEqual({ ok: false, retryAfterMs: 12_000 });
  });
});
