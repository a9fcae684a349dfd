import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { MINUTE } from "../../kernel/time.js";
import { BEAT, PASSWORD, passwordWorld, visitor } from "./passwords.fixture.js";
import { signInWithPassword } from "./sign-in.js";

const device = { name: "Ann's laptop" };
const { attempts } = config.passwords;

const world = (over: Parameters<typeof passwordWorld>[0] = {}) => {
  const made = passwordWorld(over);
  const signIn = (email = "ann@example.org", password = PASSWORD, from = visitor()) =>
    signInWithPassword(made.deps, from, { email, password, device });
  const outcome = (...args: Parameters<typeof signIn>) =>
    signIn(...args).then(
      () => "in",
      (error: unknown) => (error as { code: string }).code,
    );
  return { ...made, signIn, outcome };
};

const times = async <Answer>(count: number, run: (index: number) => Promise<Answer>): Promise<Answer[]> => {
  const answers = [];
  for (let index = 0; index < count; index += 1) answers.push(await run(index));
  return answers;
};

describe("signing in with a password", () => {
  test("starts a session at assurance 1 and answers a token that names it", async () => {
    const { signIn, deps, names } = world();
    const { customToken, session } = await signIn();
    expect(customToken).toBe(`custom-token:ann:${session.sid}`);
    expect(await deps.sessions.find(session.sid)).toMatchObject({ uid: "ann", aal: 1, amr: ["pwd"] });
    expect(names()).toContain("session-started");
  });

  test("takes the password exactly as it is typed", async () => {
    const { outcome, passwords } = world();
    passwords.set("ann@example.org", { uid: "ann", password: ` ${PASSWORD} Ä` });
    expect(await outcome(undefined, `${PASSWORD} Ä`)).toBe("identity/password-rejected");
    expect(await outcome(undefined, ` ${PASSWORD} ä`)).toBe("identity/password-rejected");
    expect(await outcome(undefined, ` ${PASSWORD} Ä`)).toBe("in");
  });

  test("is off where the proxy is", async () => {
    expect(await world({ proxyOn: () => false }).outcome()).toBe("identity/proxy-off");
  });

  test("with a second factor at Firebase is left to Firebase, whose token will tell of it", async () => {
    const { outcome, passwords } = world();
    passwords.set("ann@example.org", { uid: "ann", password: PASSWORD, secondFactor: true });
    expect(await outcome()).toBe("identity/sms-factor-needed");
  });

  test("does not blame the password when Firebase does not answer, and spends no attempt", async () => {
    const made = world();
    const { deps } = made;
    const down = { ...deps, passwords: { ...deps.passwords, verify: () => Promise.reject(new Error("503")) } };
    const input = { email: "ann@example.org", password: PASSWORD, device };
    const answers = await times(20, () => signInWithPassword(down, visitor(), input).catch((error: unknown) => error));
    expect(answers).toEqual(Array(20).fill(expect.objectContaining({ code: "request/unavailable" })));
    expect(await made.outcome()).toBe("in");
  });
});

describe("every refusal looks alike", () => {
  const cases: [string, (made: ReturnType<typeof world>) => void, string?][] = [
    ["an unknown address", () => undefined, "nobody@example.org"],
    ["a wrong password", ({ passwords }) => passwords.set("ann@example.org", { uid: "ann", password: "another" })],
    [
      "an account that Firebase has closed",
      ({ passwords }) => passwords.set("ann@example.org", { uid: "ann", password: PASSWORD, disabled: true }),
    ],
    ["an account that is closed", ({ statuses }) => statuses.set("ann", { ...statuses.get("ann")!, disabled: true })],
    [
      "an address that was never confirmed",
      ({ statuses }) => statuses.set("ann", { ...statuses.get("ann")!, emailVerified: false }),
    ],
  ];

  test.each(cases)("%s", async (_, prepare, email = "ann@example.org") => {
    const made = world();
    prepare(made);
    const refusal = await made.signIn(email).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "identity/password-rejected",
      message: "The address or the password is wrong.",
      details: {},
      status: "permission-denied",
    });
    expect(made.waits).toEqual([BEAT]);
    expect(made.names()).toEqual(["password-rejected"]);
  });

  test("its event names the account, or a keyed hash for an address without one, and never the address", async () => {
    const { outcome, told } = world();
    await outcome("ann@example.org", "wrong");
    await outcome("nobody@example.org", "wrong");
    await outcome("nobody@example.org", "wrong again");
    expect(told[0]).toMatchObject({
      outcome: "failure",
      subject: "ann",
      ip: "203.0.113.7",
      detail: { method: "password", reason: "wrong-credentials" },
    });
    expect(told[1]).not.toHaveProperty("subject");
    expect(told[1]?.detail?.["account"]).toMatch(/^[\w-]{22}$/);
    expect(told[2]?.detail?.["account"]).toBe(told[1]?.detail?.["account"]);
    expect(JSON.stringify(told)).not.toMatch(/example\.org|wrong again/);
  });
});

describe("guessing", () => {
  const wrong = (made: ReturnType<typeof world>, count: number, ip: (index: number) => string, email?: string) =>
    times(count, (index) => made.outcome(email, "wrong", visitor({ ip: ip(index) })));
  const here = () => "203.0.113.7";
  const everywhere = (index: number) => `198.51.${String(index)}.9`;

  test("from one network is stopped after a few tries, whatever is right by then", async () => {
    const made = world();
    const { limit } = attempts.pair;
    expect(await wrong(made, limit, here)).toEqual(Array(limit).fill("identity/password-rejected"));
    expect(await made.outcome()).toBe("identity/too-many-passwords");
    const refusal = await made.signIn().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ details: { retryAfterMs: expect.any(Number) } });
    made.time.now += attempts.pair.windowMs;
    expect(await made.outcome()).toBe("in");
  });

  test("an address without an account is stopped the same", async () => {
    const [known, unknown] = [world(), world()];
    const count = attempts.pair.limit + 2;
    expect(await wrong(unknown, count, here, "nobody@example.org")).toEqual(await wrong(known, count, here));
  });

  test("does not lock the owner out, who is elsewhere", async () => {
    const made = world();
    await wrong(made, 1_000, here);
    expect(await made.outcome(undefined, PASSWORD, visitor({ ip: "192.0.2.1" }))).toBe("in");
  });

  test("from everywhere slows an account softly, and a device that it trusts not at all", async () => {
    const made = world();
    const count = attempts.account.limit + 1;
    expect((await wrong(made, count, everywhere)).at(-1)).toBe("identity/too-many-passwords");
    const phone = visitor({ ip: "192.0.2.1", device: { jkt: "phone" } });
    expect(await made.outcome(undefined, PASSWORD, phone)).toBe("identity/too-many-passwords");
    made.trusted.add("phone");
    expect(await made.outcome(undefined, PASSWORD, phone)).toBe("in");
  });

  test("an account's pause never grows beyond minutes", async () => {
    const made = world();
    for (let round = 0; round < 12; round += 1) {
      await wrong(made, attempts.account.limit + 1, (index) => `198.${String(round)}.${String(index)}.9`);
      made.time.now += attempts.account.maxPauseMs;
    }
    expect(attempts.account.maxPauseMs).toBeLessThanOrEqual(5 * MINUTE);
    expect(await made.outcome(undefined, PASSWORD, visitor({ ip: "192.0.2.1" }))).toBe("in");
  });

  test("with a trusted device's key is counted too", async () => {
    const made = world();
    made.trusted.add("phone");
    const phone = visitor({ device: { jkt: "phone" } });
    const answers = await times(attempts.pair.limit + 1, () => made.outcome(undefined, "wrong", phone));
    expect(answers.at(-1)).toBe("identity/too-many-passwords");
  });

  test("one password on many accounts is stopped by its network", async () => {
    const made = world();
    const answers = await times(attempts.network.limit + 1, (index) =>
      made.outcome(`p${String(index)}@example.org`, "wrong"),
    );
    expect(answers.at(-2)).toBe("identity/password-rejected");
    expect(answers.at(-1)).toBe("identity/too-many-passwords");
  });

  test("a right password in between forgives the account, and not its network", async () => {
    const made = world();
    await wrong(made, attempts.pair.limit - 1, here);
    expect(await made.outcome()).toBe("in");
    expect(await wrong(made, attempts.pair.limit, here)).toEqual(
      Array(attempts.pair.limit).fill("identity/password-rejected"),
    );
    // An attacker's own account on the same network cannot wipe what the network was counted for.
    made.passwords.set("eve@example.org", { uid: "eve", password: PASSWORD });
    made.statuses.set("eve", { disabled: false, email: "eve@example.org", emailVerified: true, tokensValidAfter: 0 });
    const left = attempts.network.limit - 2 * attempts.pair.limit + 1;
    const spray = await times(left + 20, async (index) => {
      if (index % 10 === 0) await made.outcome("eve@example.org");
      return made.outcome(`p${String(index)}@example.org`, "wrong");
    });
    expect(spray.at(-1)).toBe("identity/too-many-passwords");
  });

  test("100 at once: no more than the limit are looked at", async () => {
    const made = world();
    const answers = await Promise.all(Array.from({ length: 100 }, () => made.outcome(undefined, "wrong")));
    expect(answers.filter((answer) => answer === "identity/password-rejected")).toHaveLength(attempts.pair.limit);
  });
});
