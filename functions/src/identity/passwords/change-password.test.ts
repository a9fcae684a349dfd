import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { caller, NOW, SID, storedSession } from "../identity.fixture.js";
import { changePassword } from "./change-password.js";
import { beginEmailChange, confirmEmailChange } from "./change-email.js";
import { CODE, PASSWORD, passwordWorld } from "./passwords.fixture.js";

const NEXT = "a harbour in the snow";
const OTHER = "sid-another-0123456789";

const world = async (over: Parameters<typeof passwordWorld>[0] = {}) => {
  const made = passwordWorld(over);
  const session = storedSession();
  for (const each of [session, storedSession({ sid: OTHER })])
    await made.deps.sessions.start({ uid: "ann", sid: each.sid, signedInAt: NOW, at: NOW, build: () => each });
  made.trusted.add("phone");
  const ann = caller({ session });
  return {
    ...made,
    change: (current = PASSWORD, next = NEXT) => changePassword(made.deps, ann, { current, next }),
    begin: (email: string) => beginEmailChange(made.deps, ann, { email }),
    confirm: (challenge: string, email: string, code = CODE) =>
      confirmEmailChange(made.deps, ann, { challenge, code, email }),
  };
};

describe("changing the password", () => {
  test("needs the one before it, and carries on with this session only", async () => {
    const { change, passwords, deps, trusted, noticed, names } = await world();
    expect(await change()).toEqual({ customToken: `custom-token:ann:${SID}`, revoked: 1 });
    expect(passwords.get("ann@example.org")?.password).toBe(NEXT);
    expect((await deps.sessions.listLive("ann", deps.clock())).map(({ sid }) => sid)).toEqual([SID]);
    expect(trusted.size).toBe(0);
    expect(names()).toContain("password-changed");
    expect(noticed).toEqual([expect.objectContaining({ kind: "password-changed", uid: "ann", sid: SID })]);
  });

  test("with a wrong one changes nothing, counts as a guess, and is stopped like one", async () => {
    const { change, passwords, deps, told } = await world();
    const { limit } = config.passwords.attempts.pair;
    for (let time = 0; time < limit; time += 1)
      await expect(change("wrong")).rejects.toMatchObject({ code: "identity/password-rejected" });
    await expect(change()).rejects.toMatchObject({ code: "identity/too-many-passwords" });
    expect(passwords.get("ann@example.org")?.password).toBe(PASSWORD);
    expect(await deps.sessions.listLive("ann", deps.clock())).toHaveLength(2);
    expect(told.filter(({ type }) => type.name === "identity.password-rejected")).toHaveLength(limit);
    expect(told[0]).toMatchObject({ subject: "ann", session: SID });
  });

  test("holds the new one against the rules: eight characters do with a second factor, fifteen without", async () => {
    const { change, deps } = await world();
    await expect(change(PASSWORD, "nine char")).rejects.toMatchObject({
      code: "identity/password-too-short",
      details: { min: 15 },
    });
    await deps.factors.beginTotp("ann", {
      id: "f",
      sealedSeed: new Uint8Array(),
      createdAt: NOW,
      expiresAt: NOW + 1,
    } as never);
    await deps.factors.activateTotp("ann", { pendingId: "f", step: 1, hashes: [], at: NOW });
    await expect(change(PASSWORD, "seven c")).rejects.toMatchObject({ details: { min: 8 } });
    await expect(change(PASSWORD, "nine char")).resolves.toMatchObject({ revoked: 1 });
  });

  test("counts a right password although Firebase wants its own second factor then, or never confirmed the address", async () => {
    const made = await world();
    made.passwords.set("ann@example.org", { uid: "ann", password: PASSWORD, secondFactor: true });
    made.statuses.set("ann", { ...made.statuses.get("ann")!, emailVerified: false });
    await expect(made.change()).resolves.toMatchObject({ revoked: 1 });
  });

  test("is no way for an account without an address, and off where the proxy is", async () => {
    const made = await world();
    made.statuses.set("ann", { disabled: false, emailVerified: false, tokensValidAfter: 0 });
    await expect(made.change()).rejects.toMatchObject({ code: "identity/password-rejected" });
    const off = await world({ proxyOn: () => false });
    await expect(off.change()).rejects.toMatchObject({ code: "identity/proxy-off" });
  });
});

describe("changing the address", () => {
  const email = "ann.new@example.org";

  test("takes the code mailed to the new one, tells the old one, and carries on with this session", async () => {
    const { begin, confirm, passwords, sent, noticed, names } = await world();
    const { challenge } = await begin(email);
    expect(sent).toEqual([expect.objectContaining({ address: email, uid: "ann", sid: SID, when: "no-account" })]);
    expect(passwords.has(email)).toBe(false);
    expect(await confirm(challenge, email)).toEqual({ customToken: `custom-token:ann:${SID}` });
    expect([...passwords.keys()]).toEqual([email]);
    expect(names()).toContain("email-changed");
    expect(noticed).toEqual([expect.objectContaining({ kind: "email-changed", alsoTo: ["ann@example.org"] })]);
  });

  test("to one that has an account looks the same, and leads nowhere", async () => {
    const made = await world();
    made.passwords.set(email, { uid: "eve", password: "x" });
    const { challenge } = await made.begin(email);
    await expect(made.confirm(challenge, email)).rejects.toMatchObject({ code: "identity/code-rejected" });
    expect(made.passwords.get(email)?.uid).toBe("eve");
    expect(made.noticed).toEqual([]);
  });

  test("takes the code for the address it was sent to only, once, and in its own session only", async () => {
    const made = await world();
    const { challenge } = await made.begin(email);
    const rejected = { code: "identity/code-rejected" };
    await expect(made.confirm(challenge, email, "00000000")).rejects.toMatchObject(rejected);
    const elsewhere = caller({ sid: OTHER, session: storedSession({ sid: OTHER }) });
    const input = { challenge, code: CODE, email };
    await expect(confirmEmailChange(made.deps, elsewhere, input)).rejects.toMatchObject(rejected);
    await expect(made.confirm(challenge, "other@example.org")).rejects.toMatchObject(rejected);
    await expect(made.confirm(challenge, email)).rejects.toMatchObject(rejected);
    expect([...made.passwords.keys()]).toEqual(["ann@example.org"]);
  });

  test("refuses disposable addresses", async () => {
    const { begin } = await world();
    await expect(begin("x@mailinator.com")).rejects.toMatchObject({ code: "identity/address-refused" });
  });
});
