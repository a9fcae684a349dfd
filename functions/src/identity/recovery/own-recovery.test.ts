import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import { DAY, HOUR, MINUTE } from "../../kernel/time.js";
import { NOW } from "../identity.fixture.js";
import { identityError } from "../errors.js";
import { recoveryApi } from "./api.js";
import { finishRecovery, type FinishRequest } from "./finish-recovery.js";
import { slotOf } from "./recovery.js";
import { annLosesAll, recoveryWorld } from "./recovery.fixture.js";
import { readRecovery } from "./read-recoveries.js";
import { startRecovery } from "./start-recovery.js";
import { cancelRecovery, stopDenied } from "./stop-recovery.js";

const ALL = { totp: true, passkeys: ["key-of-ann"] };

const started = async (prepare: (world: ReturnType<typeof recoveryWorld>) => void = () => undefined) => {
  const world = recoveryWorld();
  prepare(world);
  const ann = await annLosesAll(world);
  const answer = await startRecovery(world.deps, ann.one);
  const finish = (request: Partial<FinishRequest> = {}, by = ann.one) => {
    const { token, code } = world.mailed();
    return finishRecovery(world.deps, by, { token, second: { method: "address-code", code }, lost: ALL, ...request });
  };
  return { ...world, ...ann, answer, finish };
};

const REJECTED = { code: "identity/recovery-rejected", status: "permission-denied" };

describe("a person who lost all second factors", () => {
  test("gets a link to the primary and a code to the recovery address; both good for a day", async () => {
    const { letters, answer } = await started();
    expect(letters.map(({ to, kind }) => [to, kind])).toEqual([
      ["recovery", "recovery-code"],
      ["primary", "recovery-link"],
    ]);
    expect(letters[0]!.secret).toMatch(/^\d{8}$/);
    expect(letters[1]!.secret).toMatch(/^[\w-]{43}$/);
    expect(answer).toEqual({ expiresAt: NOW + DAY, second: ["address-code", "passkey", "backup-code"] });
  });

  test("is back with link and code: lost factors and all codes are gone, only this session goes on", async () => {
    const { deps, finish, trusted, statuses } = await started(({ trusted: devices }) => void devices.add("key"));
    expect(await finish()).toEqual({
      assurance: 1,
      scope: "identity.factors",
      until: NOW + config.session.stepUpMs,
    });
    const factors = await deps.factors.find("ann");
    expect(factors).toMatchObject({ passkeys: [], attempts: {} });
    expect([factors?.totp, factors?.backup]).toEqual([undefined, undefined]);
    expect((await deps.sessions.listLive("ann", NOW)).map(({ sid }) => sid)).toEqual(["ann-one"]);
    expect(trusted.size).toBe(0);
    expect(statuses.get("ann")?.disabled).toBe(false);
  });

  test("gets a step-up for factors and nothing else: the assurance stays", async () => {
    const { deps, finish } = await started();
    await finish();
    const session = await deps.sessions.find("ann-one");
    expect(session).toMatchObject({ aal: 1, amr: ["pwd", "recovery"], stepUpRequired: false });
    expect(session?.stepUp).toEqual({ "identity.factors": { at: NOW } });
    expect(session?.mfaAt).toBeUndefined();
  });

  test("is told on start and on use, and so is the log, without any secret", async () => {
    const { finish, told, noticed, noticeKinds, mailed } = await started();
    await finish();
    expect(noticeKinds()).toEqual(["recovery-started", "recovery-used"]);
    expect(noticed[0]).toMatchObject({ sid: "ann-one", facts: { device: "Ann's laptop", country: "DE" } });
    expect(noticed[1]).toMatchObject({ facts: { method: "link and address code" } });
    expect(told.map(({ type }) => type.name)).toEqual([
      "identity.recovery-started",
      "identity.session-revoked",
      "identity.factor-removed",
      "identity.factor-removed",
      "identity.recovery-finished",
    ]);
    const { token, code } = mailed();
    for (const secret of [token, code]) expect(JSON.stringify([told, noticed])).not.toContain(secret);
  });

  test("loses only the factors that were named, and every backup code", async () => {
    const { deps, finish, codes } = await started();
    await finish({ lost: { totp: true, passkeys: [] }, second: { method: "backup-code", code: codes[0]! } });
    const factors = await deps.factors.find("ann");
    expect(factors?.passkeys.map(({ id }) => id)).toEqual(["key-of-ann"]);
    expect([factors?.totp, factors?.backup]).toEqual([undefined, undefined]);
  });

  test("can show a passkey that is still bound as the second piece", async () => {
    const shown: unknown[] = [];
    const world = recoveryWorld({ verify: async (given) => void shown.push(given) });
    const { one } = await annLosesAll(world);
    await startRecovery(world.deps, one);
    const second = { method: "passkey", challenge: "c", response: {} } as const;
    const { token } = world.mailed();
    await finishRecovery(world.deps, one, { token, second, lost: { totp: true, passkeys: [] } });
    expect(shown).toMatchObject([{ proof: second, scope: "identity.recovery" }]);
    expect((await world.deps.factors.find("ann"))?.totp).toBeUndefined();
  });

  test("may finish in another session of the account, which then is the one that goes on", async () => {
    const { deps, finish, two } = await started();
    await finish({}, two);
    expect((await deps.sessions.listLive("ann", NOW)).map(({ sid }) => sid)).toEqual(["ann-two"]);
  });
});

describe("a recovery is refused", () => {
  test.each<[string, (s: Awaited<ReturnType<typeof started>>) => Promise<unknown>]>([
    ["with a wrong link", ({ finish }) => finish({ token: "A".repeat(43) })],
    ["with a wrong code", ({ finish }) => finish({ second: { method: "address-code", code: "00000000" } })],
    ["by another account with the right pieces", async (s) => s.finish({}, (await annLosesAll(s, "eve")).one)],
    ["when the link is a day old", ({ finish, time }) => ((time.now += DAY), finish())],
    ["after it was cancelled", async (s) => (await cancelRecovery(s.deps, s.two), s.finish())],
    ["after a notice was denied", async (s) => (await stopDenied(s.deps, "ann"), s.finish())],
    ["a second time", async ({ finish }) => (await finish(), finish())],
  ])("%s, and nothing changes by it", async (_name, attempt) => {
    const world = await started();
    const { deps } = world;
    const outcome = attempt(world);
    await expect(outcome).rejects.toMatchObject(REJECTED);
    expect(world.names()).toContain("identity.recovery-rejected");
    if (_name === "a second time") return;
    expect((await deps.factors.find("ann"))?.totp).toBeDefined();
    expect(await deps.sessions.listLive("ann", NOW)).toHaveLength(2);
  });

  test("with a wrong or used backup code, as any step-up is", async () => {
    const { deps, finish, codes } = await started();
    const wrong = { method: "backup-code", code: "0".repeat(24) } as const;
    await expect(finish({ second: wrong })).rejects.toMatchObject({ code: "identity/code-rejected" });
    expect((await deps.factors.find("ann"))?.backup?.hashes).toHaveLength(codes.length);
  });

  test("with the code alone, where there is no recovery address: nobody was told one", async () => {
    const { answer, deps, finish, letters } = await started(({ reachable }) => void reachable.delete("recovery"));
    expect(answer.second).toEqual(["passkey", "backup-code"]);
    expect(letters.map(({ kind }) => kind)).toEqual(["recovery-link"]);
    await expect(finish({ second: { method: "address-code", code: "" } })).rejects.toMatchObject(REJECTED);
    expect(await deps.recoveries.find(slotOf("own", "ann"))).not.toHaveProperty("codeHash");
  });

  test("when the link is over, before a backup code is used up for it", async () => {
    const { deps, finish, codes, time } = await started();
    time.now += DAY;
    await expect(finish({ second: { method: "backup-code", code: codes[0]! } })).rejects.toMatchObject(REJECTED);
    expect((await deps.factors.find("ann"))?.backup?.hashes).toHaveLength(codes.length);
  });

  test("after five attempts, whatever is shown then: the attempt is spent before anything is looked at", async () => {
    const { finish, deps } = await started();
    for (let index = 0; index < config.recovery.attempts; index += 1)
      await expect(finish({ second: { method: "address-code", code: "00000000" } })).rejects.toMatchObject(REJECTED);
    await expect(finish()).rejects.toMatchObject(REJECTED);
    expect(await deps.recoveries.find(slotOf("own", "ann"))).toMatchObject({ attempts: config.recovery.attempts });
  });

  test("with an older link, once there is a newer one", async () => {
    const { deps, one, finish, mailed } = await started();
    const { token } = mailed();
    await startRecovery(deps, one);
    await expect(finish({ token })).rejects.toMatchObject(REJECTED);
    await expect(finish()).resolves.toMatchObject({ scope: "identity.factors" });
  });

  test("before it begins, without a confirmed address", async () => {
    const world = recoveryWorld();
    const { one } = await annLosesAll(world);
    const status = { disabled: false, email: "ann@example.org", emailVerified: false, tokensValidAfter: 0 };
    world.statuses.set("ann", status);
    await expect(startRecovery(world.deps, one)).rejects.toMatchObject({ code: "identity/recovery-unavailable" });
    expect([world.letters, world.noticed]).toEqual([[], []]);
  });

  test("by the network it comes from, over all accounts", async () => {
    const world = recoveryWorld();
    const { one } = await annLosesAll(world);
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => startRecovery(world.deps, one)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
    const refusal = outcomes.find((each) => each.status === "rejected");
    expect(refusal).toMatchObject({ reason: { code: "request/too-many" } });
    world.time.now += HOUR;
    await expect(startRecovery(world.deps, one)).resolves.toBeDefined();
  });
});

describe("what is stored and shown of it", () => {
  test("is hashes only", async () => {
    const { deps, mailed } = await started();
    const stored = JSON.stringify(await deps.recoveries.find(slotOf("own", "ann")));
    const { token, code } = mailed();
    expect(token).not.toBe("");
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(code);
  });

  test("its owner sees that it is under way, until it is over", async () => {
    const { deps, two, finish, time } = await started();
    expect(await readRecovery(deps, two)).toEqual({
      own: { state: "open", startedAt: NOW, expiresAt: NOW + DAY },
      reset: null,
    });
    time.now += MINUTE;
    await finish();
    expect(await readRecovery(deps, two)).toEqual({ own: null, reset: null });
  });

  test("stopping it is told to the person", async () => {
    const { deps, two, noticeKinds } = await started();
    expect(await cancelRecovery(deps, two)).toEqual({ cancelled: 1 });
    expect(await cancelRecovery(deps, two)).toEqual({ cancelled: 0 });
    expect(noticeKinds()).toEqual(["recovery-started", "recovery-cancelled"]);
  });
});

describe("the rows of the API", () => {
  test("take no e-mail address, and nothing public but the token that stops a recovery", () => {
    for (const [key, { input, session }] of Object.entries(recoveryApi)) {
      expect([key, session]).toEqual([key, key === "recovery-disown" ? "public" : "strict"]);
      expect(Object.keys(input.shape)).not.toContain("email");
    }
  });

  test("starting, finishing and stopping work while the sign-in's risk demands a factor, with a proof of the device", () => {
    for (const key of ["recovery-start", "recovery-finish", "recovery-cancel"] as const)
      expect(recoveryApi[key]).toMatchObject({ whileStepUpRequired: true, proof: true });
  });

  test("finishing names at least one lost factor", () => {
    const { input } = recoveryApi["recovery-finish"];
    const given = { token: "A".repeat(43), second: { method: "address-code", code: "12345678" } };
    expect(input.safeParse({ ...given, lost: { totp: false, passkeys: [] } }).success).toBe(false);
    expect(input.safeParse({ ...given, lost: { totp: true, passkeys: [] } }).success).toBe(true);
    expect(input.safeParse({ ...given, lost: { totp: true, passkeys: [] }, password: "x" }).success).toBe(false);
  });
});

test("one sentence for every wrong piece", () => {
  expect(identityError("recovery-rejected").message).not.toMatch(/backup|passkey|account/);
});
