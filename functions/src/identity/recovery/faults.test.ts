import { describe, expect, test } from "@jest/globals";
import { MINUTE } from "../../kernel/time.js";
import type { RecoveryDeps } from "./deps.js";
import { finishRecovery } from "./finish-recovery.js";
import { slotOf } from "./recovery.js";
import { approveReset, requestReset } from "./request-reset.js";
import { annLosesAll, operator, recoveryWorld, type RecoveryWorld } from "./recovery.fixture.js";
import { runResets } from "./run-resets.js";
import { startRecovery } from "./start-recovery.js";

// Whatever is called may be the last thing that is called: the process dies before it is done, or right after.

type When = "before" | "after";
const PORTS = ["recoveries", "factors", "sessions", "devices", "directory", "encryption"] as const;
const VERBS = ["record", "notify", "sendLetter", "verify", "limiter"] as const;

/** The same world, in which the nth call of anything fails, before or after it has worked. */
const dying = (deps: RecoveryDeps, nth: number, when: When) => {
  let calls = 0;
  const mortal =
    (call: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]): Promise<unknown> => {
      calls += 1;
      if (calls > nth) throw new Error("dead");
      if (calls < nth) return call(...given);
      if (when === "after") await call(...given);
      throw new Error("killed");
    };
  const portOf = (port: object): object =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [name, mortal(call as (...given: unknown[]) => unknown)]),
    );
  const broken = {
    ...deps,
    ...Object.fromEntries(PORTS.map((name) => [name, portOf(deps[name])])),
    ...Object.fromEntries(VERBS.map((name) => [name, mortal(deps[name] as (...given: unknown[]) => unknown)])),
  } as RecoveryDeps;
  return { broken, survived: () => calls < nth };
};

/** What an account is after all, without what tells one try from another. */
const endOf = async ({ deps, trusted, noticed, time }: RecoveryWorld) => {
  const factors = await deps.factors.find("ann");
  const live = await deps.sessions.listLive("ann", time.now);
  const kinds = new Set(noticed.map(({ kind }) => kind));
  return {
    factors: { totp: factors?.totp, passkeys: factors?.passkeys, backup: factors?.backup },
    live: live.map(({ sid, aal, amr, stepUp, stepUpRequired }) => ({
      sid,
      aal,
      amr,
      scopes: Object.keys(stepUp),
      stepUpRequired,
    })),
    trusted: trusted.size,
    told: ["recovery-used", "reset-requested"].filter((kind) => kinds.has(kind as never)),
    states: (
      await Promise.all((["own", "reset"] as const).map((kind) => deps.recoveries.find(slotOf(kind, "ann"))))
    ).map((each) => each?.state),
  };
};

const wholeOrGone = async ({ deps }: RecoveryWorld) => {
  const factors = await deps.factors.find("ann");
  const parts = [factors?.totp !== undefined, factors?.passkeys.length === 1, factors?.backup !== undefined];
  expect(new Set(parts).size).toBe(1);
};

const LOST = { totp: true, passkeys: ["key-of-ann"] };

/** Runs the story, killed at every call in turn, until a run survives; each must end as the undisturbed one. */
const killEverywhere = async (story: {
  prepare: (world: RecoveryWorld) => Promise<void>;
  run: (world: RecoveryWorld, deps: RecoveryDeps) => Promise<unknown>;
  /** What people and the schedule do afterwards. */
  again: (world: RecoveryWorld) => Promise<unknown>;
}) => {
  const fresh = async () => {
    const world = recoveryWorld();
    world.trusted.add("key");
    await story.prepare(world);
    return world;
  };
  const calm = await fresh();
  await story.run(calm, calm.deps);
  await story.again(calm);
  const expected = await endOf(calm);
  let kills = 0;
  for (const when of ["before", "after"] as const) {
    for (let nth = 1; ; nth += 1) {
      const world = await fresh();
      const { broken, survived } = dying(world.deps, nth, when);
      const outcome = await story.run(world, broken).then(
        () => "done",
        () => "killed",
      );
      if (survived()) break;
      kills += 1;
      if (nth > 200) throw new Error("the story does not end");
      expect(outcome).toBe("killed");
      await wholeOrGone(world);
      await story.again(world);
      expect([when, nth, await endOf(world)]).toEqual([when, nth, expected]);
    }
  }
  return { kills, expected };
};

describe("killed anywhere, it ends the same, and nothing is ever half removed:", () => {
  test.each(["address-code", "backup-code"] as const)("a recovery by link and %s", async (method) => {
    const codes: string[] = [];
    let mailed = { token: "", code: "" };
    const second = (code: string) =>
      ({ method, code: method === "address-code" ? code : (codes.shift() ?? "") }) as const;
    const { kills, expected } = await killEverywhere({
      prepare: async (world) => {
        const ann = await annLosesAll(world);
        codes.splice(0, codes.length, ...ann.codes);
        await startRecovery(world.deps, ann.one);
        mailed = world.mailed();
      },
      run: async (world, deps) => {
        const session = (await world.deps.sessions.find("ann-one"))!;
        const by = { ...operator("ann"), sid: "ann-one", session };
        return finishRecovery(deps, by, { token: mailed.token, second: second(mailed.code), lost: LOST });
      },
      again: async (world) => {
        await runResets(world.deps);
        const done = (await world.deps.recoveries.find(slotOf("own", "ann")))?.state === "done";
        if (done) return;
        // The person tries again with the same link; a backup code that was used up is another one now.
        const session = (await world.deps.sessions.find("ann-one"))!;
        const by = { ...operator("ann"), sid: "ann-one", session };
        await finishRecovery(world.deps, by, { token: mailed.token, second: second(mailed.code), lost: LOST });
      },
    });
    expect(kills).toBeGreaterThan(20);
    expect(expected).toMatchObject({
      factors: { passkeys: [] },
      live: [{ sid: "ann-one", aal: 1, scopes: ["identity.factors"], stepUpRequired: false }],
      trusted: 0,
      told: ["recovery-used"],
      states: ["done", undefined],
    });
  });

  test("the start of a recovery", async () => {
    const { kills } = await killEverywhere({
      prepare: async (world) => void (await annLosesAll(world)),
      run: async (world, deps) => {
        const session = (await world.deps.sessions.find("ann-one"))!;
        return startRecovery(deps, { ...operator("ann"), sid: "ann-one", session });
      },
      again: async (world) => {
        const session = (await world.deps.sessions.find("ann-one"))!;
        const by = { ...operator("ann"), sid: "ann-one", session };
        await startRecovery(world.deps, by);
        const { token, code } = world.mailed();
        await finishRecovery(world.deps, by, { token, second: { method: "address-code", code }, lost: LOST });
      },
    });
    expect(kills).toBeGreaterThan(10);
  });

  test("an approval: the hold counts from the notice, and none runs unheard", async () => {
    let id = "";
    const { kills, expected } = await killEverywhere({
      prepare: async (world) => {
        await annLosesAll(world);
        ({ id } = await requestReset(world.deps, operator("olga"), { uid: "ann", reason: "lost" }));
      },
      run: async (_world, deps) => approveReset(deps, operator("otto"), id),
      again: async (world) => {
        world.time.now += MINUTE;
        await runResets(world.deps);
        const slot = slotOf("reset", "ann");
        if ((await world.deps.recoveries.find(slot))?.state === "requested")
          await approveReset(world.deps, operator("otto"), id);
        const reset = await world.deps.recoveries.find(slot);
        const runsAt = reset?.kind === "reset" ? (reset.runsAt ?? 0) : 0;
        const notice = world.noticed.findLast(({ kind }) => kind === "reset-requested");
        expect(notice).toBeDefined();
        expect(runsAt).toBeGreaterThanOrEqual(Number(world.noticed[0]?.facts["runsAt"]));
        world.time.now = runsAt - 1;
        expect(await runResets(world.deps)).toEqual({ done: 0 });
        world.time.now = runsAt;
        expect(await runResets(world.deps)).toEqual({ done: 1 });
      },
    });
    expect(kills).toBeGreaterThan(8);
    expect(expected).toMatchObject({ live: [], trusted: 0, states: [undefined, "done"] });
  });

  test("the run of a reset", async () => {
    const { kills, expected } = await killEverywhere({
      prepare: async (world) => {
        await annLosesAll(world);
        const { id } = await requestReset(world.deps, operator("olga"), { uid: "ann", reason: "lost" });
        const { runsAt } = await approveReset(world.deps, operator("otto"), id);
        world.time.now = runsAt;
      },
      run: async (_world, deps) => runResets(deps),
      again: async (world) => runResets(world.deps),
    });
    expect(kills).toBeGreaterThan(15);
    expect(expected).toMatchObject({ factors: { passkeys: [] }, live: [], trusted: 0, states: [undefined, "done"] });
  });
});
