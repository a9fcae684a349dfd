import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DAY } from "../../kernel/time.js";
import { hashUserAgent } from "../../platform/surroundings.js";
import { caller, identity, NOW, SID, storedSession } from "../identity.fixture.js";
import { observeSession } from "./observe-session.js";
import type { StoredSession } from "./session-store.js";

const FIREFOX = caller().userAgent;
const CURL = "curl/8.5.0";
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const HOME = "203.0.113.7";
const ABROAD = "198.51.100.9";

const living = async (over: Partial<StoredSession> = {}, { factor = false } = {}) => {
  const world = identity();
  world.places.set(ABROAD, { country: "BR", asn: 26599, asnName: "Vivo" });
  world.places.set("192.0.2.1", { country: "DE", asn: 6805, asnName: "o2" });
  const session = storedSession({ uaHash: hashUserAgent(FIREFOX), ...over });
  await world.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build: () => session });
  if (factor) {
    await world.deps.factors.beginTotp("ann", {
      id: "f",
      sealedSeed: new Uint8Array(9),
      sid: SID,
      expiresAt: NOW + DAY,
    });
    await world.deps.factors.activateTotp("ann", { pendingId: "f", step: 1, hashes: [], at: NOW });
  }
  const call = async (over: { ip?: string; userAgent?: string; proven?: boolean } = {}) => {
    const now = (await world.deps.sessions.find(SID))!;
    return observeSession(world.deps, { session: now, ip: HOME, userAgent: FIREFOX, proven: false, ...over });
  };
  const kept = async () => (await world.deps.sessions.find(SID))!;
  return { ...world, session, call, kept };
};

const ended = { code: "request/session-revoked" };

describe("a call from where the session was", () => {
  test("changes nothing, and looks nothing up", async () => {
    const { deps, session } = await living();
    const never = () => {
      throw new Error("looked up");
    };
    const blind = { ...deps, detection: { ...deps.detection, locate: never, describeDevice: never } };
    const seen = { session, ip: "203.0.113.99", userAgent: FIREFOX, proven: false };
    expect(await observeSession(blind, seen)).toBe(session);
  });
});

describe("a device that proves its key", () => {
  test("moves on silently: carrier to wifi, and abroad", async () => {
    const { call, kept, told, noticed } = await living({ jkt: "key" });
    expect(await call({ ip: "192.0.2.1", proven: true })).toMatchObject({ asn: 6805, stepUpRequired: false });
    expect(await call({ ip: ABROAD, proven: true })).toMatchObject({ country: "BR" });
    expect(await kept()).toMatchObject({ country: "BR", asn: 26599, networkPrefix: "198.51.100.0/24" });
    expect([...told, ...noticed]).toEqual([]);
  });

  test("on another address of its network is written down at most once a minute", async () => {
    const { call, kept, time } = await living({ jkt: "key" });
    await call({ ip: "203.0.200.1", proven: true });
    expect(await kept()).toMatchObject({ networkPrefix: "203.0.113.0/24" });
    time.now += config.session.heartbeatMs;
    await call({ ip: "203.0.200.1", proven: true });
    expect(await kept()).toMatchObject({ networkPrefix: "203.0.200.0/24" });
  });

  test("that turns into another browser elsewhere shows a second factor, and is not asked again there", async () => {
    const { call, kept, deps, told } = await living({ jkt: "key" }, { factor: true });
    const strange = { ip: ABROAD, userAgent: CHROME, proven: true };
    expect(await call(strange)).toMatchObject({
      stepUpRequired: true,
      riskReasons: ["changed-browser", "changed-country", "changed-network"],
    });
    expect(told).toMatchObject([{ type: { name: "identity.session-strayed" }, detail: { score: 47.5, proven: true } }]);
    await deps.sessions.raise(SID, { uid: "ann", at: NOW, amr: ["otp"] });
    expect(await call(strange)).toMatchObject({ stepUpRequired: false });
    expect(await kept()).toMatchObject({ device: { name: "Ann's laptop", browser: "Chrome" } });
  });

  test("without a second factor to ask for moves on: the key says that it is the same device", async () => {
    const { call } = await living({ jkt: "key" });
    const moved = await call({ ip: ABROAD, userAgent: CHROME, proven: true });
    expect(moved).toMatchObject({ stepUpRequired: false, country: "BR" });
  });
});

describe("a session without a key", () => {
  test("may change its network, and does not come nearer to a thief by it", async () => {
    const { call, kept } = await living();
    expect(await call({ ip: "192.0.2.1" })).toMatchObject({ stepUpRequired: false });
    expect(await kept()).toMatchObject({ asn: 3320 });
  });

  test("abroad shows a second factor; its earlier step-ups count no more", async () => {
    const { call } = await living({ stepUp: { any: { at: NOW } } }, { factor: true });
    expect(await call({ ip: ABROAD })).toMatchObject({ stepUpRequired: true, stepUp: {} });
  });

  test("abroad ends when the account has none to show", async () => {
    const { call, kept, told, noticed } = await living();
    await expect(call({ ip: ABROAD })).rejects.toMatchObject(ended);
    expect(await kept()).toMatchObject({ revokedBecause: "hijacked" });
    expect(told).toMatchObject([{ type: { name: "identity.session-hijacked", severity: "high" } }]);
    expect(noticed).toMatchObject([{ kind: "session-stolen" }]);
  });

  test("on another browser and system ends, whatever factors there are", async () => {
    const { call, kept } = await living({}, { factor: true });
    await expect(call({ userAgent: CURL })).rejects.toMatchObject(ended);
    expect(await kept()).toMatchObject({ revokedBecause: "hijacked" });
  });

  test("that somebody else has just ended stays ended", async () => {
    const { deps, session } = await living({}, { factor: true });
    await deps.sessions.revoke(SID, { uid: "ann", at: NOW, because: "owner" });
    const seen = { session, ip: ABROAD, userAgent: FIREFOX, proven: false };
    await expect(observeSession(deps, seen)).rejects.toMatchObject(ended);
  });
});

test("without the network tables nothing is held against a place", async () => {
  const { deps, session } = await living();
  const missing = () => {
    throw new Error("no table");
  };
  const blind = { ...deps, detection: { ...deps.detection, locate: missing } };
  const seen = { session, ip: ABROAD, userAgent: FIREFOX, proven: false };
  expect(await observeSession(blind, seen)).toBe(session);
});
