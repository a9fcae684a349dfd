import { beforeEach, describe, expect, test } from "@jest/globals";
import { config } from "../config.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import { isElevated, transactionHash } from "./assure.js";
import { gateWorld, liveSession, START } from "./gate.fixture.js";
import { PERMISSIONS } from "./roles.js";

let { world, call }: ReturnType<typeof gateWorld> = gateWorld();
beforeEach(() => {
  ({ world, call } = gateWorld());
});

const CODE = { method: "totp", code: "123456" };
const withCode = { data: { name: "Ann", _stepUp: CODE } };
const needed = { code: "request/step-up-required" };

describe("a guarded call", () => {
  test("names its scope, and passes in the same request with a code along", async () => {
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ ...needed, details: { scope: "pay" } });
    await expect(call({ stepUp: "pay" }, withCode)).resolves.toMatchObject({ input: { name: "Ann" } });
    expect(world.raises).toMatchObject([{ scope: "pay", ip: "203.0.113.7", proof: CODE }]);
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    await expect(call({ stepUp: "erase" })).rejects.toMatchObject(needed);
    world.now += config.session.stepUpMs;
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject(needed);
  });

  test("names the second factors that this account can be asked for, and why", async () => {
    world.methods = ["passkey"];
    world.stored = liveSession({ riskReasons: ["A new country"] });
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({
      details: { scope: "pay", methods: ["passkey"], reasons: ["A new country"] },
    });
  });

  test("hands a passkey's answer on as it came", async () => {
    const _stepUp = { method: "passkey", challenge: "c", response: { id: "x", response: {} } };
    await expect(call({ stepUp: "pay" }, { data: { name: "Ann", _stepUp } })).rejects.toThrow("wrong code");
    expect(world.raises).toMatchObject([{ proof: _stepUp }]);
  });

  test("is not opened by a step-up long ago", async () => {
    world.stored = liveSession({ stepUp: { pay: { at: START - HOUR } } });
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject(needed);
  });

  test("is opened by a step-up for anything, but where it wants a code of its own", async () => {
    world.stored = liveSession({ stepUp: { any: { at: START } } });
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    for (const scope of config.session.exactScopes)
      await expect(call({ stepUp: scope })).rejects.toMatchObject({ ...needed, details: { scope } });
  });

  test("of an account without any factor wants a sign-in just made", async () => {
    world.methods = [];
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    world.now += config.session.stepUpMs;
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ ...needed, details: { methods: ["sign-in"] } });
  });

  test("of an account whose factors are all disabled stays shut, however fresh the sign-in", async () => {
    world.methods = ["recovery"];
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ ...needed, details: { methods: ["recovery"] } });
  });
});

describe("an approved transaction", () => {
  const pay = { stepUp: "pay", transaction: (input: unknown) => ({ to: (input as { name: string }).name }) };
  const hash = transactionHash("pay", { to: "Ann" });
  const approved = (transaction: string, at = START) => liveSession({ stepUp: { pay: { at, transaction } } });

  test("is asked for by its hash, which names scope and payee", async () => {
    await expect(call(pay)).rejects.toMatchObject({ ...needed, details: { scope: "pay", transaction: hash } });
    expect(hash).toMatch(/^[\w-]{43}$/);
    const others = [transactionHash("pay", { to: "Eve" }), transactionHash("donate", { to: "Ann" }), hash];
    expect(new Set(others).size).toBe(3);
  });

  test("goes through once", async () => {
    world.stored = approved(hash);
    await expect(call(pay)).resolves.toBeDefined();
    await expect(call(pay)).rejects.toMatchObject(needed);
  });

  test("goes through once, of a hundred that race", async () => {
    world.stored = approved(hash);
    const settled = await Promise.allSettled(Array.from({ length: 100 }, () => call(pay)));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is bound to this very call when the code rides along, and is used up by it", async () => {
    await expect(call(pay, withCode)).resolves.toBeDefined();
    expect(world.raises).toMatchObject([{ scope: "pay", transaction: hash }]);
    expect(world.stored?.stepUp).toEqual({});
    await expect(call(pay)).rejects.toMatchObject(needed);
  });

  test("approves no other transaction, and not the scope as such", async () => {
    world.stored = approved(hash);
    await expect(call(pay, { data: { name: "Eve" } })).rejects.toMatchObject(needed);
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject(needed);
    await expect(call(pay)).resolves.toBeDefined();
  });

  test("is not approved by a step-up for the scope, or for anything", async () => {
    world.stored = liveSession({ stepUp: { pay: { at: START }, any: { at: START } } });
    await expect(call(pay)).rejects.toMatchObject(needed);
  });

  test("under the name of anything opens nothing else", async () => {
    world.stored = liveSession({ stepUp: { any: { at: START, transaction: hash } } });
    await expect(call({ stepUp: "erase" })).rejects.toMatchObject(needed);
  });

  test("is too late after ten minutes", async () => {
    world.stored = approved(hash, START - config.session.stepUpMs);
    await expect(call(pay)).rejects.toMatchObject(needed);
  });
});

describe("where a second factor is a must", () => {
  const scope = config.mfa.always[0] ?? "";

  test.each([scope, `${scope}.transfer`])("an account without one is told to set one up: %s", async (stepUp) => {
    world.methods = [];
    await expect(call({ stepUp })).rejects.toMatchObject({
      code: "request/factor-required",
      details: { scope: stepUp, enrol: ["passkey", "totp"] },
    });
  });

  test("a scope that only begins with the same letters is another", async () => {
    world.methods = [];
    await expect(call({ stepUp: `${scope}x` })).resolves.toBeDefined();
  });

  test("an account that has one is asked for it, and passes with it", async () => {
    await expect(call({ stepUp: scope })).rejects.toMatchObject(needed);
    await expect(call({ stepUp: scope }, withCode)).resolves.toBeDefined();
  });

  test.each(Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[])(
    "the permission %s needs assurance 2, also when its row forgot to say so, unless it is over what is one's own",
    async (permission) => {
      const roles = ["user", "moderator", "support", "responder", "privacy-officer", "admin"];
      world.stored = liveSession({ roles });
      const refusal = { code: "request/assurance-too-low", details: { needed: 2, has: 1 } };
      if (!isElevated(permission)) return expect(call({ permission })).resolves.toBeDefined();
      await expect(call({ permission })).rejects.toMatchObject(refusal);
      world.stored = liveSession({ roles, aal: 2 });
      return expect(call({ permission })).resolves.toBeDefined();
    },
  );

  const sms = { aal: 2, amr: ["pwd", "sms", "mfa"], roles: ["admin"] } as const;

  test("a text message does neither for an administrator nor for a payment", async () => {
    world.stored = liveSession({ ...sms, stepUp: { [scope]: { at: START } } });
    const weak = { code: "request/method-too-weak", details: { methods: ["totp", "backup-code"] } };
    await expect(call({ permission: "admin.users" })).rejects.toMatchObject(weak);
    await expect(call({ stepUp: scope })).rejects.toMatchObject(weak);
    await expect(call({ permission: "self", assurance: 2 })).resolves.toBeDefined();
  });

  test("where only passkeys are strong, an app's code does neither, and a passkey does both", async () => {
    const { strong } = config.mfa;
    Object.assign(config.mfa, { strong: ["hwk", "swk"] });
    try {
      world.stored = liveSession({ ...sms, amr: ["pwd", "otp", "mfa"], stepUp: { [scope]: { at: START } } });
      await expect(call({ permission: "admin.users" })).rejects.toMatchObject({ code: "request/method-too-weak" });
      await expect(call({ stepUp: scope })).rejects.toMatchObject({ code: "request/method-too-weak" });
      world.stored = liveSession({ ...sms, amr: ["hwk", "user", "mfa"], stepUp: { [scope]: { at: START } } });
      await expect(call({ permission: "admin.users" })).resolves.toBeDefined();
      await expect(call({ stepUp: scope })).resolves.toBeDefined();
    } finally {
      Object.assign(config.mfa, { strong });
    }
  });

  test("a text message and then a code do", async () => {
    world.stored = liveSession(sms);
    await expect(call({ permission: "admin.users" }, withCode)).resolves.toBeDefined();
  });

  test("who has nothing but text messages is told to set something else up", async () => {
    world.methods = [];
    world.stored = liveSession(sms);
    await expect(call({ permission: "admin.users" })).rejects.toMatchObject({ code: "request/factor-required" });
  });

  test("a telephone number as first factor is no second one", async () => {
    world.stored = liveSession({ ...sms, aal: 1, amr: ["sms"] });
    await expect(call({ permission: "admin.users" })).rejects.toMatchObject({ code: "request/assurance-too-low" });
  });
});

describe("what else a call may need", () => {
  test("a permission that no role of the session holds is refused", async () => {
    world.stored = liveSession({ aal: 2 });
    await expect(call({ permission: "security.read" })).rejects.toMatchObject({ code: "request/forbidden" });
    world.stored = liveSession({ aal: 2, roles: ["analyst"] });
    await expect(call({ permission: "security.read" })).resolves.toBeDefined();
  });

  test("assurance below the row's is refused", async () => {
    await expect(call({ assurance: 2 })).rejects.toMatchObject({
      code: "request/assurance-too-low",
      details: { needed: 2, has: 1 },
    });
  });

  test("a risky sign-in may do nothing but prove itself or leave", async () => {
    world.stored = liveSession({ stepUpRequired: true, riskReasons: ["A new country"] });
    const details = { reasons: ["A new country"], methods: ["totp", "backup-code"] };
    await expect(call()).rejects.toMatchObject({ ...needed, details });
    await expect(call({ whileStepUpRequired: true })).resolves.toBeDefined();
    world.methods = [];
    await expect(call()).rejects.toMatchObject({ ...needed, details: { methods: ["email-code"] } });
    await expect(call({}, withCode)).resolves.toBeDefined();
    world.now += MINUTE / 2;
    await expect(call()).resolves.toBeDefined();
  });
});
