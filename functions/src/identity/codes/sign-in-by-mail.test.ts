import { describe, expect, test } from "@jest/globals";
import { identityApi } from "../api.js";
import { codeIn, codeWorld } from "./codes.fixture.js";
import { beginMailSignIn, finishMailSignIn } from "./sign-in-by-mail.js";

const visitor = {
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};
const device = { name: "Ann's laptop" };
const REJECTED = { code: "identity/code-rejected" };

const begun = async (email = "ann@example.org") => {
  const world = codeWorld();
  const { challenge } = await beginMailSignIn(world.deps, visitor, email);
  const code = await world.lastCode();
  await world.deliver();
  return { ...world, challenge, code };
};

describe("signing in by a mailed code", () => {
  test("ends as every sign-in ends: a custom token, and a session of assurance 1", async () => {
    const { deps, mails, challenge } = await begun();
    const answer = await finishMailSignIn(deps, visitor, { challenge, code: codeIn(mails[0]), device });
    expect(answer.session).toMatchObject({ assurance: 1, stepUpRequired: false });
    const session = await deps.sessions.find(answer.session.sid);
    expect(session).toMatchObject({ uid: "ann", aal: 1, amr: ["email"] });
    expect(answer.customToken).toBe(`custom-token:ann:${answer.session.sid}`);
    expect(() => identityApi["mailcode-finish"].output.parse(answer)).not.toThrow();
  });

  test.each([
    ["has no account", "nobody@example.org", {}],
    ["is of a closed account", "ann@example.org", { disabled: true }],
    ["was never confirmed", "ann@example.org", { emailVerified: false }],
  ])("an address that %s gets no mail, and its code, guessed right, opens nothing", async (_, email, over) => {
    const world = codeWorld();
    world.statuses.set("ann", {
      disabled: false,
      emailVerified: true,
      email: "ann@example.org",
      tokensValidAfter: 0,
      ...over,
    });
    const { challenge } = await beginMailSignIn(world.deps, visitor, email);
    const code = await world.lastCode();
    await world.deliver();
    expect(world.mails).toEqual([]);
    await expect(finishMailSignIn(world.deps, visitor, { challenge, code, device })).rejects.toMatchObject(REJECTED);
  });

  test("before the mail was delivered the code opens nothing, guessed right or not", async () => {
    const world = codeWorld();
    const { challenge } = await beginMailSignIn(world.deps, visitor, "ann@example.org");
    const code = await world.lastCode();
    await expect(finishMailSignIn(world.deps, visitor, { challenge, code, device })).rejects.toMatchObject(REJECTED);
  });
});

describe("whether there is an account", () => {
  test("shows neither in the answer nor in what is stored, said or refused", async () => {
    const asked = async (email: string) => {
      const world = codeWorld();
      const answer = await beginMailSignIn(world.deps, visitor, email);
      const again = await beginMailSignIn(world.deps, visitor, email).catch((error: unknown) => error);
      const challenge = await world.deps.challenges.find(answer.challenge, world.time.now);
      const [item] = [...world.outbox.items.values()];
      return {
        answer: Object.entries(answer).map(([name, value]) => [name, typeof value === "number" ? value : value.length]),
        again: { ...(again as object), message: (again as Error).message },
        challenge: Object.keys(challenge ?? {}).sort(),
        facts: Object.keys(challenge?.facts ?? {}).sort(),
        item: Object.keys(item ?? {}).sort(),
        sealed: item?.content?.length,
        told: world.told.length,
        queued: world.queued.length,
      };
    };
    expect(await asked("ann@example.org")).toEqual(await asked("bob@example.org"));
  });

  test("is asked by nothing in the call: the directory is not touched", async () => {
    const world = codeWorld();
    const asked: string[] = [];
    const noting = (name: string) => () => {
      asked.push(name);
      return Promise.reject(new Error("not in the call"));
    };
    const directory = { ...world.deps.directory, uidOf: noting("uidOf"), status: noting("status") };
    await beginMailSignIn({ ...world.deps, directory } as typeof world.deps, visitor, "ann@example.org");
    expect(asked).toEqual([]);
  });

  test("does not show in the time it takes: 400 pairs a round, Mann-Whitney U", async () => {
    // Chance alone gives p < 0.05 once in twenty rounds, and in three of three once in 8 000; a difference gives it every time.
    const found: number[] = [];
    for (let round = 0; round < 3 && (found.at(-1) ?? 0) <= 0.05; round += 1) {
      const { known, other } = await times(400);
      found.push(mannWhitney(known, other));
    }
    expect(Math.max(...found)).toBeGreaterThan(0.05);
  });
});

/** Nanoseconds of as many calls with an address that has an account, and with one that has none, turn by turn. */
const times = async (pairs: number): Promise<{ known: number[]; other: number[] }> => {
  const world = codeWorld();
  const account = { disabled: false, emailVerified: true, tokensValidAfter: 0 };
  for (let n = 0; n < pairs + WARM_UP; n += 1)
    world.statuses.set(`u${String(n)}`, { ...account, email: `known${String(n)}@example.org` });
  const took = async (n: number, name: string) => {
    // From a network of its own each, so that no pause is between them.
    const ip = `10.${String(n >> 8)}.${String(n & 255)}.1`;
    const startedAt = process.hrtime.bigint();
    await beginMailSignIn(world.deps, { ...visitor, ip }, `${name}${String(n)}@example.org`);
    return Number(process.hrtime.bigint() - startedAt);
  };
  const found: { known: number[]; other: number[] } = { known: [], other: [] };
  for (let n = 0; n < pairs + WARM_UP; n += 1) {
    for (const name of n % 2 === 0 ? (["known", "other"] as const) : (["other", "known"] as const)) {
      const time = await took(n, name);
      if (n >= WARM_UP) found[name].push(time);
    }
  }
  return found;
};

const WARM_UP = 100;

test("the test of times finds a difference of a tenth of the spread", () => {
  const sample = (shift: number) => Array.from({ length: 500 }, (_, n) => ((n * 7919) % 500) + shift);
  expect(mannWhitney(sample(0), sample(0))).toBeGreaterThan(0.9);
  expect(mannWhitney(sample(0), sample(50))).toBeLessThan(0.001);
});

/** Two-sided p of the Mann-Whitney U test, by the normal approximation (both samples hundreds). */
const mannWhitney = (a: readonly number[], b: readonly number[]): number => {
  const all = [...a.map((value) => ({ value, a: 1 })), ...b.map((value) => ({ value, a: 0 }))];
  all.sort((left, right) => left.value - right.value);
  let ranks = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const rank = (from + 1 + to) / 2; // ties share the mean of their ranks
    for (let at = from; at < to; at += 1) ranks += (all[at]?.a ?? 0) * rank;
    from = to;
  }
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return 2 * (1 - normal(Math.abs(u - mean) / deviation));
};

/** Standard normal distribution, Abramowitz and Stegun 26.2.17: within 7.5e-8. */
const normal = (z: number): number => {
  const t = 1 / (1 + 0.231_641_9 * z);
  const poly =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return 1 - (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
};
