import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DAY, HOUR } from "../kernel/time.js";
import { decide } from "./decide.js";
import { addSignIn, AGE_AT, emptyProfile, REMEMBERED, type RiskProfile } from "./profile.js";
import { score, type Evidence } from "./score.js";
import { WEIGHTS } from "./weights.js";

const NOON = Date.UTC(2026, 0, 15, 12);
const THRESHOLDS = { stepUpAt: 0.5, blockAt: 0.98 };
const TELENOR = 2119;
const VODAFONE = 3209;
const DIGITALOCEAN = 14061;

/** An account that signed in this often, daily at noon, at home in Norway on its own network. */
const history = (signIns: number, base = emptyProfile("u1")): RiskProfile =>
  Array.from({ length: signIns }).reduce<RiskProfile>(
    (profile, _, day) =>
      addSignIn(profile, {
        at: NOON - (signIns - day) * DAY,
        country: "NO",
        asn: TELENOR,
        device: "Chrome / Windows",
        decisionId: `d${String(day)}`,
      }),
    base,
  );

const usual = (signIns: number): Evidence => ({
  profile: history(signIns),
  at: NOON,
  country: "NO",
  asn: TELENOR,
  device: "Chrome / Windows",
  failures: { account: 0, network: 0 },
});

const named = (evidence: Evidence, name: string): number =>
  score(evidence).contributions.find((term) => term.name === name)?.points ?? 0;

const action = (evidence: Evidence) => decide(score(evidence), THRESHOLDS);

describe("a sign-in", () => {
  test("the first of an account is allowed: everything is new, and that says nothing", () => {
    const first: Evidence = {
      profile: emptyProfile("u1"),
      at: NOON,
      country: "BR",
      asn: VODAFONE,
      device: "Firefox / Linux",
    };
    expect(score(first).contributions.map(({ name }) => name)).toEqual(["base-rate"]);
    expect(action(first)).toBe("allow");
  });

  test("like all before is allowed, with every usual thing named as speaking for it", () => {
    const { contributions } = score(usual(20));
    expect(contributions.map(({ name }) => name).sort()).toEqual([
      "base-rate",
      "known-country",
      "known-device",
      "known-network",
      "usual-hour",
    ]);
    expect(action(usual(20))).toBe("allow");
  });

  test.each([2, 3, 12, 60])(
    "after %i, one from a new country, network and device needs a second factor, and says why",
    (signIns) => {
      const strange: Evidence = {
        ...usual(signIns),
        at: NOON + 30 * DAY,
        country: "BR",
        asn: VODAFONE,
        device: "Safari / iOS",
      };
      expect(action(strange)).toBe("step-up");
      expect(
        score(strange)
          .contributions.slice(0, 2)
          .map(({ says }) => says),
      ).toEqual(["A country this account has not been seen in", "A kind of device this account has not used"]);
    },
  );

  test("with one new thing only is allowed: a journey, a new phone, a café", () => {
    expect(action({ ...usual(20), at: NOON + 9 * DAY, country: "ES", asn: VODAFONE })).toBe("allow");
    expect(action({ ...usual(20), device: "Safari / iOS" })).toBe("allow");
    expect(action({ ...usual(20), asn: VODAFONE })).toBe("allow");
  });

  test("with a new device on a new network at home needs a second factor", () => {
    expect(action({ ...usual(20), asn: VODAFONE, device: "Safari / iOS" })).toBe("step-up");
  });

  test.each([1, 2, 3, 12, 100])(
    "after %i, everything new and too far for the time needs a second factor; refusing takes more",
    (signIns) => {
      const stolen = { ...usual(signIns), at: NOON - DAY + 1, country: "BR", asn: VODAFONE, device: "Firefox / Linux" };
      expect(action(stolen)).toBe("step-up");
    },
  );

  test("with everything new, too fast and after guessing is refused", () => {
    const stolen = { ...usual(20), at: NOON, country: "BR", asn: VODAFONE, device: "Firefox / Linux" };
    expect(action({ ...stolen, failures: { account: 12, network: 12 } })).toBe("block");
  });

  test("is not refused for one kind of evidence, however strong", () => {
    const result = {
      logOdds: 6,
      probability: 0.9975,
      contributions: [
        { name: "new-country", points: 3, says: "" },
        { name: "impossible-travel", points: 3, says: "" },
      ],
    };
    expect(decide(result, THRESHOLDS)).toBe("step-up");
    expect(
      decide(
        { ...result, contributions: [...result.contributions, { name: "new-device", points: 1, says: "" }] },
        THRESHOLDS,
      ),
    ).toBe("block");
  });
});

describe("each contribution fires and stays silent", () => {
  test("new-country", () => {
    expect(named({ ...usual(12), country: "BR" }, "new-country")).toBeGreaterThan(2);
    expect(named(usual(12), "new-country")).toBe(0);
  });

  test("new-network, which backs off in a new country", () => {
    expect(named({ ...usual(12), asn: VODAFONE }, "new-network")).toBeGreaterThan(1);
    expect(named({ ...usual(12), asn: VODAFONE, country: "BR" }, "new-network")).toBeCloseTo(0.36, 2);
    expect(named(usual(12), "new-network")).toBe(0);
  });

  test("new-device", () => {
    expect(named({ ...usual(12), device: "Opera / macOS" }, "new-device")).toBeGreaterThan(2);
    expect(named(usual(12), "new-device")).toBe(0);
  });

  test("impossible-travel, unless the country is usual, the way is short, there was time, or the network has no place", () => {
    const evidence = usual(12);
    const last = NOON - DAY;
    expect(named({ ...evidence, at: last + HOUR, country: "BR", asn: VODAFONE }, "impossible-travel")).toBeGreaterThan(
      1,
    );
    expect(named({ ...evidence, at: last, country: "BR", asn: VODAFONE }, "impossible-travel")).toBeCloseTo(
      WEIGHTS.travel.most,
      2,
    );
    expect(named({ ...evidence, at: last + HOUR }, "impossible-travel")).toBe(0);
    expect(named({ ...evidence, at: last + HOUR, country: "SE", asn: VODAFONE }, "impossible-travel")).toBe(0);
    expect(named({ ...evidence, at: last + 20 * HOUR, country: "BR", asn: VODAFONE }, "impossible-travel")).toBe(0);
    expect(named({ ...evidence, at: last + HOUR, country: "US", asn: DIGITALOCEAN }, "impossible-travel")).toBe(0);
    expect(named({ ...evidence, at: last + HOUR, country: "US", asn: 13335 }, "impossible-travel")).toBe(0);
  });

  test("unusual-hour, once there is a habit", () => {
    expect(named({ ...usual(40), at: NOON + 12 * HOUR }, "unusual-hour")).toBeGreaterThan(0.2);
    expect(named({ ...usual(40), at: NOON + HOUR }, "unusual-hour")).toBe(0);
    expect(named({ ...usual(0), at: NOON + 12 * HOUR }, "unusual-hour")).toBe(0);
  });

  test("hosting-network, unless the account uses that network", () => {
    expect(named({ ...usual(12), asn: DIGITALOCEAN }, "hosting-network")).toBeCloseTo(WEIGHTS.hosting, 2);
    const vpnUser = addSignIn(history(3), {
      at: NOON,
      country: "NO",
      asn: DIGITALOCEAN,
      device: "x",
      decisionId: "vpn",
    });
    expect(named({ ...usual(12), profile: vpnUser, asn: DIGITALOCEAN }, "hosting-network")).toBe(0);
    expect(named(usual(12), "hosting-network")).toBe(0);
  });

  test("account-failures and network-failures, from more than a slip on", () => {
    expect(named({ ...usual(12), failures: { account: 10, network: 0 } }, "account-failures")).toBeGreaterThan(1);
    expect(named({ ...usual(12), failures: { account: 2, network: 0 } }, "account-failures")).toBe(0);
    expect(named({ ...usual(12), failures: { account: 0, network: 40 } }, "network-failures")).toBeGreaterThan(1);
    expect(named({ ...usual(12), failures: { account: 0, network: 5 } }, "network-failures")).toBe(0);
  });
});

const traces = fc.array(
  fc.record({
    at: fc.integer({ min: NOON - 100 * DAY, max: NOON }),
    country: fc.constantFrom("NO", "SE", "BR", "US", "ZZ", "XX"),
    asn: fc.constantFrom(0, TELENOR, VODAFONE, DIGITALOCEAN, 13335),
    device: fc.constantFrom("Chrome / Windows", "Safari / iOS", "Unknown / Unknown"),
  }),
  { maxLength: 60 },
);

const profiles = traces.map((list) =>
  list.reduce(
    (profile, trace, index) => addSignIn(profile, { ...trace, decisionId: String(index) }),
    emptyProfile("u1"),
  ),
);

const evidences: fc.Arbitrary<Evidence> = fc
  .record({
    profile: profiles,
    at: fc.integer({ min: NOON - 110 * DAY, max: NOON + 400 * DAY }),
    country: fc.option(fc.constantFrom("NO", "SE", "BR", "US", "JP"), { nil: undefined }),
    asn: fc.option(fc.constantFrom(TELENOR, VODAFONE, DIGITALOCEAN, 13335, 64500), { nil: undefined }),
    device: fc.constantFrom("Chrome / Windows", "Safari / iOS", "Firefox / Linux"),
    failures: fc.option(fc.record({ account: fc.nat(10_000), network: fc.nat(100_000) }), { nil: undefined }),
  })
  .map(({ country, asn, failures, ...rest }) => ({
    ...rest,
    ...(country !== undefined && { country }),
    ...(asn !== undefined && { asn }),
    ...(failures !== undefined && { failures }),
  }));

const LEAST =
  WEIGHTS.baseRate + WEIGHTS.country.least + WEIGHTS.network.least + WEIGHTS.device.least + WEIGHTS.hour.least;
const MOST =
  WEIGHTS.baseRate +
  WEIGHTS.country.most +
  WEIGHTS.network.most +
  WEIGHTS.device.most +
  WEIGHTS.travel.most +
  WEIGHTS.hour.most +
  WEIGHTS.hosting +
  WEIGHTS.accountFailures.most +
  WEIGHTS.networkFailures.most;

describe("for any evidence", () => {
  test("the score is finite, between its bounds, and a probability", () => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        const { logOdds, probability } = score(evidence);
        expect(Number.isFinite(logOdds)).toBe(true);
        expect(logOdds).toBeGreaterThanOrEqual(LEAST - 0.01);
        expect(logOdds).toBeLessThanOrEqual(MOST + 0.01);
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }),
      { numRuns: 500 },
    );
  });

  test("the contributions sum to the log-odds exactly, in any order", () => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        const { logOdds, contributions } = score(evidence);
        const points = contributions.map((term) => term.points);
        expect(points.reduce((sum, value) => sum + value, 0)).toBe(logOdds);
        expect([...points].reverse().reduce((sum, value) => sum + value, 0)).toBe(logOdds);
      }),
      { numRuns: 500 },
    );
  });

  test("worse evidence never lowers the score", () => {
    const worse: Record<string, (evidence: Evidence) => Evidence> = {
      "a country never seen": (evidence) => ({ ...evidence, ...(evidence.country !== undefined && { country: "JP" }) }),
      "a device never seen": (evidence) => ({ ...evidence, device: "Lynx / BeOS" }),
      "a network never seen": (evidence) => ({
        ...evidence,
        ...(evidence.asn !== undefined && networkLike(evidence.asn)),
      }),
      "one more wrong password for the account": (evidence) => withFailures(evidence, 1, 0),
      "one more wrong password from the network": (evidence) => withFailures(evidence, 0, 1),
    };
    fc.assert(
      fc.property(evidences, fc.constantFrom(...Object.keys(worse)), (evidence, name) => {
        const change = worse[name] ?? ((same: Evidence) => same);
        expect(score(change(evidence)).logOdds).toBeGreaterThanOrEqual(score(evidence).logOdds - TWO_ROUNDINGS);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the same journey in less time never lowers the score", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 * HOUR }), fc.integer({ min: 1, max: 100 * HOUR }), (one, other) => {
        const journey = (time: number) =>
          named({ ...usual(12), at: NOON - DAY + time, country: "BR", asn: VODAFONE }, "impossible-travel");
        expect(journey(Math.min(one, other))).toBeGreaterThanOrEqual(journey(Math.max(one, other)));
      }),
    );
  });
});

// Each term is rounded to 1/1024.
const TWO_ROUNDINGS = 2 / 1_024;

// Of the same kind, so that only novelty changes: hosting stays hosting, a relay stays a relay.
const networkLike = (asn: number): { asn: number } => ({
  asn: asn === DIGITALOCEAN ? 24940 : asn === 13335 ? 54113 : 64501,
});

const withFailures = (evidence: Evidence, account: number, network: number): Evidence => ({
  ...evidence,
  failures: {
    account: (evidence.failures?.account ?? 0) + account,
    network: (evidence.failures?.network ?? 0) + network,
  },
});

describe("a profile", () => {
  test("counts a decision once", () => {
    const once = history(1);
    expect(addSignIn(once, { at: NOON, country: "NO", asn: TELENOR, device: "x", decisionId: "d0" })).toBe(once);
  });

  test("stays small and forgets slowly, however long the history", () => {
    const many = Array.from({ length: 1_000 }).reduce<RiskProfile>(
      (profile, _, n) =>
        addSignIn(profile, {
          at: NOON + n * HOUR,
          country: `C${String(n % 90)}`,
          asn: n + 1,
          device: `d${String(n)}`,
          decisionId: String(n),
        }),
      history(50),
    );
    expect(many.signIns).toBeLessThanOrEqual(AGE_AT);
    expect(Object.keys(many.countries).length).toBeLessThanOrEqual(REMEMBERED.countries);
    expect(Object.keys(many.asns).length).toBeLessThanOrEqual(REMEMBERED.asns);
    expect(Object.keys(many.devices).length).toBeLessThanOrEqual(REMEMBERED.devices);
  });

  test("keeps the newest sign-in as the last, whatever the order they are told in", () => {
    const newer = addSignIn(history(1), { at: NOON, country: "SE", asn: 1, device: "x", decisionId: "new" });
    const late = addSignIn(newer, { at: NOON - 5 * DAY, country: "BR", asn: 2, device: "y", decisionId: "late" });
    expect(late.last).toEqual({ at: NOON, country: "SE", decisionId: "new" });
    expect(late.countries["BR"]).toBe(1);
  });
});
