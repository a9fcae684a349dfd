import { describe, expect, test } from "@jest/globals";
import { DAY, HOUR } from "../kernel/time.js";
import { assess, type AssessDeps } from "./assess-sign-in.js";
import { memoryDecisionStore } from "./decision-store.js";
import { learn } from "./learn-sign-in.js";
import type { SecurityEvent } from "../kernel/event.js";
import { memoryProfileStore } from "./profile-store.js";
import type { Place } from "./place.js";

const NOON = Date.UTC(2026, 0, 15, 12);
const HOME = "193.213.112.9";
const ABROAD = "200.160.2.3";
const PLACES: Record<string, Place> = {
  [HOME]: { country: "NO", asn: 2119, asnName: "Telenor" },
  [ABROAD]: { country: "BR", asn: 22548, asnName: "NIC.br" },
};

const set = (overrides: Partial<AssessDeps> = {}) => {
  const decisions = memoryDecisionStore();
  const events: SecurityEvent[] = [];
  const logged: string[] = [];
  let drawn = 0;
  const deps = {
    profiles: memoryProfileStore(),
    decisions,
    failureCounts: () => Promise.resolve({ account: 0, network: 0 }),
    locate: (ip: string) => PLACES[ip] ?? { country: "ZZ", asn: 0, asnName: "" },
    deviceOf: (userAgent: string) => ({ browser: userAgent, os: "Windows" }),
    record: (event: SecurityEvent) => {
      events.push(event);
      return Promise.resolve();
    },
    random: (size: number) => new Uint8Array(size).fill((drawn += 1)),
    log: (_: string, message: string) => void logged.push(message),
    thresholds: { stepUpAt: 0.5, blockAt: 0.98, whenBlind: "allow" as const },
    ...overrides,
  };
  return { deps, decisions: decisions.decisions, events, logged };
};

const signIn = (ip: string, browser: string, at: number) => ({ uid: "u1", ip, userAgent: browser, at });

const settled = async (deps: AssessDeps, times: number) => {
  for (let day = times; day > 0; day -= 1) {
    const verdict = await assess(deps, signIn(HOME, "Chrome", NOON - day * DAY));
    expect(verdict.action).toBe("allow");
    await learn(deps, "u1", verdict);
  }
};

describe("assessing a sign-in", () => {
  test("allows the usual one and keeps the decision with every reason", async () => {
    const { deps, decisions, events } = set();
    await settled(deps, 5);
    const verdict = await assess(deps, signIn(HOME, "Chrome", NOON));
    expect(verdict).toMatchObject({
      action: "allow",
      country: "NO",
      asn: 2119,
      asnName: "Telenor",
      browser: "Chrome",
      os: "Windows",
      networkPrefix: "193.213.112.0/24",
    });
    const kept = decisions.at(-1);
    expect(kept).toMatchObject({
      id: verdict.decisionId,
      uid: "u1",
      time: NOON,
      action: "allow",
      device: "Chrome / Windows",
      learning: false,
      degraded: [],
    });
    expect(kept?.contributions.reduce((sum, { points }) => sum + points, 0)).toBe(kept?.logOdds);
    expect(events).toEqual([]);
  });

  test("asks for a second factor from a new country, network and device, and tells which event it was", async () => {
    const { deps, events } = set();
    await settled(deps, 5);
    const verdict = await assess(deps, signIn(ABROAD, "Firefox", NOON));
    expect(verdict.action).toBe("step-up");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      subject: "u1",
      outcome: "success",
      detail: { action: "step-up", decision: verdict.decisionId },
    });
    expect(events[0]?.detail?.["reasons"]).toEqual(expect.arrayContaining(["new-country", "new-device"]));
  });

  test("learns only what stood: an attacker's tries do not become usual", async () => {
    const { deps } = set();
    await settled(deps, 5);
    const first = await assess(deps, signIn(ABROAD, "Firefox", NOON));
    const second = await assess(deps, signIn(ABROAD, "Firefox", NOON + 30 * HOUR));
    expect([first.action, second.action]).toEqual(["step-up", "step-up"]);
    await learn(deps, "u1", second);
    const third = await assess(deps, signIn(ABROAD, "Firefox", NOON + 60 * HOUR));
    expect(third.action).toBe("allow");
  });

  test("an address that no table knows adds nothing about places", async () => {
    const { deps } = set();
    await settled(deps, 5);
    const verdict = await assess(deps, signIn("127.0.0.1", "Chrome", NOON));
    expect(verdict).toMatchObject({ action: "allow", country: "ZZ", asn: 0 });
    expect(verdict.contributions.map(({ name }) => name)).not.toContain("new-country");
  });

  test("goes on without the network table, and says so in the decision", async () => {
    const { deps, decisions, logged } = set({
      locate: () => {
        throw new Error("ENOENT");
      },
    });
    const verdict = await assess(deps, signIn(HOME, "Chrome", NOON));
    expect(verdict).toMatchObject({ action: "allow", country: "ZZ" });
    expect(decisions[0]?.degraded).toEqual(["networks"]);
    expect(logged).toEqual(["a source of risk evidence failed"]);
  });

  test.each(["allow", "step-up"] as const)(
    "without the profile the configured fallback holds: %s",
    async (whenBlind) => {
      const { deps, decisions } = set({
        profiles: { find: () => Promise.reject(new Error("down")), add: () => Promise.resolve() },
        thresholds: { stepUpAt: 0.5, blockAt: 0.98, whenBlind },
      });
      expect((await assess(deps, signIn(HOME, "Chrome", NOON))).action).toBe(whenBlind);
      expect(decisions[0]?.degraded).toEqual(["profile"]);
    },
  );

  test("the verdict holds although neither decision nor event can be kept", async () => {
    const { deps, logged } = set({
      failureCounts: () => Promise.resolve({ account: 40, network: 100 }),
      decisions: { ...memoryDecisionStore(), add: () => Promise.reject(new Error("down")) },
      record: () => Promise.reject(new Error("down")),
    });
    expect((await assess(deps, signIn(HOME, "Chrome", NOON))).action).toBe("step-up");
    expect(logged).toEqual(["a risk decision could not be kept", "a risky sign-in could not be told"]);
  });
});
