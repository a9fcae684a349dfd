import { describe, expect, test } from "@jest/globals";
import type { z } from "zod";
import { config } from "../../config.js";
import { MINUTE, SECOND } from "../../kernel/time.js";
import { NOW, storedSession } from "../identity.fixture.js";
import { recoveryApi } from "./api.js";
import { finishRecovery } from "./finish-recovery.js";
import { listResets, readRecovery } from "./read-recoveries.js";
import { approveReset, requestReset } from "./request-reset.js";
import { annLosesAll, operator, recoveryWorld } from "./recovery.fixture.js";
import { runResets } from "./run-resets.js";
import { startRecovery } from "./start-recovery.js";
import { cancelRecovery, cancelReset, disownRecovery, stopDenied } from "./stop-recovery.js";

const { holdMs, approveMs } = config.recovery;
const [olga, otto] = [operator("olga"), operator("otto")];
const visitor = { ip: "198.51.100.1", userAgent: "" };
const asked = { uid: "ann", reason: "Lost the telephone; known by voice." };

const requested = async () => {
  const world = recoveryWorld();
  const ann = await annLosesAll(world);
  const { id } = await requestReset(world.deps, olga, asked);
  return { ...world, ...ann, id };
};

const held = async () => {
  const world = await requested();
  const { runsAt } = await approveReset(world.deps, otto, world.id);
  return { ...world, runsAt };
};

const untouched = async ({ deps }: Pick<Awaited<ReturnType<typeof requested>>, "deps">) => {
  const factors = await deps.factors.find("ann");
  return factors?.totp !== undefined && factors.passkeys.length === 1 && factors.backup !== undefined;
};

describe("a reset by administrators", () => {
  test("runs after two people and the hold: factors, sessions, tokens and trust end, and no credential is set", async () => {
    const world = await held();
    world.trusted.add("key");
    world.time.now = world.runsAt;
    const late = {
      uid: "ann",
      sid: "late",
      startedAt: world.runsAt,
      absoluteExpiresAt: world.runsAt + 2,
      idleExpiresAt: world.runsAt + 2,
    };
    const build = () => storedSession(late);
    await world.deps.sessions.start({ uid: "ann", sid: "late", signedInAt: world.runsAt, at: world.runsAt, build });
    expect(await runResets(world.deps)).toEqual({ done: 1 });
    expect(await world.deps.factors.find("ann")).toMatchObject({ passkeys: [], attempts: {} });
    expect(await untouched(world)).toBe(false);
    expect(await world.deps.sessions.find("late")).toMatchObject({ revokedAt: world.runsAt, revokedBecause: "reset" });
    expect(world.statuses.get("ann")).toMatchObject({ tokensValidAfter: world.runsAt, disabled: false });
    expect(world.trusted.size).toBe(0);
    expect(world.noticeKinds()).toEqual(["reset-requested", "recovery-used"]);
    expect(world.names()).toEqual([
      "identity.reset-requested",
      "identity.reset-approved",
      "identity.session-revoked",
      "identity.factor-removed",
      "identity.factor-removed",
      "identity.reset-finished",
    ]);
  });

  test("never runs early, however often it is asked", async () => {
    const world = await held();
    expect(world.runsAt).toBe(NOW + holdMs);
    for (const now of [NOW, NOW + MINUTE, world.runsAt - SECOND, world.runsAt - 1]) {
      world.time.now = now;
      expect(await runResets(world.deps)).toEqual({ done: 0 });
      expect(await untouched(world)).toBe(true);
    }
    world.time.now = world.runsAt;
    expect(await runResets(world.deps)).toEqual({ done: 1 });
    expect(await runResets(world.deps)).toEqual({ done: 0 });
  });

  test("never runs without the second person, and lapses in the end", async () => {
    const world = await requested();
    world.time.now = NOW + holdMs + 1;
    expect(await runResets(world.deps)).toEqual({ done: 0 });
    world.time.now = NOW + approveMs;
    await expect(approveReset(world.deps, otto, world.id)).rejects.toMatchObject({ code: "identity/reset-unknown" });
    await runResets(world.deps);
    expect(await listResets(world.deps)).toEqual({ resets: [] });
    expect(await untouched(world)).toBe(true);
    await expect(requestReset(world.deps, olga, asked)).resolves.toBeDefined();
  });

  test("tells every address at the approval, with the time it runs at and a link that stops it", async () => {
    const { noticed, runsAt } = await held();
    expect(noticed).toMatchObject([{ kind: "reset-requested", uid: "ann", facts: { runsAt } }]);
    const { token } = { token: noticed[0]?.disown ?? "" };
    expect(recoveryApi["recovery-disown"].input.safeParse({ token }).success).toBe(true);
    expect(JSON.stringify(noticed[0]?.facts)).not.toContain(asked.reason);
  });

  test("waits its whole time after everybody was told, not after it was asked for", async () => {
    const world = await requested();
    world.time.now += approveMs - 1;
    expect(await approveReset(world.deps, otto, world.id)).toEqual({ runsAt: world.time.now + holdMs });
  });
});

describe("two people", () => {
  test("are needed: whoever asked cannot approve", async () => {
    const world = await requested();
    await expect(approveReset(world.deps, olga, world.id)).rejects.toMatchObject({ code: "identity/reset-refused" });
    expect(await untouched(world)).toBe(true);
  });

  test("are others than the person it is about: nobody resets themselves, as either of the two", async () => {
    const world = await requested();
    const ann = operator("ann");
    await expect(approveReset(world.deps, ann, world.id)).rejects.toMatchObject({ code: "identity/reset-refused" });
    await expect(requestReset(world.deps, ann, asked)).rejects.toMatchObject({ code: "identity/reset-refused" });
  });

  test("of ten that approve at once, one begins the hold", async () => {
    const world = await requested();
    const ten = Array.from({ length: 10 }, (_, index) =>
      approveReset(world.deps, operator(`admin-${String(index)}`), world.id),
    );
    const settled = await Promise.allSettled(ten);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(world.noticeKinds()).toEqual(["reset-requested"]);
  });

  test("the second may say it again, and gets the same time", async () => {
    const world = await held();
    world.time.now += MINUTE;
    expect(await approveReset(world.deps, otto, world.id)).toEqual({ runsAt: world.runsAt });
  });
});

describe("a reset is stopped, until it has run", () => {
  test.each<[string, (world: Awaited<ReturnType<typeof held>>) => Promise<unknown>]>([
    ["by its person, from any session", ({ deps, two }) => cancelRecovery(deps, two)],
    [
      "by the link in the notice, by nobody signed in",
      ({ deps, noticed }) => disownRecovery(deps, visitor, noticed[0]?.disown ?? ""),
    ],
    ["by any administrator", ({ deps, id }) => cancelReset(deps, operator("third"), id)],
    ["by a denied notice", ({ deps }) => stopDenied(deps, "ann")],
  ])("%s", async (_name, stop) => {
    const world = await held();
    world.time.now = world.runsAt - 1;
    await stop(world);
    world.time.now = world.runsAt;
    expect(await runResets(world.deps)).toEqual({ done: 0 });
    expect(await untouched(world)).toBe(true);
    expect(world.noticeKinds()).toEqual(["reset-requested", "recovery-cancelled"]);
    expect(world.names()).toContain("identity.recovery-cancelled");
  });

  test("and not after that", async () => {
    const world = await held();
    const token = world.noticed[0]?.disown ?? "";
    world.time.now = world.runsAt;
    await runResets(world.deps);
    expect(await disownRecovery(world.deps, visitor, token)).toEqual({ stopped: false });
    await expect(cancelReset(world.deps, olga, world.id)).rejects.toMatchObject({ code: "identity/reset-unknown" });
    expect(await cancelRecovery(world.deps, world.one)).toEqual({ cancelled: 0 });
  });

  test("by no token that was changed, and by none of another reset", async () => {
    const world = await held();
    const token = world.noticed[0]?.disown ?? "";
    const [slot = "", round = "", mac = ""] = token.split(".");
    const flipped = `${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`;
    for (const wrong of [
      `${slot}.${round}.${flipped}`,
      `${slot}.${"A".repeat(22)}.${mac}`,
      "",
      "..",
      `${slot}.${round}.`,
    ])
      expect(await disownRecovery(world.deps, visitor, wrong)).toEqual({ stopped: false });
    await cancelReset(world.deps, olga, world.id);
    await requestReset(world.deps, olga, asked);
    expect(await disownRecovery(world.deps, visitor, token)).toEqual({ stopped: false });
    expect((await listResets(world.deps)).resets).toHaveLength(1);
  });

  test("by its person coming back in another way", async () => {
    const world = await held();
    await startRecovery(world.deps, world.one);
    const { token, code } = world.mailed();
    const second = { method: "address-code", code } as const;
    await finishRecovery(world.deps, world.one, { token, second, lost: { totp: true, passkeys: [] } });
    world.time.now = world.runsAt;
    expect(await runResets(world.deps)).toEqual({ done: 0 });
    expect((await world.deps.factors.find("ann"))?.passkeys).toHaveLength(1);
  });
});

describe("operators", () => {
  test("see what waits, and for whom; its person sees only that something waits", async () => {
    const world = await held();
    expect((await listResets(world.deps)).resets).toMatchObject([
      { id: world.id, uid: "ann", state: "held", requestedBy: "olga", approvedBy: "otto", runsAt: world.runsAt },
    ]);
    expect(await readRecovery(world.deps, world.one)).toEqual({
      own: null,
      reset: { state: "held", requestedAt: NOW, runsAt: world.runsAt },
    });
  });

  test("are the actors in the log, and the person the subject", async () => {
    const { told } = await held();
    expect(told.map(({ actor, subject }) => [actor, subject])).toEqual([
      ["olga", "ann"],
      ["otto", "ann"],
    ]);
  });

  test("have one reset of an account under way at a time", async () => {
    const world = await requested();
    await expect(requestReset(world.deps, otto, asked)).rejects.toMatchObject({ code: "identity/reset-pending" });
  });

  test("cannot ask for an account that does not exist, or approve what does not", async () => {
    const world = await requested();
    await expect(requestReset(world.deps, olga, { ...asked, uid: "nobody" })).rejects.toMatchObject({
      code: "identity/reset-missing",
    });
    const unknown = world.id.replace(/\..*/, `.${"A".repeat(22)}`);
    await expect(approveReset(world.deps, otto, unknown)).rejects.toMatchObject({ code: "identity/reset-unknown" });
    await expect(cancelReset(world.deps, otto, unknown)).rejects.toMatchObject({ code: "identity/reset-unknown" });
  });
});

test("one recovery that cannot be carried out does not keep the others, and is not forgotten", async () => {
  const world = await held();
  await annLosesAll(world, "bob");
  const { id } = await requestReset(world.deps, olga, { uid: "bob", reason: "same" });
  await approveReset(world.deps, otto, id);
  world.time.now = world.runsAt;
  const factors = {
    ...world.deps.factors,
    reset: (uid: string, lost: Parameters<typeof world.deps.factors.reset>[1]) =>
      uid === "ann" ? Promise.reject(new Error("down")) : world.deps.factors.reset(uid, lost),
  };
  await expect(runResets({ ...world.deps, factors })).rejects.toThrow("1 recoveries wait");
  expect((await world.deps.factors.find("bob"))?.totp).toBeUndefined();
  expect(await runResets(world.deps)).toEqual({ done: 1 });
  expect((await world.deps.factors.find("ann"))?.totp).toBeUndefined();
});

describe("an administrator starts a reset and never sets a credential (OWASP ASVS 6.4.6)", () => {
  const rows = (["reset-request", "reset-approve", "reset-cancel", "reset-list"] as const).map(
    (key) => [key, recoveryApi[key]] as const,
  );

  test("the rows take an account, a reason or an id, and nothing else", () => {
    const inputs = rows.map(([key, { input }]) => [key, Object.keys((input as z.ZodObject).shape)]);
    expect(inputs).toEqual([
      ["reset-request", ["uid", "reason"]],
      ["reset-approve", ["id"]],
      ["reset-cancel", ["id"]],
      ["reset-list", []],
    ]);
    for (const extra of ["password", "code", "seed", "passkey", "email", "factor"])
      expect(recoveryApi["reset-request"].input.safeParse({ ...asked, [extra]: "x" }).success).toBe(false);
  });

  test("asking and approving want an operator's permission, assurance 2, a device proof, and a step-up for exactly this", () => {
    for (const key of ["reset-request", "reset-approve"] as const)
      expect(recoveryApi[key]).toMatchObject({
        assurance: 2,
        stepUp: "identity.roles",
        proof: true,
        session: "strict",
      });
    expect(recoveryApi["reset-request"].transaction({ uid: "ann" })).toEqual({ uid: "ann", change: "reset" });
    expect(recoveryApi["reset-approve"].transaction({ id: "x" })).toEqual({ id: "x", change: "approve" });
    expect(rows.map(([, { permission }]) => permission)).toEqual([
      "accounts.reset",
      "admin.users",
      "accounts.reset",
      "accounts.read",
    ]);
  });
});
