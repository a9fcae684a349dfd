import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { RotatingHash } from "../../platform/session.js";
import { judgeCookie } from "./cookie-secret.js";

const limits = { rotateMs: 900, graceMs: 30 };
const judge = (kept: RotatingHash, shown: string, now: number, fresh = "fresh") =>
  judgeCookie(kept, shown, { ...limits, fresh, now });
const young: RotatingHash = { hash: "a", rotatedAt: 0 };
const rotated: RotatingHash = { hash: "b", rotatedAt: 900, previous: "a" };
const seen: RotatingHash = { ...rotated, previousUntil: 940 };

describe("a cookie's secret", () => {
  test("stays while it is young, and is replaced when it is due", () => {
    expect(judge(young, "a", 899)).toEqual({ verdict: "good", issued: false });
    expect(judge(young, "a", 900, "b")).toEqual({ verdict: "good", issued: true, next: rotated });
  });

  test("before the last is good until the last was seen, and for the grace after that", () => {
    expect(judge(rotated, "a", 929)).toEqual({ verdict: "good", issued: false });
    expect(judge(rotated, "b", 910)).toEqual({ verdict: "good", issued: false, next: seen });
    expect(judge(seen, "a", 939)).toEqual({ verdict: "good", issued: false });
  });

  test("whose successor was lost on the way gets another, however late", () => {
    expect(judge(rotated, "a", 5_000, "c")).toEqual({
      verdict: "good",
      issued: true,
      next: { hash: "c", rotatedAt: 5_000, previous: "a" },
    });
  });

  test("shown after its successor was in use, and after the grace, is stolen", () => {
    expect(judge(seen, "a", 940)).toEqual({ verdict: "stolen", issued: false });
  });

  test("that was never issued, or long ago, opens nothing and ends nothing", () => {
    expect(judge(young, "x", 1)).toEqual({ verdict: "unknown", issued: false });
    expect(judge(seen, "long ago", 10_000)).toEqual({ verdict: "unknown", issued: false });
  });

  test("of a browser that is alone is never stolen, whatever answers are lost and however long it waits", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ waits: fc.nat(3_000), arrives: fc.boolean() }), { maxLength: 60 }), (visits) => {
        let [kept, holds, now, drawn] = [young, "a", 0, 0];
        for (const { waits, arrives } of visits) {
          now += waits;
          const fresh = `s${String((drawn += 1))}`;
          const judged = judge(kept, holds, now, fresh);
          expect(judged.verdict).toBe("good");
          kept = judged.next ?? kept;
          if (judged.issued && arrives) holds = fresh;
        }
      }),
    );
  });

  test("of two that hold a copy, one is out within two rotations, if both go on", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 40 }), (whose) => {
        let kept: RotatingHash = young;
        const holds = { person: "a", thief: "a" };
        let out = false;
        // Both come at least once a period, in any order within it.
        for (const [index, personFirst] of whose.entries()) {
          const order = personFirst
            ? (["person", "thief", "person"] as const)
            : (["thief", "person", "thief"] as const);
          for (const [turn, who] of order.entries()) {
            const fresh = `s${String(index)}-${String(turn)}`;
            const judged = judge(kept, holds[who], 900 * (index + 1) + 100 * turn, fresh);
            out ||= judged.verdict !== "good";
            kept = judged.next ?? kept;
            if (judged.issued) holds[who] = fresh;
          }
          if (out) break;
        }
        expect(out).toBe(true);
      }),
    );
  });
});
