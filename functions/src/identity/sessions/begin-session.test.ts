import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DAY, SECOND } from "../../kernel/time.js";
import { newDevice } from "../../platform/device.fixture.js";
import { caller, identity, NOW, SID } from "../identity.fixture.js";
import { completeSignIn } from "./complete-sign-in.js";
import { newAccount } from "./session-store.js";
import { startSession } from "./start-session.js";

const DEVICE = { name: "Ann's laptop" };
const phone = newDevice();
const binding = { key: phone.jwk, secretHash: phone.secretHash };
const proven = { device: { jkt: phone.jkt } };
const risky = {
  action: "step-up",
  contributions: [{ name: "new-country", points: 3, says: "A country this account has not been seen in" }],
} as const;

const passkey = (over: object = {}) => ({
  uid: "ann",
  provider: "passkey",
  amr: ["hwk", "user", "mfa"],
  assurance: 3 as const,
  device: DEVICE,
  binding,
  visitor: { ip: "203.0.113.7", userAgent: "Firefox", ...proven },
  ...over,
});

/** An account that has signed in before. */
const known = (over: { lastSignInAt?: number; loginNotifications?: boolean } = {}) => {
  const world = identity();
  world.accounts.set("ann", { ...newAccount(NOW - 90 * DAY), lastSignInAt: NOW - DAY, ...over });
  return world;
};

describe("binding a session to a device", () => {
  test("keeps the thumbprint of the key that the call proved, and the hash of the first secret", async () => {
    const { deps } = identity();
    await startSession(deps, caller(proven), DEVICE, binding);
    expect(await deps.sessions.find(SID)).toMatchObject({
      jkt: phone.jkt,
      secret: { hash: phone.secretHash, rotatedAt: NOW },
    });
  });

  test.each([
    ["no key", {}],
    ["another key", { device: { jkt: newDevice().jkt } }],
  ])("is refused when the call proved %s: a public key alone is nobody's", async (_name, visitor) => {
    const { deps } = identity();
    const refused = { code: "identity/binding-rejected" };
    await expect(startSession(deps, caller(visitor), DEVICE, binding)).rejects.toMatchObject(refused);
    expect(await deps.sessions.find(SID)).toBeUndefined();
    const { ip, userAgent } = caller();
    const completed = completeSignIn(deps, passkey({ visitor: { ip, userAgent, ...visitor } }));
    await expect(completed).rejects.toMatchObject(refused);
  });

  test("a client that lost the answer gets it again with the same key, and nobody else does", async () => {
    const { deps } = identity();
    const first = await startSession(deps, caller(proven), DEVICE, binding);
    expect(await startSession(deps, caller(proven), DEVICE, binding)).toEqual(first);
    for (const visitor of [{}, { device: { jkt: newDevice().jkt } }])
      await expect(startSession(deps, caller(visitor), DEVICE)).rejects.toMatchObject({
        code: "identity/session-taken",
      });
  });

  test("a second try does not bring a new secret in", async () => {
    const { deps } = identity();
    await startSession(deps, caller(proven), DEVICE, binding);
    await startSession(deps, caller(proven), DEVICE, { ...binding, secretHash: newDevice().secretHash });
    expect(await deps.sessions.find(SID)).toMatchObject({ secret: { hash: phone.secretHash } });
  });

  test("keeps tenant, version, roles' epoch and header's hash; a tenant's session is not another tenant's", async () => {
    const world = known();
    world.accounts.set("ann", { ...world.accounts.get("ann")!, rolesEpoch: 7 });
    const of = (tenant: string) => caller({ ...proven, token: { ...caller().token, tenant } });
    await startSession(world.deps, of("north"), DEVICE, binding);
    expect(await world.deps.sessions.find(SID)).toMatchObject({
      tenant: "north",
      v: 2,
      rolesEpoch: 7,
      uaHash: expect.stringMatching(/^[\w-]{22}$/),
    });
    await expect(startSession(world.deps, of("south"), DEVICE)).rejects.toMatchObject({
      code: "identity/session-taken",
    });
  });
});

describe("a sign-in that Firekeep checked", () => {
  test("brings its methods and its assurance into the session, and a token that names it", async () => {
    const { deps } = identity();
    const { customToken, session } = await completeSignIn(deps, passkey());
    expect(customToken).toBe(`custom-token:ann:${session.sid}`);
    expect(session).toMatchObject({ assurance: 3, stepUpRequired: false });
    expect(await deps.sessions.find(session.sid)).toMatchObject({
      aal: 3,
      amr: ["hwk", "user", "mfa"],
      mfaAt: NOW,
      jkt: phone.jkt,
    });
  });

  test("runs the whole policy: disabled accounts, blocks and refusals of risk, and the log", async () => {
    const world = identity();
    world.verdict.next = { ...risky, action: "block" };
    const refused = { code: "identity/sign-in-refused" };
    await expect(completeSignIn(world.deps, passkey())).rejects.toMatchObject(refused);
    world.verdict.next = {};
    world.statuses.set("ann", { disabled: true, emailVerified: true, tokensValidAfter: 0 });
    await expect(completeSignIn(world.deps, passkey())).rejects.toMatchObject(refused);
    expect(world.told.map(({ detail }) => detail?.["cause"])).toEqual(["risk", "account-closed"]);
  });

  test("of two factors in one needs no step-up for risk; of one factor does", async () => {
    const world = identity();
    world.verdict.next = risky;
    expect((await completeSignIn(world.deps, passkey())).session.stepUpRequired).toBe(false);
    const password = passkey({ provider: "password", amr: ["pwd"], assurance: 1 });
    expect((await completeSignIn(world.deps, password)).session.stepUpRequired).toBe(true);
  });
});

describe("a trusted device", () => {
  test("is spared the step-up for risk, lifts nothing, and its sign-in is learned", async () => {
    const world = identity();
    world.trusted.add(phone.jkt);
    world.verdict.next = risky;
    expect(await startSession(world.deps, caller(proven), DEVICE, binding)).toMatchObject({
      stepUpRequired: false,
      assurance: 1,
      reasons: ["new-country"],
    });
    expect(await world.deps.sessions.find(SID)).toMatchObject({ trustedDevice: true, aal: 1, stepUp: {} });
    expect(world.learned).toEqual(["decision-1"]);
  });

  test("is nothing without its proof, and nothing against a refusal", async () => {
    const world = identity();
    world.trusted.add(phone.jkt);
    world.verdict.next = risky;
    expect(await startSession(world.deps, caller(), DEVICE)).toMatchObject({ stepUpRequired: true });
    world.verdict.next = { ...risky, action: "block" };
    const again = startSession(world.deps, caller({ ...proven, sid: "another" }), DEVICE, binding);
    await expect(again).rejects.toMatchObject({ code: "identity/sign-in-refused" });
  });
});

describe("the person is told", () => {
  const novel = [{ name: "new-device", points: 0.5, says: "A kind of device this account has not used" }];

  test("of a new device or country, once, with the session that can be ended", async () => {
    const world = known();
    world.verdict.next = { contributions: novel };
    await startSession(world.deps, caller(), DEVICE);
    await startSession(world.deps, caller(), DEVICE);
    expect(world.noticed).toEqual([
      {
        id: `new-device-${SID}`,
        uid: "ann",
        kind: "new-device",
        sid: SID,
        facts: {
          device: "Ann's laptop",
          browser: "Firefox",
          os: "Linux",
          country: "DE",
          at: NOW,
          news: "new-device",
        },
      },
    ]);
  });

  test("of nothing at the very first sign-in, at a usual one, and where routine news are switched off", async () => {
    const first = identity();
    first.verdict.next = { contributions: novel };
    await startSession(first.deps, caller(), DEVICE);
    const usual = known();
    await startSession(usual.deps, caller(), DEVICE);
    const silent = known({ loginNotifications: false });
    silent.verdict.next = { contributions: novel };
    await startSession(silent.deps, caller(), DEVICE);
    expect([first, usual, silent].flatMap(({ noticed }) => noticed)).toEqual([]);
  });

  test("of a risky sign-in always, and in place of the routine news", async () => {
    const world = known({ loginNotifications: false });
    world.verdict.next = risky;
    await startSession(world.deps, caller(), DEVICE);
    expect(world.noticed).toMatchObject([{ kind: "risky-sign-in", sid: SID, facts: { reasons: "new-country" } }]);
  });

  test("of one that was refused although the password was right: no session can be ended", async () => {
    const world = known();
    world.verdict.next = { ...risky, action: "block" };
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toThrow();
    expect(world.noticed).toMatchObject([{ id: "refused-sign-in-decision-1", kind: "risky-sign-in" }]);
    expect(world.noticed[0]).not.toHaveProperty("sid");
  });

  test("of a success right after wrong passwords", async () => {
    const world = known();
    const says = "Wrong passwords for this account just before";
    world.verdict.next = { contributions: [{ name: "account-failures", points: 0.3, says }] };
    await startSession(world.deps, caller(), DEVICE);
    expect(world.noticed).toMatchObject([{ kind: "risky-sign-in", facts: { reasons: "after-failures" } }]);
    expect(world.told.at(-1)).toMatchObject({ detail: { signs: ["after-failures"] } });
  });

  test.each([
    [config.session.longIdleMs, 0],
    [config.session.longIdleMs + SECOND, 1],
  ])("of a sign-in after %d ms without one: %d times", async (away, times) => {
    const world = known({ lastSignInAt: NOW - away });
    await startSession(world.deps, caller(), DEVICE);
    expect(world.noticed.filter(({ facts }) => facts["reasons"] === "long-idle")).toHaveLength(times);
  });
});

test("the sixth session ends the oldest", async () => {
  const world = identity();
  for (let index = 0; index < 6; index += 1) {
    world.time.now += SECOND;
    await startSession(world.deps, caller({ sid: `s${String(index)}` }), DEVICE);
  }
  const live = await world.deps.sessions.listLive("ann", world.time.now);
  expect(live.map(({ sid }) => sid)).toEqual(["s1", "s2", "s3", "s4", "s5"]);
  expect(world.noticed).toMatchObject([{ kind: "session-replaced", sid: "s5" }]);
});
