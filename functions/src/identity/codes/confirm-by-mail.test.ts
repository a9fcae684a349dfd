import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { caller, codeAt, NOW, SID, storedSession } from "../identity.fixture.js";
import { confirmTotp, enrolTotp } from "../factors/enrol-totp.js";
import type { StoredSession } from "../sessions/session-store.js";
import { identityApi } from "../api.js";
import { codeIn, codeWorld } from "./codes.fixture.js";
import { sendMailCode, verifyMailCode } from "./confirm-by-mail.js";
import { sendCode } from "./send-code.js";

const signedIn = async (over: Partial<StoredSession> = {}) => {
  const world = codeWorld();
  const session = storedSession({ stepUpRequired: true, riskReasons: ["new-country"], ...over });
  await world.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build: () => session });
  const me = caller({ session });
  return { ...world, me, session };
};
const ADDRESS = "ann@example.org";
const REJECTED = { code: "identity/code-rejected" };

describe("a code to the account's own address", () => {
  test("meets the demand of a risky sign-in, and raises nothing", async () => {
    const world = await signedIn();
    const { challenge } = await sendMailCode(world.deps, world.me, "risk");
    await world.deliver();
    const answer = await verifyMailCode(world.deps, world.me, { challenge, code: codeIn(world.mails[0]) });
    expect(answer).toEqual({ assurance: 1, emailVerified: false, stepUpRequired: false });
    expect(() => identityApi["mailcode-verify"].output.parse(answer)).not.toThrow();
    const session = await world.deps.sessions.find(SID);
    expect(session).toMatchObject({ aal: 1, stepUp: {}, stepUpRequired: false });
    expect(session?.amr).toContain("email");
    expect(session?.amr).not.toContain("mfa");
    expect(session?.mfaAt).toBeUndefined();
  });

  test("confirms the address it went to, and only when it was sent for that", async () => {
    const world = await signedIn();
    const { challenge } = await sendMailCode(world.deps, world.me, "address");
    await world.deliver();
    const answer = await verifyMailCode(world.deps, world.me, { challenge, code: codeIn(world.mails[0]) });
    expect(answer).toEqual({ assurance: 1, emailVerified: true, stepUpRequired: true });
    expect(world.verified).toEqual(["ann"]);
    expect(await world.deps.sessions.find(SID)).toMatchObject({ stepUpRequired: true, amr: ["pwd"] });
  });

  test("does not confirm an address that the account has got since", async () => {
    const world = await signedIn();
    const { challenge } = await sendMailCode(world.deps, world.me, "address");
    await world.deliver();
    world.statuses.set("ann", { disabled: false, email: "eve@example.org", emailVerified: false, tokensValidAfter: 0 });
    const answer = await verifyMailCode(world.deps, world.me, { challenge, code: codeIn(world.mails[0]) });
    expect(answer.emailVerified).toBe(false);
    expect(world.verified).toEqual([]);
  });

  test("does not stand in for a second factor that the account has", async () => {
    const world = await signedIn({ stepUpRequired: false, riskReasons: [] });
    const { challenge } = await sendMailCode(world.deps, world.me, "risk");
    await world.deliver();
    const { secret } = await enrolTotp(world.deps, world.me);
    await confirmTotp(world.deps, world.me, codeAt(secret, NOW));
    world.time.now += 31_000;
    await expect(sendMailCode(world.deps, world.me, "risk")).rejects.toMatchObject({ code: "request/method-too-weak" });
    // Nor one that was sent before the factor came.
    await verifyMailCode(world.deps, world.me, { challenge, code: codeIn(world.mails[0]) });
    expect((await world.deps.sessions.find(SID))?.amr).not.toContain("email");
  });

  test("is good in the session that asked for it only", async () => {
    const world = await signedIn();
    const { challenge } = await sendMailCode(world.deps, world.me, "risk");
    await world.deliver();
    const elsewhere = caller({ session: storedSession({ sid: "sid-other-456789abcdefg" }) });
    const given = { challenge, code: codeIn(world.mails[0]) };
    await expect(verifyMailCode(world.deps, elsewhere, given)).rejects.toMatchObject(REJECTED);
  });

  test("is sent though strangers have asked for all that the mailbox gets", async () => {
    const world = await signedIn();
    const begin = (place: string) => sendCode(world.deps, { purpose: "mailcode.sign-in", place, address: ADDRESS });
    for (let n = 0; n < config.mailCodes.perAddressHour; n += 1) await begin(`198.51.${String(n)}.0/24`);
    await expect(begin("192.0.2.0/24")).rejects.toMatchObject({ code: "request/too-many" });
    await expect(sendMailCode(world.deps, world.me, "risk")).resolves.toBeDefined();
  });

  test("needs an address", async () => {
    const world = await signedIn();
    world.statuses.set("ann", { disabled: false, emailVerified: false, tokensValidAfter: 0 });
    await expect(sendMailCode(world.deps, world.me, "risk")).rejects.toMatchObject({
      code: "identity/address-missing",
    });
  });
});

test("the table says that a mailed code is of assurance 1, and gives it to no guarded action", () => {
  const rows = Object.entries(identityApi).filter(([key]) => key.startsWith("mailcode-"));
  expect(rows).toHaveLength(4);
  for (const [, row] of rows) expect(row).not.toHaveProperty("stepUp");
  expect(identityApi["mailcode-verify"].output.shape.assurance.value).toBe(1);
  expect(identityApi["mailcode-send"].summary).toMatch(/assurance 1/i);
  expect(identityApi["mailcode-finish"].summary).toMatch(/assurance 1/i);
});
