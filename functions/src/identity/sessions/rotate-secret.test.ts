import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { hashSecret } from "../../platform/rotating-secret.js";
import { caller, identity, NOW, SID, storedSession } from "../identity.fixture.js";
import { endStolen } from "./end-stolen.js";
import { rotateSecret } from "./rotate-secret.js";

const first = hashSecret("first");
const next = hashSecret("next");

const bound = async () => {
  const world = identity();
  const session = storedSession({ jkt: "key", secret: { hash: first, rotatedAt: NOW } });
  await world.deps.sessions.start({ uid: "ann", sid: SID, signedInAt: NOW, at: NOW, build: () => session });
  const showing = (secretHash: string) => caller({ session, device: { jkt: "key", secretHash } });
  return { ...world, session, showing };
};

describe("rotating a session's secret", () => {
  test("answers when, and until when the one before is good", async () => {
    const { deps, showing } = await bound();
    const done = { rotated: true, rotatedAt: NOW, previousUntil: NOW + config.session.secretGraceMs };
    expect(await rotateSecret(deps, showing(first), next)).toEqual(done);
    expect(await deps.sessions.find(SID)).toMatchObject({ secret: { hash: next, previous: first } });
  });

  test("a lost answer is asked for again, and answered the same", async () => {
    const { deps, time, showing } = await bound();
    const done = await rotateSecret(deps, showing(first), next);
    time.now += 10 * config.session.secretGraceMs;
    expect(await rotateSecret(deps, showing(first), next)).toEqual(done);
  });

  test("whoever was slower is told so, with the state of the winner", async () => {
    const { deps, showing } = await bound();
    const { rotatedAt, previousUntil } = await rotateSecret(deps, showing(first), next);
    const slower = await rotateSecret(deps, showing(first), hashSecret("other"));
    expect(slower).toEqual({ rotated: false, rotatedAt, previousUntil });
  });

  test("takes no secret but the one in force, no session without one, and none that has ended", async () => {
    const { deps, session, showing } = await bound();
    const rejected = { code: "identity/secret-rejected" };
    await expect(rotateSecret(deps, showing(hashSecret("wrong")), next)).rejects.toMatchObject(rejected);
    await expect(rotateSecret(deps, caller({ session }), next)).rejects.toMatchObject(rejected);
    const unbound = caller({ session: storedSession() });
    await expect(rotateSecret(deps, unbound, next)).rejects.toMatchObject({ code: "identity/session-unbound" });
    await deps.sessions.revoke(SID, { uid: "ann", at: NOW, because: "owner" });
    await expect(rotateSecret(deps, showing(first), next)).rejects.toMatchObject({ code: "identity/session-ended" });
  });
});

test("a stolen session ends at once, is told as serious, to the log and to the person, and once", async () => {
  const { deps, session, told, noticed, trusted } = await bound();
  trusted.add("key");
  const seen = { session, ip: "198.51.100.1", userAgent: "Thief" };
  await endStolen(deps, seen);
  await endStolen(deps, seen);
  expect(await deps.sessions.find(SID)).toMatchObject({ revokedAt: NOW, revokedBecause: "stolen" });
  expect(told).toMatchObject([
    { type: { name: "identity.session-stolen", severity: "high" }, session: SID, ip: "198.51.100.1" },
  ]);
  expect([...trusted]).toEqual([]);
  expect(noticed).toMatchObject([{ id: `session-stolen-${SID}`, kind: "session-stolen", uid: "ann" }]);
});
