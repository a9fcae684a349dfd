import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { MINUTE, SECOND } from "../../kernel/time.js";
import { blockAccess } from "../accounts/block-access.js";
import { caller, codeAt, identity, NOW, SID } from "../identity.fixture.js";
import { confirmTotp, enrolTotp } from "../factors/enrol-totp.js";
import { revokeAll, revokeOne } from "./revoke-sessions.js";
import { startSession } from "./start-session.js";
import { stepUpWith } from "../factors/step-up.js";

const DEVICE = { name: "Ann's laptop" };
const token = (over: object) => ({ token: { ...caller().token, ...over } });
const contributions = [
  { name: "new-country", points: 3, says: "A country this account has not been seen in" },
  { name: "new-device", points: 4, says: "A kind of device this account has not used" },
  { name: "base-rate", points: -5, says: "Most sign-ins are by the person themselves" },
];

type World = ReturnType<typeof identity>;

const enrolled = async (world: World): Promise<{ seed: string; backupCodes: string[] }> => {
  await startSession(world.deps, caller({ sid: "first-sign-in" }), DEVICE);
  const session = (await world.deps.sessions.find("first-sign-in"))!;
  const by = caller({ sid: "first-sign-in", session });
  const { secret } = await enrolTotp(world.deps, by);
  const { backupCodes } = await confirmTotp(world.deps, by, codeAt(secret, world.time.now));
  world.told.length = 0;
  world.learned.length = 0;
  world.time.now += MINUTE;
  return { seed: secret, backupCodes };
};

describe("starting a session", () => {
  test("makes the session and, the first time, the security settings; the sign-in is learned", async () => {
    const world = identity();
    expect(await startSession(world.deps, caller(), DEVICE)).toEqual({
      sid: SID,
      expiresAt: NOW + config.session.absoluteMs,
      assurance: 1,
      stepUpRequired: false,
      reasons: [],
      methods: [],
    });
    expect(world.accounts.get("ann")).toMatchObject({ roles: ["user"], mfaEnabled: false, loginNotifications: true });
    expect(await world.deps.sessions.find(SID)).toMatchObject({
      uid: "ann",
      amr: ["pwd"],
      device: { name: "Ann's laptop", os: "Linux" },
    });
    expect(world.names()).toEqual(["identity.account-prepared", "identity.session-started"]);
    expect(world.learned).toEqual(["decision-1"]);
  });

  test("takes no token without a session id, and none of a sign-in older than five minutes", async () => {
    const { deps } = identity();
    const { uid, ip, userAgent, token: unbound } = caller();
    await expect(startSession(deps, { uid, ip, userAgent, token: unbound }, DEVICE)).rejects.toMatchObject({
      code: "identity/sign-in-stale",
    });
    const old = caller(token({ authTime: (NOW - config.session.startWithinMs) / SECOND - 1 }));
    await expect(startSession(deps, old, DEVICE)).rejects.toMatchObject({ code: "identity/sign-in-stale" });
  });

  test("asked twice, answers the session that lives: it is neither scored nor learned nor reset again", async () => {
    const world = identity();
    const first = await startSession(world.deps, caller(), DEVICE);
    await world.deps.sessions.raise(SID, { uid: "ann", scope: "any", at: NOW, amr: ["otp"] });
    world.time.now += MINUTE;
    expect(await startSession(world.deps, caller(), { name: "Another" })).toEqual({ ...first, assurance: 2 });
    expect(await world.deps.sessions.find(SID)).toMatchObject({ startedAt: NOW, device: { name: "Ann's laptop" } });
    expect(world.learned).toHaveLength(1);
  });

  test("an id that another account's session has, or a session that was ended, starts nothing", async () => {
    const world = identity();
    await startSession(world.deps, caller(), DEVICE);
    await expect(startSession(world.deps, caller({ uid: "bob" }), DEVICE)).rejects.toMatchObject({
      code: "identity/session-taken",
    });
    await revokeOne(world.deps, caller(), SID);
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({ code: "identity/session-taken" });
  });

  test.each([
    ["the account", { uid: "ann" }],
    ["the network", { networkPrefix: "203.0.113.0/24" }],
    ["the pair", { uid: "ann", networkPrefix: "203.0.113.0/24" }],
  ])("is refused while %s is blocked, and not after", async (_name, who) => {
    const world = identity();
    await blockAccess(world.deps, { ...who, until: NOW + MINUTE, reason: "burst" });
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({
      code: "identity/sign-in-refused",
    });
    expect(world.told.at(-1)).toMatchObject({
      type: { name: "identity.session-refused" },
      outcome: "failure",
      detail: { cause: "blocked" },
    });
    expect(await world.deps.sessions.find(SID)).toBeUndefined();
    world.time.now += MINUTE;
    await expect(startSession(world.deps, caller(), DEVICE)).resolves.toMatchObject({ sid: SID });
  });

  test("a block of one network leaves the account free elsewhere, and others free there", async () => {
    const world = identity();
    world.statuses.set("bob", { disabled: false, emailVerified: false, tokensValidAfter: 0 });
    await blockAccess(world.deps, {
      uid: "ann",
      networkPrefix: "203.0.113.0/24",
      until: NOW + MINUTE,
      reason: "burst",
    });
    await expect(startSession(world.deps, caller({ ip: "198.51.100.1" }), DEVICE)).resolves.toMatchObject({ sid: SID });
    await expect(startSession(world.deps, caller({ uid: "bob", sid: "other" }), DEVICE)).resolves.toMatchObject({
      sid: "other",
    });
  });

  test("is refused for an account that Firebase has disabled, does not know, or signed out since", async () => {
    const world = identity();
    world.statuses.set("ann", { disabled: true, emailVerified: false, tokensValidAfter: 0 });
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({
      code: "identity/sign-in-refused",
    });
    world.statuses.delete("ann");
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({
      code: "identity/sign-in-refused",
    });
    world.statuses.set("ann", { disabled: false, emailVerified: false, tokensValidAfter: NOW });
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({ code: "identity/sign-in-stale" });
  });

  test("a sign-in made before all sessions were revoked starts none; one made after does", async () => {
    const world = identity();
    await startSession(world.deps, caller({ sid: "older" }), DEVICE);
    expect(await revokeAll(world.deps, "ann", "incident")).toBe(1);
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({ code: "identity/sign-in-stale" });
    world.time.now += 5 * SECOND;
    await expect(
      startSession(world.deps, caller(token({ authTime: NOW / SECOND + 3 })), DEVICE),
    ).resolves.toMatchObject({ sid: SID });
  });

  test("a verdict of block refuses, with its reasons, the weightiest first", async () => {
    const world = identity();
    world.verdict.next = { action: "block", contributions };
    await expect(startSession(world.deps, caller(), DEVICE)).rejects.toMatchObject({
      code: "identity/sign-in-refused",
      details: { reasons: ["new-device", "new-country"] },
    });
    expect(world.told[0]).toMatchObject({
      detail: { cause: "risk", reasons: ["new-device", "new-country"] },
      country: "DE",
    });
    expect(world.learned).toEqual([]);
  });

  test("a verdict of step-up asks for the factor; the sign-in is learned once that was shown", async () => {
    const world = identity();
    const { seed } = await enrolled(world);
    world.verdict.next = { action: "step-up", contributions, decisionId: "risky" };
    const fresh = caller(token({ authTime: world.time.now / SECOND }));
    expect(await startSession(world.deps, fresh, DEVICE)).toMatchObject({
      stepUpRequired: true,
      assurance: 1,
      reasons: ["new-device", "new-country"],
      methods: ["totp", "backup-code"],
    });
    expect(world.names()).toEqual(["identity.session-challenged"]);
    expect(world.learned).toEqual([]);
    const session = (await world.deps.sessions.find(SID))!;
    const proof = { method: "totp", code: codeAt(seed, world.time.now) } as const;
    expect(await stepUpWith(world.deps, { session, proof, scope: "any" })).toMatchObject({
      aal: 2,
      stepUpRequired: false,
    });
    expect(world.learned).toEqual(["risky"]);
  });

  test("without any factor, a code by mail is asked for: it meets the demand of the risk, and lifts nothing", async () => {
    const world = identity();
    world.verdict.next = { action: "step-up", contributions };
    expect(await startSession(world.deps, caller(), DEVICE)).toMatchObject({
      stepUpRequired: true,
      reasons: ["new-device", "new-country"],
      methods: ["email-code"],
    });
    expect(world.names()).toContain("identity.session-challenged");
    expect(world.learned).toEqual([]);
    const raised = await world.deps.sessions.raise(SID, { uid: "ann", assurance: 1, at: NOW, amr: ["email"] });
    expect(raised).toMatchObject({ aal: 1, stepUpRequired: false, stepUp: {} });
  });

  test.each([
    ["no address is verified", { emailVerified: false }, {}],
    // As Firebase's token says it: `password`, and beside it the claim that our blocking function draws.
    ["the sign-in itself was by a link in a mail", {}, { signInProvider: "password", via: "emailLink" }],
  ])("with nothing to ask for, because %s, a risky sign-in stands: marked, told, not learned", async (_n, over, by) => {
    const world = identity();
    world.statuses.set("ann", { ...world.statuses.get("ann")!, ...over });
    world.verdict.next = { action: "step-up", contributions };
    expect(await startSession(world.deps, caller(token(by)), DEVICE)).toMatchObject({
      stepUpRequired: false,
      reasons: ["new-device", "new-country"],
    });
    expect(world.told.at(-1)).toMatchObject({ type: { name: "identity.session-risky", severity: "high" } });
    expect(world.learned).toEqual([]);
  });

  test("a sign-in by a link in a mail is of assurance 1 and shows that mail is read, not a password", async () => {
    const world = identity();
    const by = caller(token({ signInProvider: "password", via: "emailLink" }));
    expect(await startSession(world.deps, by, DEVICE)).toMatchObject({ assurance: 1 });
    expect(await world.deps.sessions.find(SID)).toMatchObject({ amr: ["email"] });
  });

  test("a second factor that Identity Platform saw counts: assurance 2, and no step-up for risk", async () => {
    const world = identity();
    await enrolled(world);
    world.verdict.next = { action: "step-up", contributions };
    const by = caller(token({ secondFactor: "phone", authTime: world.time.now / SECOND }));
    expect(await startSession(world.deps, by, DEVICE)).toMatchObject({ assurance: 2, stepUpRequired: false });
    expect(await world.deps.sessions.find(SID)).toMatchObject({ amr: ["pwd", "sms", "mfa"], mfaAt: world.time.now });
  });
});
