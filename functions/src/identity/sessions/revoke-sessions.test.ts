import { describe, expect, test } from "@jest/globals";
import { MINUTE } from "../../kernel/time.js";
import { blockAccess, findBlock } from "../accounts/block-access.js";
import { caller, identity, NOW, storedSession } from "../identity.fixture.js";
import { listSessions, renameSession } from "./list-sessions.js";
import { readSecurity } from "./read-security.js";
import { endSession, replaceOldest, revokeAll, revokeEvery, revokeOne, revokeOthers } from "./revoke-sessions.js";

const withSessions = async (...sids: string[]) => {
  const world = identity();
  for (const [index, sid] of sids.entries()) {
    const build = () => storedSession({ sid, startedAt: NOW + index, networkPrefix: `10.0.${String(index)}.0/24` });
    await world.deps.sessions.start({ uid: "ann", sid, signedInAt: NOW, at: NOW, build });
  }
  const by = caller({ sid: "one", session: storedSession({ sid: "one" }) });
  const live = async () => (await listSessions(world.deps, by)).sessions.map(({ sid }) => sid);
  return { ...world, by, live };
};

describe("the owner's sessions", () => {
  test("are listed, the newest first, the asking one marked", async () => {
    const { deps, by } = await withSessions("one", "two");
    const { sessions } = await listSessions(deps, by);
    expect(sessions.map(({ sid, current }) => [sid, current])).toEqual([
      ["two", false],
      ["one", true],
    ]);
    expect(sessions[0]).toMatchObject({ device: { name: "Ann's laptop" }, country: "DE", assurance: 1 });
  });

  test("one of them ends alone, and at once", async () => {
    const { deps, by, live, told } = await withSessions("one", "two", "three");
    expect(await revokeOne(deps, by, "two")).toEqual({ revoked: true });
    expect(await live()).toEqual(["three", "one"]);
    expect(told).toMatchObject([{ type: { name: "identity.session-revoked" }, session: "two" }]);
  });

  test("another account's session is not found, and lives on", async () => {
    const { deps, live } = await withSessions("one");
    const mallory = caller({ uid: "mallory", sid: "m", session: storedSession({ uid: "mallory", sid: "m" }) });
    await expect(revokeOne(deps, mallory, "one")).rejects.toMatchObject({
      code: "identity/session-unknown",
      status: "not-found",
    });
    expect(await live()).toEqual(["one"]);
  });

  test("all others end, this one stays", async () => {
    const { deps, by, live } = await withSessions("one", "two", "three");
    expect(await revokeOthers(deps, by)).toEqual({ revoked: 2 });
    expect(await live()).toEqual(["one"]);
  });

  test("signing out ends this one", async () => {
    const { deps, by, live, names } = await withSessions("one", "two");
    expect(await endSession(deps, by)).toEqual({ ended: true });
    expect(await live()).toEqual(["two"]);
    expect(names()).toEqual(["identity.session-ended"]);
  });

  test("all end, this one too", async () => {
    const { deps, by, live } = await withSessions("one", "two");
    expect(await revokeEvery(deps, by)).toEqual({ revoked: 2 });
    expect(await live()).toEqual([]);
  });

  test("one gets another name, and nothing else of it changes; another's is not found", async () => {
    const { deps, by } = await withSessions("one", "two");
    const before = (await deps.sessions.find("two"))!;
    expect(await renameSession(deps, by, { sid: "two", name: "Kitchen" })).toEqual({ renamed: true });
    expect(await deps.sessions.find("two")).toEqual({ ...before, device: { ...before.device, name: "Kitchen" } });
    const mallory = caller({ uid: "mallory" });
    const theirs = renameSession(deps, mallory, { sid: "two", name: "Mine" });
    await expect(theirs).rejects.toMatchObject({ code: "identity/session-unknown" });
    expect(await deps.sessions.find("two")).toMatchObject({ device: { name: "Kitchen" } });
  });

  test("of more than five the oldest end, the person is told, and the new one stays however old its clock", async () => {
    const { deps, live, told, noticed } = await withSessions("new", "two", "three", "four", "five", "six", "seven");
    await replaceOldest(deps, (await deps.sessions.find("new"))!);
    expect(await live()).toEqual(["seven", "six", "five", "four", "new"]);
    expect(told.map(({ session, detail }) => [session, detail])).toEqual([
      ["three", { reason: "replaced" }],
      ["two", { reason: "replaced" }],
    ]);
    expect(noticed).toMatchObject([
      { id: "session-replaced-three", kind: "session-replaced", sid: "new", facts: { device: "Ann's laptop" } },
      { id: "session-replaced-two" },
    ]);
  });

  test("revoking all ends every one, Firebase's refresh tokens, and the trust in devices", async () => {
    const { deps, live, statuses, trusted } = await withSessions("one", "two");
    trusted.add("key");
    expect(await revokeAll(deps, "ann", "incident")).toBe(2);
    expect(await live()).toEqual([]);
    expect([...trusted]).toEqual([]);
    expect(statuses.get("ann")).toMatchObject({ tokensValidAfter: NOW });
  });
});

describe("a block", () => {
  test("of an account ends its live sessions; of a pair, those from that network", async () => {
    const { deps, live, told } = await withSessions("one", "two", "three");
    await blockAccess(deps, {
      uid: "ann",
      networkPrefix: "10.0.1.0/24",
      until: NOW + MINUTE,
      reason: "burst",
      incident: "i1",
    });
    expect(await live()).toEqual(["three", "one"]);
    expect(told[0]).toMatchObject({
      type: { name: "identity.access-blocked" },
      subject: "ann",
      actor: "system",
      ip: "10.0.1.0",
      detail: { sessionsEnded: 1, incident: "i1" },
    });
    await blockAccess(deps, { uid: "ann", until: NOW + MINUTE, reason: "burst" });
    expect(await live()).toEqual([]);
  });

  test("holds until its time, and the longest of several answers", async () => {
    const { deps } = await withSessions();
    await blockAccess(deps, { uid: "ann", until: NOW + 1, reason: "short" });
    await blockAccess(deps, { networkPrefix: "10.0.1.0/24", until: NOW + 5, reason: "long" });
    const who = { uid: "ann", networkPrefix: "10.0.1.0/24" };
    expect(await findBlock(deps, who, NOW)).toMatchObject({ reason: "long" });
    expect(await findBlock(deps, { uid: "ann" }, NOW)).toMatchObject({ reason: "short" });
    expect(await findBlock(deps, who, NOW + 5)).toBeUndefined();
    expect(await findBlock(deps, {}, NOW)).toBeUndefined();
  });

  test("names somebody", async () => {
    const { deps } = await withSessions();
    await expect(blockAccess(deps, { until: NOW, reason: "burst" })).rejects.toThrow("a block names");
  });
});

describe("what the owner reads of the account's security", () => {
  test("is settings, roles, factors and this session, and no secret", async () => {
    const { deps, by } = await withSessions("one");
    expect(await readSecurity(deps, by)).toMatchObject({
      settings: { mfaEnabled: false, loginNotifications: true, createdAt: NOW },
      roles: ["user"],
      factors: { totp: null, passkeys: [], backupCodes: null },
      session: { sid: "one", assurance: 1, bound: false, stepUpRequired: false },
    });
    await deps.factors.beginTotp("ann", {
      id: "f",
      sealedSeed: new Uint8Array([250, 251, 252]),
      sid: "one",
      expiresAt: NOW + 1,
    });
    await deps.factors.activateTotp("ann", {
      pendingId: "f",
      step: 1,
      hashes: [new Uint8Array(32).fill(251)],
      at: NOW,
    });
    const read = await readSecurity(deps, by);
    expect(read.factors).toEqual({
      totp: { enrolledAt: NOW, disabled: false },
      passkeys: [],
      backupCodes: { remaining: 1, createdAt: NOW },
    });
    expect(JSON.stringify(read)).not.toContain("251");
  });
});
