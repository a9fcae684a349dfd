import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { HOUR, MINUTE } from "../../kernel/time.js";
import { wrongCode } from "../identity.fixture.js";
import { checkCode } from "./check-code.js";
import { codeIn, codeWorld } from "./codes.fixture.js";
import { sendCode, type CodeRequest } from "./send-code.js";

const asked = (over: Partial<CodeRequest> = {}): CodeRequest => ({
  purpose: "test.confirm",
  place: "place",
  address: "ann@example.org",
  uid: "ann",
  sid: "s1",
  facts: { contact: "c1" },
  ...over,
});
const mine = { purpose: "test.confirm", uid: "ann", sid: "s1" };
const REJECTED = { code: "identity/code-rejected" };
const wrong = (right: string) => wrongCode(right).padStart(8, "0");

const sent = async (over: Partial<CodeRequest> = {}) => {
  const world = codeWorld();
  const { challenge, expiresAt } = await sendCode(world.deps, asked(over));
  await world.deliver();
  return { ...world, challenge, expiresAt, code: codeIn(world.mails[0]) };
};

describe("a mailed code", () => {
  test("is good once, for what it was sent for, and gives back what it was sent with", async () => {
    const { deps, challenge, code } = await sent();
    expect(await checkCode(deps, { ...mine, challenge, code })).toMatchObject({ uid: "ann", facts: { contact: "c1" } });
    await expect(checkCode(deps, { ...mine, challenge, code })).rejects.toMatchObject(REJECTED);
  });

  test.each([
    ["another purpose", { ...mine, purpose: "test.other" }],
    ["another account", { ...mine, uid: "bob" }],
    ["another session", { ...mine, sid: "s2" }],
    ["no session", { purpose: "test.confirm", uid: "ann" }],
  ])("is no good for %s, and stays good for its own", async (_, given) => {
    const { deps, challenge, code } = await sent();
    await expect(checkCode(deps, { ...given, challenge, code })).rejects.toMatchObject(REJECTED);
    await expect(checkCode(deps, { ...mine, challenge, code })).resolves.toBeDefined();
  });

  test("dies at five minutes", async () => {
    const { deps, time, challenge, code, expiresAt } = await sent();
    expect(expiresAt - time.now).toBe(5 * MINUTE);
    time.now = expiresAt;
    await expect(checkCode(deps, { ...mine, challenge, code })).rejects.toMatchObject(REJECTED);
  });

  test("dies with the fifth wrong one, and each is told", async () => {
    const { deps, told, challenge, code } = await sent();
    told.length = 0;
    for (let guess = 1; guess <= config.mailCodes.tries; guess += 1)
      await expect(checkCode(deps, { ...mine, challenge, code: wrong(code), ip: "203.0.113.7" })).rejects.toMatchObject(
        REJECTED,
      );
    await expect(checkCode(deps, { ...mine, challenge, code })).rejects.toMatchObject(REJECTED);
    expect(told.slice(0, 5).map(({ detail }) => detail?.["left"])).toEqual([4, 3, 2, 1, 0]);
    expect(told[0]).toMatchObject({ type: { name: "identity.mailcode-rejected" }, subject: "ann", ip: "203.0.113.7" });
  });

  test("dies when a newer one of the same purpose is sent, not when one of another is", async () => {
    const world = await sent();
    world.time.now += 30_000;
    await sendCode(world.deps, asked({ purpose: "test.other" }));
    await sendCode(world.deps, asked());
    await expect(
      checkCode(world.deps, { ...mine, challenge: world.challenge, code: world.code }),
    ).rejects.toMatchObject(REJECTED);
    await world.deliver();
    expect(world.mails).toHaveLength(3);
  });

  test("is stored as a keyed hash: neither challenge nor outbox holds it, nor the address", async () => {
    const world = codeWorld();
    const { challenge } = await sendCode(world.deps, asked());
    const code = await world.lastCode();
    const stored = JSON.stringify([
      await world.deps.challenges.find(challenge, world.time.now),
      ...world.outbox.items.values(),
    ]);
    expect(code).toMatch(/^\d{8}$/);
    expect(stored).not.toContain(code);
    expect(stored).not.toContain("ann@example.org");
    expect(JSON.stringify(world.told)).not.toMatch(new RegExp(`${code}|example`));
  });

  test("is not mailed when its time is over", async () => {
    const world = codeWorld();
    await sendCode(world.deps, asked());
    world.time.now += 5 * MINUTE;
    expect(await world.deliver()).toEqual(["dead"]);
    expect(world.mails).toEqual([]);
  });
});

describe("codes to one mailbox", () => {
  test("wait for each other, and say how long", async () => {
    const { deps } = await sent();
    await expect(sendCode(deps, asked())).rejects.toMatchObject({
      code: "identity/code-too-soon",
      details: { retryAfterMs: 30_000 },
    });
  });

  test("from another place wait for none, up to the mailbox's share", async () => {
    const { deps } = await sent();
    await expect(sendCode(deps, asked({ place: "elsewhere" }))).resolves.toBeDefined();
  });

  test("are ten an hour at most, wherever they are asked for", async () => {
    const { deps, time } = await sent();
    for (let n = 1; n < 10; n += 1) await sendCode(deps, asked({ place: `place-${String(n)}` }));
    await expect(sendCode(deps, asked({ place: "one more" }))).rejects.toMatchObject({ code: "request/too-many" });
    // Another spelling is the same mailbox, and another purpose no way round.
    const spelt = asked({ place: "and more", address: "ANN@example.org", purpose: "test.other" });
    await expect(sendCode(deps, spelt)).rejects.toMatchObject({ code: "request/too-many" });
    time.now += HOUR;
    await expect(sendCode(deps, asked({ place: "later" }))).resolves.toBeDefined();
  });
});

describe("the owner, signed in", () => {
  const own = { own: true } as const;

  test("is not locked out by strangers' asking: their share is another one", async () => {
    const { deps } = codeWorld();
    for (let n = 0; n < 10; n += 1) await sendCode(deps, asked({ place: `place-${String(n)}` }));
    await expect(sendCode(deps, asked({ place: "one more" }))).rejects.toMatchObject({ code: "request/too-many" });
    await expect(sendCode(deps, asked({ place: "s1", ...own }))).resolves.toBeDefined();
  });

  test("has a share that ends too, and takes nothing from the other", async () => {
    const { deps } = codeWorld();
    for (let n = 0; n < 10; n += 1) await sendCode(deps, asked({ place: `session-${String(n)}`, ...own }));
    const more = sendCode(deps, asked({ place: "one more", ...own }));
    await expect(more).rejects.toMatchObject({ code: "request/too-many" });
    await expect(sendCode(deps, asked({ place: "a stranger's" }))).resolves.toBeDefined();
  });
});

describe("a code to sign up with", () => {
  const signUp = { purpose: "test.sign-up", place: "p", when: "no-account" } as const;

  test("goes to an address that has no account", async () => {
    const world = codeWorld();
    const { challenge } = await sendCode(world.deps, { ...signUp, address: "new@example.org" });
    await world.deliver();
    expect(world.mails[0]?.to).toBe("new@example.org");
    const given = { challenge, code: codeIn(world.mails[0]), purpose: signUp.purpose };
    await expect(checkCode(world.deps, given)).resolves.toMatchObject({ purpose: signUp.purpose });
  });

  test("does not go to one that has: its mail says so, and holds no code", async () => {
    const world = codeWorld();
    await sendCode(world.deps, { ...signUp, address: "ann@example.org" });
    await world.deliver();
    expect(world.mails[0]?.subject).toBe("You already have an account");
    expect(codeIn(world.mails[0])).toBe("");
  });
});
