import { describe, expect, test } from "@jest/globals";
import type { EventMessage, SecurityEvent } from "../kernel/event.js";
import { MINUTE } from "../kernel/time.js";
import { consumeEvent, windowId, type ConsumeDeps } from "./consume-event.js";
import { failureCounts } from "./failure-counts.js";
import type { Finding } from "./finding.js";
import { rulesFor } from "./rules/index.js";
import { memorySeenStore, memoryWindowStore } from "./window-store.js";

const AT = Date.UTC(2026, 0, 15, 12);

const wrongPassword = (n: number, over: Partial<EventMessage> = {}): EventMessage => ({
  id: `event-${String(n)}`,
  at: AT + n * 1_000,
  name: "detection.sign-in-failed",
  class: "authentication",
  activity: 1,
  severity: "low",
  outcome: "failure",
  subject: "uid-ada",
  ip: "198.51.100.7",
  ...over,
});

const set = (overrides: Partial<ConsumeDeps> = {}) => {
  const findings: Finding[] = [];
  const events: SecurityEvent[] = [];
  const deps: ConsumeDeps = {
    rulesFor,
    windows: memoryWindowStore(),
    seen: memorySeenStore(),
    quiet: new Map(),
    record: (event) => {
      events.push(event);
      return Promise.resolve();
    },
    publish: (_, message) => {
      findings.push(message as Finding);
      return Promise.resolve();
    },
    ...overrides,
  };
  return { deps, findings, events };
};

const burst = async (deps: ConsumeDeps, times: number, from = 0) => {
  for (let n = from; n < from + times; n += 1) await consumeEvent(deps, wrongPassword(n));
};

describe("consuming events", () => {
  test("a burst of wrong passwords becomes one finding about the account and the network", async () => {
    const { deps, findings, events } = set();
    await burst(deps, 25);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      rule: "password-failures-account",
      level: "high",
      groupBy: { uid: "uid-ada", networkPrefix: "198.51.100.0/24" },
      groupedBy: ["uid"],
      at: AT + 9_000,
      response: ["block"],
    });
    expect(findings[0]?.eventIds).toHaveLength(10);
    expect(events.map(({ type, severity, subject }) => [type.name, severity, subject])).toEqual([
      ["detection.rule-matched", "high", "uid-ada"],
    ]);
    expect(events[0]?.detail?.["attacks"]).toEqual(["attack.t1110.001"]);
  });

  test("events that come twice and in any order give the same finding", async () => {
    const { deps, findings } = set();
    const order = [7, 1, 9, 3, 3, 1, 5, 0, 2, 8, 9, 4, 6, 0, 7];
    for (const n of order) await consumeEvent(deps, wrongPassword(n));
    expect(findings).toHaveLength(1);
    for (const n of order) await consumeEvent({ ...deps, quiet: new Map() }, wrongPassword(n));
    expect(findings).toHaveLength(1);
  });

  test("a finding that could not be published is found again under the same id", async () => {
    const { deps, findings } = set();
    await burst(deps, 9);
    const down: ConsumeDeps = { ...deps, publish: () => Promise.reject(new Error("down")) };
    await expect(consumeEvent(down, wrongPassword(9))).rejects.toThrow("down");
    expect(findings).toHaveLength(0);
    await consumeEvent(deps, wrongPassword(9));
    await consumeEvent(deps, wrongPassword(9));
    expect(findings).toHaveLength(1);
  });

  test("a finding that was published but not recorded goes out again with the same id", async () => {
    const { deps, findings } = set();
    await burst(deps, 9);
    const down: ConsumeDeps = { ...deps, record: () => Promise.reject(new Error("down")) };
    await expect(consumeEvent(down, wrongPassword(9))).rejects.toThrow("down");
    await consumeEvent({ ...deps, quiet: new Map() }, wrongPassword(9));
    expect(findings).toHaveLength(2);
    expect(new Set(findings.map(({ findingId }) => findingId)).size).toBe(1);
  });

  test("an attack that goes on is found once a timespan, and counts nothing in between", async () => {
    const { deps, findings } = set();
    let counted = 0;
    const windows = {
      ...deps.windows,
      count: (...args: Parameters<typeof deps.windows.count>) => ((counted += 1), deps.windows.count(...args)),
    };
    for (let n = 0; n < 200; n += 1)
      await consumeEvent(
        { ...deps, windows, rulesFor: () => rulesFor("authentication").slice(0, 1) },
        wrongPassword(n),
      );
    expect(findings).toHaveLength(1);
    expect(counted).toBe(10);
    await consumeEvent({ ...deps, windows }, wrongPassword(2 * 600));
    for (let n = 0; n < 10; n += 1) await consumeEvent(deps, wrongPassword(900 + n));
    expect(findings.filter(({ rule }) => rule === "password-failures-account")).toHaveLength(2);
  });

  test("an entry of the activity log that comes late counts when it happened", async () => {
    const { deps, findings } = set();
    for (let n = 0; n < 20; n += 1) {
      await consumeEvent(
        deps,
        wrongPassword(n, { at: AT + 120 * MINUTE, detail: { occurredAt: AT + n * 5 * MINUTE } }),
      );
    }
    expect(findings).toEqual([]);
  });

  test.each(["detection-finding", "incident-finding", "remediation-activity"] as const)(
    "its own events and their answers (%s) are never looked at",
    async (own) => {
      const asked: string[] = [];
      const { deps } = set({ rulesFor: (name) => (asked.push(name), rulesFor("authentication")) });
      expect(await consumeEvent(deps, wrongPassword(1, { class: own }))).toEqual([]);
      expect(asked).toEqual([]);
    },
  );

  test("an event that no rule is about costs no read", async () => {
    const refuse = () => Promise.reject(new Error("must not be asked"));
    const { deps } = set({ seen: { has: refuse, mark: refuse, claim: refuse } });
    await consumeEvent(deps, wrongPassword(1, { name: "identity.session-started", outcome: "success" }));
  });

  test("the score reads the failures that the rules have counted", async () => {
    const { deps } = set();
    await burst(deps, 4);
    const count = failureCounts(deps);
    const who = { uid: "uid-ada", networkPrefix: "198.51.100.0/24" };
    expect(await count(who, AT + 10_000)).toEqual({ account: 4, network: 4 });
    expect(await count(who, AT + 60 * MINUTE)).toEqual({ account: 0, network: 0 });
    expect(await count({ uid: "other", networkPrefix: "203.0.113.0/24" }, AT)).toEqual({ account: 0, network: 0 });
  });

  test("a window's id tells no account", () => {
    expect(windowId("rule", ["uid-ada"])).toMatch(/^[\w-]{43}$/);
    expect(windowId("rule", ["a", "bc"])).not.toBe(windowId("rule", ["ab", "c"]));
  });
});
