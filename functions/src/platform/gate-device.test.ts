import { beforeEach, describe, expect, test } from "@jest/globals";
import { HOUR, MINUTE } from "../kernel/time.js";
import { newDevice } from "./device.fixture.js";
import { bindTo, CALL, gateWorld, liveSession, PROJECT, START } from "./gate.fixture.js";
import { hashSecret } from "./rotating-secret.js";

const thief = newDevice();
let { world, call, prove }: ReturnType<typeof gateWorld> = gateWorld();

beforeEach(() => {
  ({ world, call, prove } = gateWorld());
  world.stored = liveSession(bindTo(world.device));
});

const rejected = (why: string) => ({ code: "request/proof-rejected", details: { why } });
const required = (why: string) => ({ code: "request/proof-required", details: { why } });
const DATA = { name: "Ann" };

describe("a session that is bound to a device key", () => {
  test("goes on under proofs of this key, and tells the call which device it was", async () => {
    const { caller } = await call();
    expect(caller.device).toEqual({ jkt: world.device.jkt, secretHash: world.device.secretHash });
  });

  test.each(["strict", "cached"] as const)(
    "is of no use without one, not even for an ordinary %s call",
    async (session) => {
      await expect(call({ session }, { proof: undefined })).rejects.toMatchObject(required("missing"));
    },
  );

  test("is of no use under another device's key: the call is refused, told, and keeps nothing alive", async () => {
    world.now += 5 * MINUTE;
    const stolen = () => thief.prove({ project: PROJECT, functionId: CALL, data: DATA, at: world.now });
    for (let times = 0; times < 20; times += 1)
      await expect(call({}, { proof: stolen() })).rejects.toMatchObject(rejected("key"));
    expect([world.touched, world.spent, world.seen]).toEqual([0, [], []]);
    // Once a minute: whoever holds the token could fill the log with it.
    expect(world.told).toMatchObject([
      { type: { name: "request.proof-foreign", severity: "high" }, subject: "ann", session: world.stored?.sid },
    ]);
    world.now += MINUTE;
    await call({}, { proof: stolen() }).catch(() => undefined);
    expect(world.told).toHaveLength(2);
  });

  test("is of no use with a proof of another call, other data or another time", async () => {
    const ahead = prove(DATA, { at: world.now + HOUR });
    await expect(call({}, { proof: prove(DATA, { functionId: "test-thing-undo" }) })).rejects.toMatchObject(
      rejected("function"),
    );
    await expect(call({}, { proof: prove({ name: "Eve" }) })).rejects.toMatchObject(rejected("body"));
    await expect(call({}, { proof: ahead })).rejects.toMatchObject(rejected("expired"));
    expect(world.touched).toBe(0);
  });

  test("is judged from elsewhere as proven", async () => {
    await call({}, { ip: "198.51.100.7" });
    expect(world.seen).toMatchObject([{ proven: true }]);
  });

  test("spends no proof on ordinary calls: they cost no write", async () => {
    const proof = prove(DATA);
    await call({}, { proof });
    await call({}, { proof });
    expect(world.spent).toEqual([]);
  });
});

describe("a session that is not bound", () => {
  beforeEach(() => {
    world.stored = liveSession();
  });

  test("is good for ordinary calls, and for nothing that must be proven", async () => {
    await expect(call()).resolves.toBeDefined();
    await expect(call({ proof: true })).rejects.toMatchObject(required("unbound"));
    await expect(call({ proof: true }, { proof: prove(DATA) })).rejects.toMatchObject(required("unbound"));
  });

  test("has a faulty proof refused all the same", async () => {
    await expect(call({}, { proof: "garbage" })).rejects.toMatchObject(rejected("malformed"));
    await expect(call({}, { proof: { jwt: 1 } })).rejects.toMatchObject(rejected("malformed"));
    await expect(call({}, { proof: null })).rejects.toMatchObject(rejected("malformed"));
  });
});

describe("a sensitive call", () => {
  const sensitive = { proof: true } as const;

  test("counts its proof once", async () => {
    const proof = prove(DATA);
    await expect(call(sensitive, { proof })).resolves.toBeDefined();
    await expect(call(sensitive, { proof })).rejects.toMatchObject(rejected("used"));
    await expect(call(sensitive)).resolves.toBeDefined();
  });

  test("lets exactly one of a hundred through that race with one proof", async () => {
    const proof = prove(DATA);
    const settled = await Promise.allSettled(Array.from({ length: 100 }, () => call(sensitive, { proof })));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("wants the session's secret along: a token and a key that signs are not enough", async () => {
    await expect(call(sensitive, { proof: prove(DATA, { secret: null }) })).rejects.toMatchObject(rejected("secret"));
    await expect(call(sensitive, { proof: prove(DATA, { secret: thief.secret }) })).rejects.toMatchObject(
      rejected("secret"),
    );
    expect([world.spent, world.stolen]).toEqual([[], []]);
  });

  test("refuses a bound session that keeps no secret", async () => {
    world.stored = liveSession({ jkt: world.device.jkt });
    await expect(call(sensitive)).rejects.toMatchObject(rejected("secret"));
  });

  test("takes the secret before the present one while calls may be under way, and then knows it for stolen", async () => {
    const secret = {
      hash: hashSecret("next"),
      rotatedAt: START,
      previous: world.device.secretHash,
      previousUntil: START + 30_000,
    };
    world.stored = liveSession({ ...bindTo(world.device), secret });
    await expect(call(sensitive)).resolves.toBeDefined();
    world.now += 30_000;
    await expect(call(sensitive)).rejects.toMatchObject({ code: "request/session-revoked" });
    expect(world.stolen).toMatchObject([{ session: { sid: world.stored.sid }, ip: "203.0.113.7" }]);
  });

  test("takes a repeated rotation, whose answer was lost, for what it is", async () => {
    const next = hashSecret("next");
    const secret = { hash: next, rotatedAt: START, previous: world.device.secretHash, previousUntil: START };
    world.stored = liveSession({ ...bindTo(world.device), secret });
    await expect(call({ ...sensitive, rotates: () => next })).resolves.toBeDefined();
    await expect(call({ ...sensitive, rotates: () => hashSecret("other") })).rejects.toMatchObject({
      code: "request/session-revoked",
    });
  });

  test("spends nothing when it is refused before: wrong role, faulty input, too many", async () => {
    await expect(call({ ...sensitive, permission: "admin.users" })).rejects.toMatchObject({
      code: "request/forbidden",
    });
    const data = { name: "much too long" };
    await expect(call(sensitive, { data })).rejects.toMatchObject({ code: "request/malformed" });
    expect(world.spent).toEqual([]);
  });
});

describe("a call that nobody need be signed in for", () => {
  const open = { session: "public" } as const;

  test("goes on without a proof", async () => {
    const { caller } = await call(open, { signedIn: false, proof: undefined });
    expect(caller).not.toHaveProperty("device");
  });

  test("hands a proven device on, and counts the proof once", async () => {
    const proof = prove(DATA);
    const { caller } = await call(open, { signedIn: false, proof });
    expect(caller).toMatchObject({ device: { jkt: world.device.jkt } });
    await expect(call(open, { signedIn: false, proof })).rejects.toMatchObject(rejected("used"));
    await expect(call(open, { signedIn: false, proof: "garbage" })).rejects.toMatchObject(rejected("malformed"));
  });

  test("knows no second factor along", async () => {
    const data = { name: "Ann", _stepUp: { method: "totp", code: "123456" } };
    await expect(call(open, { signedIn: false, data, proof: undefined })).rejects.toMatchObject({
      code: "request/malformed",
      details: { faults: [{ field: "_stepUp" }] },
    });
  });
});

test("the start of a session hands the device on that will be bound, and counts the proof once", async () => {
  world.stored = undefined;
  const proof = prove(DATA);
  await expect(call({ session: "none" }, { proof })).resolves.toMatchObject({
    caller: { device: { jkt: world.device.jkt, secretHash: world.device.secretHash } },
  });
  await expect(call({ session: "none" }, { proof })).rejects.toMatchObject(rejected("used"));
});
