import { describe, expect, test } from "@jest/globals";
import { systemClock } from "../../kernel/time.js";
import { mannWhitneyP } from "./mann-whitney.fixture.js";
import { PASSWORD, passwordWorld, visitor } from "./passwords.fixture.js";
import type { PasswordDeps } from "./deps.js";
import { signInWithPassword } from "./sign-in.js";
import { beginSignUp } from "./sign-up.js";

// Real time, everything a tenth of what it is in production or less: what is known takes longer than what is not.
const PAIRS = 300;
const BEAT_MS = 12;
const KNOWN = "ann@example.org";

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Delays that scatter as a network's do, from a generator of its own so that every run is the same. */
const scatter = () => {
  let state = 20_261_122;
  return (from: number, to: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return from + ((to - from) * state) / 2_147_483_648;
  };
};

const world = (over: Partial<PasswordDeps> = {}) => {
  const delay = scatter();
  const made = passwordWorld({ answerEveryMs: BEAT_MS, sleep, clock: systemClock, ...over });
  const { deps } = made;
  const slow: PasswordDeps = {
    ...deps,
    attempts: {
      ...deps.attempts,
      spend: async () => ({ ok: true, attempts: { failures: 1, burst: 1, lastAt: 0 }, left: 1 }),
    },
    passwords: {
      ...deps.passwords,
      verify: async (email, password) => {
        await sleep(email === KNOWN ? delay(4, 7) : delay(1, 3)); // a password is hashed for an account only
        return deps.passwords.verify(email, password);
      },
    },
    codes: {
      ...deps.codes,
      send: async (code) => {
        await sleep(code.address === KNOWN ? delay(3, 6) : delay(1, 3)); // as if it mattered who has the address
        return deps.codes.send(code);
      },
    },
  };
  return slow;
};

const took = async (run: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await run().catch(() => undefined);
  return performance.now() - startedAt;
};

/** Known and unknown in turn, each first every other time; the p of their difference. */
const compare = async (run: (email: string) => Promise<unknown>): Promise<number> => {
  const [known, unknown]: number[][] = [[], []];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const measureKnown = async () => void known?.push(await took(() => run(KNOWN)));
    const measureUnknown = async () => void unknown?.push(await took(() => run("nobody@example.org")));
    const [first, second] = pair % 2 === 0 ? [measureKnown, measureUnknown] : [measureUnknown, measureKnown];
    await first();
    await second();
  }
  return mannWhitneyP(known ?? [], unknown ?? []);
};

const signIn = (deps: PasswordDeps) => (email: string) =>
  signInWithPassword(deps, visitor(), { email, password: "wrong", device: { name: "x" } });
const signUp = (deps: PasswordDeps) => (email: string) => beginSignUp(deps, visitor(), { email, password: PASSWORD });

// Even two equal things differ with p < 0.05 one time in twenty: three measurements may not all do so (one in 8 000).
const best = async (measure: () => Promise<number>): Promise<number> => {
  let p = 0;
  for (let time = 0; time < 3 && p <= 0.05; time += 1) p = Math.max(p, await measure());
  return p;
};

// OWASP ASVS 6.3.8.
describe.each([
  ["sign-in", signIn],
  ["sign-up", signUp],
])("the time of %s", (_, call) => {
  test(`does not tell an account from none, in ${String(PAIRS)} pairs`, async () => {
    expect(await best(() => compare(call(world())))).toBeGreaterThan(0.05);
  }, 60_000);

  test("would, without the beat", async () => {
    expect(await compare(call(world({ sleep: () => Promise.resolve() })))).toBeLessThan(1e-6);
  }, 60_000);
});

describe("the Mann-Whitney test", () => {
  const run = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

  test("finds nothing between equal samples, and everything between apart ones", () => {
    expect(mannWhitneyP(run(0, 50), run(0, 50))).toBeCloseTo(1, 5);
    expect(mannWhitneyP(run(0, 50), run(1_000, 50))).toBeLessThan(1e-15);
  });

  test("agrees with a worked example: U = 50 of 20 and 10 values, without ties", () => {
    // Ranks 1-5 and 16-30 against 6-15: U = 50, mean 100, deviation sqrt(200 × 31 / 12) = 22.73, z = 2.20.
    const [middle, outer] = [run(6, 10), [...run(1, 5), ...run(16, 15)]];
    expect(mannWhitneyP(middle, outer)).toBeCloseTo(0.0278, 3);
  });
});
