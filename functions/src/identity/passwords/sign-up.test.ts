import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { BEAT, CODE, PASSWORD, passwordWorld, visitor } from "./passwords.fixture.js";
import { beginSignUp, confirmSignUp } from "./sign-up.js";

const device = { name: "Bob's laptop" };
const email = "bob@example.org";

const world = (over: Parameters<typeof passwordWorld>[0] = {}) => {
  const made = passwordWorld(over);
  return {
    ...made,
    begin: (input: { email?: string; password?: string } = {}) =>
      beginSignUp(made.deps, visitor(), { email, password: PASSWORD, ...input }),
    confirm: (input: { challenge: string; code?: string; email?: string; password?: string }) =>
      confirmSignUp(made.deps, visitor(), { code: CODE, email, password: PASSWORD, device, ...input }),
  };
};

const rejected = expect.objectContaining({ code: "identity/code-rejected" });

describe("signing up", () => {
  test("makes a confirmed account once the code comes back, and signs in", async () => {
    const { begin, confirm, passwords, deps, names } = world();
    const { challenge, expiresAt } = await begin();
    expect(expiresAt - deps.clock()).toBeLessThanOrEqual(config.passwords.confirmWithinMs);
    expect(passwords.has(email)).toBe(false);
    const { customToken, session } = await confirm({ challenge });
    const uid = passwords.get(email)?.uid ?? "";
    expect(customToken).toBe(`custom-token:${uid}:${session.sid}`);
    expect(await deps.directory.status(uid)).toMatchObject({ emailVerified: true });
    expect(names()).toEqual(expect.arrayContaining(["account-registered", "session-started"]));
  });

  test("keeps neither the address nor the password until then", async () => {
    const { begin, deps, told } = world();
    const { challenge } = await begin();
    const kept = JSON.stringify([await deps.challenges.find(challenge, deps.clock()), told]);
    expect(kept).not.toMatch(/bob|example|orchard/);
  });

  test("answers alike for an address that has an account, which gets no code", async () => {
    const made = world();
    const known = await made.begin({ email: "ann@example.org" });
    const unknown = await made.begin();
    expect(Object.keys(known)).toEqual(Object.keys(unknown));
    expect(known.challenge).toMatch(/^[\w-]{22}$/);
    expect(made.waits).toEqual([BEAT, BEAT]);
    expect(made.sent.map(({ when }) => when)).toEqual(["no-account", "no-account"]);
    const taken = made.confirm({
      challenge: known.challenge,
      email: "ann@example.org",
      password: "a password of an attacker's",
    });
    await expect(taken).rejects.toEqual(rejected);
    expect(made.passwords.get("ann@example.org")).toEqual({ uid: "ann", password: PASSWORD });
  });

  test.each(["x@mailinator.com", "x@deep.mailinator.com"])("refuses the disposable %s", async (address) => {
    const { begin, sent } = world();
    await expect(begin({ email: address })).rejects.toMatchObject({ code: "identity/address-refused" });
    expect(sent).toEqual([]);
  });

  test("is off where the proxy is", async () => {
    const { begin, confirm } = world({ proxyOn: () => false });
    await expect(begin()).rejects.toMatchObject({ code: "identity/proxy-off" });
    await expect(confirm({ challenge: "x" })).rejects.toMatchObject({ code: "identity/proxy-off" });
  });
});

describe("a code makes one account, for the address it was sent to", () => {
  test("not with another code, another address, or a second time", async () => {
    const made = world();
    const { challenge } = await made.begin();
    await expect(made.confirm({ challenge, code: "00000000" })).rejects.toEqual(rejected);
    const first = await made.confirm({ challenge });
    expect(first.session.sid).toMatch(/^[\w-]{22}$/);
    await expect(made.confirm({ challenge })).rejects.toEqual(rejected);
    const other = await made.begin({ email: "carl@example.org" });
    await expect(made.confirm({ challenge: other.challenge, email: "dora@example.org" })).rejects.toEqual(rejected);
    expect([...made.passwords.keys()]).toEqual(["ann@example.org", email]);
  });

  test("of two that confirm the same address, one gets it, with their own password", async () => {
    const made = world();
    const [one, other] = [await made.begin(), await made.begin({ password: "a harbour in the snow" })];
    await made.confirm({ challenge: one.challenge });
    const late = made.confirm({ challenge: other.challenge, password: "a harbour in the snow" });
    await expect(late).rejects.toEqual(rejected);
    expect(made.passwords.get(email)?.password).toBe(PASSWORD);
  });

  test("100 at once: one account, one session", async () => {
    const made = world();
    const { challenge } = await made.begin();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => made.confirm({ challenge })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("the password", () => {
  test.each([
    ["fourteen chars", "identity/password-too-short"],
    ["x".repeat(4_097), "identity/password-too-long"],
    ["bob@example.org-2026", "identity/password-context"],
    ["firekeep firekeep!", "identity/password-context"],
  ])("%j is refused, when asked for and again when confirmed", async (password, code) => {
    const { begin, confirm, sent } = world();
    await expect(begin({ password })).rejects.toMatchObject({ code });
    expect(sent).toEqual([]);
    const { challenge } = await begin();
    await expect(confirm({ challenge, password })).rejects.toMatchObject({ code });
  });

  test("says how long it must be", async () => {
    await expect(world().begin({ password: "short" })).rejects.toMatchObject({ details: { min: 15 } });
  });

  test("is refused when it is common, or known from a breach", async () => {
    await expect(world({ isCommon: () => true }).begin()).rejects.toMatchObject({ code: "identity/password-common" });
    const breached = world({ findBreach: async () => "found" });
    await expect(breached.begin()).rejects.toMatchObject({ code: "identity/password-breached" });
  });

  test("is accepted when the breach service does not answer, and an event tells of it", async () => {
    const { begin, names } = world({ findBreach: async () => "unknown" });
    await expect(begin()).resolves.toMatchObject({ challenge: expect.any(String) });
    expect(names()).toEqual(["breach-unchecked"]);
  });
});
