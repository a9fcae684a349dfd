import { beforeEach, describe, expect, test } from "@jest/globals";
import { config } from "../config.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import { gateWorld, liveSession, row, SID, START } from "./gate.fixture.js";
import type { Session } from "./session.js";

let { world, call }: ReturnType<typeof gateWorld> = gateWorld();
beforeEach(() => {
  ({ world, call } = gateWorld());
});

describe("who gets in", () => {
  test("a live session does", async () => {
    await expect(call()).resolves.toMatchObject({ caller: { uid: "ann", ip: "203.0.113.7" }, input: { name: "Ann" } });
  });

  test.each([
    ["nobody signed in", { signedIn: false }, "request/sign-in-required"],
    ["a token without sid", { sid: undefined }, "request/session-missing"],
    ["a sid that nobody drew", { sid: "../secUsers/ann" }, "request/session-missing"],
    ["somebody else's session", { uid: "eve" }, "request/session-missing"],
    ["an account of a tenant, where the session is of none", { tenant: "shop" }, "request/session-missing"],
  ])("%s does not", async (_who, over, code) => {
    await expect(call({}, over)).rejects.toMatchObject({ code });
  });

  test("how a person signed in is taken from our claim where it is the one we draw, and from no other", async () => {
    await expect(call({}, { via: "emailLink" })).resolves.toMatchObject({ caller: { token: { via: "emailLink" } } });
    for (const via of ["passkey", "", ["emailLink"], undefined]) {
      const { caller } = await call({}, { via });
      expect(caller).toHaveProperty("token");
      expect(caller).not.toHaveProperty("token.via");
    }
  });

  test("a session of a tenant opens to this tenant only", async () => {
    world.stored = liveSession({ tenant: "shop" });
    await expect(call({}, { tenant: "shop" })).resolves.toMatchObject({ caller: { token: { tenant: "shop" } } });
    await expect(call()).rejects.toMatchObject({ code: "request/session-missing" });
    await expect(call({}, { tenant: "bank" })).rejects.toMatchObject({ code: "request/session-missing" });
  });

  test.each([
    ["no document", undefined, "request/session-missing"],
    ["revoked", { revokedAt: START }, "request/session-revoked"],
    ["idle too long", { idleExpiresAt: START }, "request/session-expired"],
    [
      "older than the maximum, though busy",
      { absoluteExpiresAt: START, idleExpiresAt: START + HOUR },
      "request/session-expired",
    ],
    [
      "older than its new role allows, whatever it was given at the start",
      { roles: ["admin"], startedAt: START - 8 * HOUR, absoluteExpiresAt: START + HOUR },
      "request/session-expired",
    ],
    [
      "idle for longer than its roles allow, whatever its document says",
      { lastSeenAt: START - config.session.idleMs, idleExpiresAt: START + HOUR },
      "request/session-expired",
    ],
  ])("a session that is %s does not", async (_why, over, code) => {
    world.stored = over === undefined ? undefined : liveSession(over);
    await expect(call()).rejects.toMatchObject({ code });
  });

  test("a cached copy of one person's session does not open it to another", async () => {
    await call({ session: "cached" });
    await expect(call({ session: "cached" }, { uid: "eve" })).rejects.toMatchObject({
      code: "request/session-missing",
    });
  });
});

describe("a revocation", () => {
  const revoked = { code: "request/session-revoked" };

  test("is seen by the next strict call", async () => {
    await call();
    world.stored = liveSession({ revokedAt: world.now });
    await expect(call()).rejects.toMatchObject(revoked);
  });

  test.each<[string, object]>([
    ["that must be proven", { proof: true }],
    ["for a scope", { stepUp: "pay" }],
    ["that takes a permission", { permission: "security.read" }],
  ])("is seen by the next call %s, though its row would let a copy do", async (_which, policy) => {
    await call({ session: "cached" });
    world.stored = liveSession({ revokedAt: world.now });
    await expect(call({ session: "cached", ...policy })).rejects.toMatchObject(revoked);
  });

  test("is seen by every other call within ten seconds, however busy the session is", async () => {
    await call({ session: "cached" });
    world.stored = liveSession({ revokedAt: world.now });
    expect(config.session.cacheMs).toBeLessThanOrEqual(10_000);
    for (let ms = 0; ms < config.session.cacheMs; ms += 100) {
      world.now = START + ms;
      await expect(call({ session: "cached" })).resolves.toBeDefined();
    }
    world.now = START + config.session.cacheMs;
    await expect(call({ session: "cached" })).rejects.toMatchObject(revoked);
  });
});

describe("what a call may cost", () => {
  test("the heartbeat is written at most once a minute", async () => {
    await call();
    expect(world.touched).toBe(0);
    world.now += MINUTE;
    await call();
    expect(world.touched).toBe(1);
  });

  test("the limit holds per account, and says when to come back", async () => {
    const limit = { ...row.limit, permits: 2 };
    await call({ limit });
    await call({ limit });
    await expect(call({ limit })).rejects.toMatchObject({
      code: "request/too-many",
      details: { retryAfterMs: 30_000 },
    });
  });
});

describe("what a call may carry", () => {
  test("a faulty field is named, its value is not repeated", async () => {
    const refusal = call({}, { data: { name: "much too long", admin: true } });
    await expect(refusal).rejects.toMatchObject({ code: "request/malformed", status: "invalid-argument" });
    const error = await refusal.catch((thrown: unknown) => thrown);
    const { details } = error as { details: { faults: { field: string }[] } };
    expect(details.faults.map((fault) => fault.field).sort()).toEqual(["admin", "name"]);
    expect(JSON.stringify(error)).not.toContain("much too long");
  });

  test.each<[unknown]>([
    [{ method: "magic", code: "1" }],
    [{ method: "totp" }],
    [{ method: "totp", code: 123456 }],
    [{ method: "backup-code", code: "x".repeat(65) }],
    [{ method: "passkey", challenge: "c" }],
    [{ method: "passkey", challenge: "c", response: "text" }],
    [{ method: "passkey", response: {} }],
    ["123456"],
    [null],
  ])("a malformed second factor is named too: %j", async (_stepUp) => {
    await expect(call({}, { data: { name: "Ann", _stepUp } })).rejects.toMatchObject({
      code: "request/malformed",
      details: { faults: [{ field: "_stepUp" }] },
    });
  });
});

describe("from elsewhere", () => {
  test("a call from the session's own network and browser is judged by nobody", async () => {
    await call({}, { ip: "203.0.113.200" });
    expect(world.seen).toEqual([]);
  });

  test.each<[string, object]>([
    ["another network", { ip: "198.51.100.7" }],
    ["another browser", { userAgent: "curl/8" }],
  ])("a call from %s is, and goes on as the verdict says", async (_which, over) => {
    await expect(call({}, over)).resolves.toBeDefined();
    expect(world.seen).toMatchObject([{ session: { sid: SID }, proven: false }]);
    world.stored = liveSession({ stepUpRequired: true });
    await expect(call({}, over)).rejects.toMatchObject({ code: "request/step-up-required" });
    await expect(call({}, { userAgent: "stolen" })).rejects.toMatchObject({ code: "request/session-revoked" });
  });

  test("a session that keeps no browser yet is judged by its network alone", async () => {
    const fields = Object.entries(liveSession()).filter(([name]) => name !== "uaHash");
    world.stored = Object.fromEntries(fields) as unknown as Session;
    await call({}, { userAgent: "curl/8" });
    expect(world.seen).toEqual([]);
  });
});
