import { expect, test } from "@jest/globals";
import { MINUTE } from "../kernel/time.js";
import type { Window } from "./sigma/compile-rule.js";
import { CLAIM_MS, type SeenStore, type WindowStore } from "./window-store.js";

const AT = Date.UTC(2026, 0, 15, 12);
const events: Window = { kind: "event_count", groupBy: ["subject"], timespanMs: 10 * MINUTE, gte: 5 };
const values: Window = {
  kind: "value_count",
  groupBy: ["networkPrefix"],
  timespanMs: 10 * MINUTE,
  gte: 3,
  field: "account",
};

/** What every window store and seen store must do. Ids are new for each test: the stores may be shared. */
export const windowStoreContract = (make: () => { windows: WindowStore; seen: SeenStore; id: () => string }): void => {
  test("fires at the threshold, once, and again for the event that did it when that comes again", async () => {
    const { windows, id } = make();
    const window = id();
    const count = (n: number) => windows.count(window, "rule", { id: `e${String(n)}`, at: AT + n * 1_000 }, events);
    for (const n of [1, 2, 3, 4]) expect((await count(n)).fired).toBeUndefined();
    expect(await count(5)).toMatchObject({ count: 5, fired: { at: AT + 5_000 } });
    expect((await count(6)).fired).toBeUndefined();
    expect(await count(5)).toMatchObject({ count: 6, fired: { at: AT + 5_000 } });
  });

  test("counts an event that is delivered again once, in any order", async () => {
    const { windows, id } = make();
    const window = id();
    for (const n of [3, 1, 3, 1, 2, 2, 3])
      await windows.count(window, "rule", { id: `e${String(n)}`, at: AT + n * 1_000 }, events);
    const found = await windows.find(window);
    expect(Object.values(found?.buckets ?? {}).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(found?.fired).toBeUndefined();
  });

  test("fires again only after its timespan, and never for late events", async () => {
    const { windows, id } = make();
    const window = id();
    const burst = async (from: number, name: string) => {
      let fired = 0;
      for (let n = 0; n < 6; n += 1) {
        const counted = await windows.count(window, "rule", { id: `${name}${String(n)}`, at: from + n }, events);
        if (counted.fired !== undefined) fired += 1;
      }
      return fired;
    };
    expect(await burst(AT, "a")).toBe(1);
    expect(await burst(AT + 5 * MINUTE, "b")).toBe(0);
    expect(await burst(AT - 5 * MINUTE, "late")).toBe(0);
    expect(await burst(AT + 12 * MINUTE, "c")).toBe(1);
  });

  test("forgets what is older than its timespan", async () => {
    const { windows, id } = make();
    const window = id();
    for (let n = 0; n < 20; n += 1) {
      const counted = await windows.count(window, "rule", { id: `e${String(n)}`, at: AT + n * 5 * MINUTE }, events);
      expect(counted.count).toBeLessThanOrEqual(3);
    }
  });

  test("counts different values", async () => {
    const { windows, id } = make();
    const window = id();
    const count = (n: number, value: string) =>
      windows.count(window, "rule", { id: `e${String(n)}`, at: AT + n, value }, values);
    for (let n = 0; n < 10; n += 1) expect((await count(n, n % 2 === 0 ? "a" : "b")).count).toBeLessThanOrEqual(2);
    expect(await count(11, "c")).toMatchObject({ count: 3, fired: { at: AT + 11 } });
  });

  test("counts all of several at once, and fires for one of them", async () => {
    const { windows, id } = make();
    const window = id();
    const counted = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => windows.count(window, "rule", { id: `e${String(n)}`, at: AT }, events)),
    );
    expect(counted.filter(({ fired }) => fired !== undefined)).toHaveLength(1);
    expect(Math.max(...counted.map(({ count }) => count))).toBe(5);
  });

  test("remembers which events were dealt with", async () => {
    const { seen, id } = make();
    const event = id();
    expect(await seen.has(event)).toBe(false);
    await seen.mark(event, AT);
    await seen.mark(event, AT);
    expect(await seen.has(event)).toBe(true);
    expect(await seen.claim(event, AT)).toBe(false);
  });

  test("gives an event to one of many that claim it", async () => {
    const { seen, id } = make();
    const event = id();
    const claims = await Promise.all([1, 2, 3, 4].map(() => seen.claim(event, AT).catch(() => "held")));
    expect(claims.filter((claim) => claim === true)).toHaveLength(1);
    expect(claims.filter((claim) => claim === "held")).toHaveLength(3);
  });

  test("takes a claim back from a holder that died", async () => {
    const { seen, id } = make();
    const event = id();
    expect(await seen.claim(event, AT)).toBe(true);
    await expect(seen.claim(event, AT + CLAIM_MS - 1)).rejects.toThrow();
    expect(await seen.claim(event, AT + CLAIM_MS)).toBe(true);
    expect(await seen.has(event)).toBe(false);
  });
};
