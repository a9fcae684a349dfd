import { expect, test } from "@jest/globals";
import { identityApi } from "../api.js";
import { caller, identity, NOW, storedSession } from "../identity.fixture.js";
import { expelAccount } from "./expel-account.js";

const operator = caller({ uid: "olga", ip: "192.0.2.7" });

const withSessions = async (...owned: [uid: string, sid: string][]) => {
  const world = identity();
  for (const [uid, sid] of owned) {
    const build = () => storedSession({ uid, sid });
    await world.deps.sessions.start({ uid, sid, signedInAt: NOW, at: NOW, build });
  }
  const live = async (uid: string) => (await world.deps.sessions.listLive(uid, NOW)).map(({ sid }) => sid);
  return { ...world, live };
};

test("ends every session, refresh tokens and the trust in devices, and says who did it to whom", async () => {
  const { deps, live, statuses, trusted, told } = await withSessions(["ann", "one"], ["ann", "two"], ["olga", "hers"]);
  trusted.add("a-key");
  expect(await expelAccount(deps, operator, { uid: "ann", reason: "suspicion" })).toEqual({ ended: 2 });
  expect([await live("ann"), await live("olga")]).toEqual([[], ["hers"]]);
  expect(await deps.sessions.find("one")).toMatchObject({ revokedBecause: "operator" });
  expect(statuses.get("ann")).toMatchObject({ tokensValidAfter: NOW });
  expect(trusted.size).toBe(0);
  expect(told).toMatchObject([
    {
      type: { name: "identity.session-revoked" },
      outcome: "success",
      actor: "olga",
      subject: "ann",
      ip: "192.0.2.7",
      detail: { reason: "suspicion", count: 2 },
    },
  ]);
});

test("is told to the person each time, without naming anybody", async () => {
  const { deps, time, noticed } = await withSessions(["ann", "one"]);
  await expelAccount(deps, operator, { uid: "ann", reason: "support" });
  time.now += 1;
  await expelAccount(deps, operator, { uid: "ann", reason: "support" });
  expect(noticed).toMatchObject([{ uid: "ann", kind: "sessions-ended" }, { kind: "sessions-ended" }]);
  expect(new Set(noticed.map(({ id }) => id)).size).toBe(2);
  expect(JSON.stringify(noticed)).not.toContain("olga");
});

test("answers for an account that nobody has as for one without sessions; the log alone tells them apart", async () => {
  const { deps, told, noticed } = await withSessions();
  const without = await expelAccount(deps, operator, { uid: "ann", reason: "suspicion" });
  expect(await expelAccount(deps, operator, { uid: "nobody", reason: "suspicion" })).toEqual(without);
  expect(without).toEqual({ ended: 0 });
  expect(told.map(({ outcome, subject }) => [outcome, subject])).toEqual([
    ["success", "ann"],
    ["failure", "nobody"],
  ]);
  expect(noticed.map(({ uid }) => uid)).toEqual(["ann"]);
});

test("is an operator's: permission, assurance 2, a device's proof, and a step-up for this very account", () => {
  const row = identityApi["session-expel"];
  expect(row).toMatchObject({
    session: "strict",
    permission: "security.respond",
    assurance: 2,
    stepUp: "security.expel",
    proof: true,
  });
  expect(row.transaction({ uid: "ann" })).not.toEqual(row.transaction({ uid: "bob" }));
  expect(row.input.safeParse({ uid: "ann", reason: "I was told so" }).success).toBe(false);
});
