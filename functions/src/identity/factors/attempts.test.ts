import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { HOUR, MINUTE } from "../../kernel/time.js";
import { spendAttempt, type Attempts, type AttemptVerdict } from "./attempts.js";

const LIMITS = { limit: 5, windowMs: 15 * MINUTE, maxPauseMs: HOUR, lifetime: 100 };
const NOW = 1_000_000_000;

const spend = (times: number, from?: Attempts, at = NOW): Attempts | undefined => {
  let spent = from;
  for (let time = 0; time < times; time += 1) spent = taken(spendAttempt(spent, at, LIMITS));
  return spent;
};

const taken = (verdict: AttemptVerdict): Attempts => {
  if (!verdict.ok) throw new Error(`no attempt left: ${verdict.why}`);
  return verdict.attempts;
};

describe("attempts at a second factor", () => {
  test("there are five, then a pause of 15 minutes, then five more", () => {
    const spent = spend(5);
    expect(spendAttempt(spent, NOW, LIMITS)).toEqual({ ok: false, why: "wait", retryAfterMs: 15 * MINUTE });
    expect(spendAttempt(spent, NOW + 15 * MINUTE - 1, LIMITS).ok).toBe(false);
    expect(spend(5, spent, NOW + 15 * MINUTE)?.failures).toBe(10);
  });

  test("the pause doubles with every burst, up to an hour", () => {
    const pauses = [1, 2, 3, 4, 5].map((bursts) => {
      const verdict = spendAttempt({ failures: bursts * 5, burst: 5, lastAt: NOW }, NOW, LIMITS);
      return !verdict.ok && verdict.why === "wait" && verdict.retryAfterMs / MINUTE;
    });
    expect(pauses).toEqual([15, 30, 60, 60, 60]);
  });

  test("a quiet quarter of an hour starts a new burst, and the failures still count towards the cap", () => {
    expect(spend(1, spend(4), NOW + 15 * MINUTE)).toEqual({ failures: 5, burst: 1, lastAt: NOW + 15 * MINUTE });
  });

  test("after 100 without a success there is none left, for ever", () => {
    const last = { failures: 99, burst: 0, lastAt: NOW };
    const spent = taken(spendAttempt(last, NOW, LIMITS));
    expect(spent.failures).toBe(100);
    expect(spendAttempt(spent, NOW + 1_000 * HOUR, LIMITS)).toEqual({ ok: false, why: "disabled" });
  });

  test("without a cap, for codes that cannot be guessed, only the pause remains", () => {
    const limits = { limit: 5, windowMs: 15 * MINUTE, maxPauseMs: HOUR };
    expect(spendAttempt({ failures: 5_000, burst: 5, lastAt: NOW }, NOW + HOUR, limits).ok).toBe(true);
  });

  test("however the tries are spaced, never more than 100 pass, nor five closer than 15 minutes to each other before a pause", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 * HOUR }), { minLength: 1, maxLength: 400 }), (gaps) => {
        let spent: Attempts | undefined;
        let at = NOW;
        const passed: number[] = [];
        for (const gap of gaps) {
          at += gap;
          const verdict = spendAttempt(spent, at, LIMITS);
          if (!verdict.ok) continue;
          spent = verdict.attempts;
          passed.push(at);
        }
        expect(passed.length).toBeLessThanOrEqual(100);
        passed.forEach((time, index) => {
          const sixth = passed[index + 5];
          if (sixth !== undefined) expect(sixth - time).toBeGreaterThanOrEqual(15 * MINUTE);
        });
      }),
    );
  });
});
