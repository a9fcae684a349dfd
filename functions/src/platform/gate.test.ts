import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CallableRequest } from "firebase-functions/v2/https";
import { z } from "zod";
import { config } from "../config.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import type { Policy } from "./api.js";
import { authorize, type Gate } from "./gate.js";
import { memoryPermitStore } from "./permit-store.js";
import { rateLimiter } from "./rate-limit.js";
import { sessionCache } from "./session-cache.js";
import type { Session } from "./session.js";

const START = Date.UTC(2026, 0, 1);
const SID = "a-session-id-of-22-sig";

const row: Policy = {
  summary: "A call.",
  session: "strict",
  limit: { permits: 100, perMs: MINUTE, by: "account", store: "shared", whenDown: "refuse" },
  input: z.strictObject({ name: z.string().max(5) }),
  output: z.strictObject({}),
};

const liveSession = (over: Partial<Session> = {}): Session => ({
  sid: SID,
  uid: "ann",
  aal: 1,
  amr: ["pwd"],
  roles: ["user"],
  startedAt: START,
  absoluteExpiresAt: START + 12 * HOUR,
  idleExpiresAt: START + 15 * MINUTE,
  lastSeenAt: START,
  stepUp: {},
  stepUpRequired: false,
  riskReasons: [],
  device: { name: "laptop", browser: "Firefox", os: "Linux" },
  networkPrefix: "203.0.113.0/24",
  country: "NO",
  asn: 1,
  ...over,
});

const request = (
  over: { data?: unknown; uid?: string; sid?: string | undefined; signedIn?: boolean } = {},
): CallableRequest =>
  ({
    data: over.data ?? { name: "Ann" },
    rawRequest: { headers: { "x-forwarded-for": "203.0.113.7" }, ip: "10.0.0.1" },
    ...(over.signedIn !== false && {
      auth: {
        uid: over.uid ?? "ann",
        token: {
          sid: "sid" in over ? over.sid : SID,
          auth_time: START / 1000,
          firebase: { sign_in_provider: "password" },
        },
      },
    }),
  }) as unknown as CallableRequest;

let now = START;
let stored: Session | undefined;
let touched: number;
let hasFactor: boolean;
let gate: Gate;

beforeEach(() => {
  now = START;
  stored = liveSession();
  touched = 0;
  hasFactor = true;
  const clock = () => now;
  const reader = {
    find: async () => stored,
    touch: async () => {
      touched += 1;
    },
  };
  gate = {
    reader,
    clock,
    sessions: sessionCache({ reader, clock }, { cacheMs: config.session.cacheMs, entries: 10 }),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock }),
    ports: () => ({
      record: async () => undefined,
      hasFactor: async () => hasFactor,
      stepUp: async ({ session, scope, proof }) => {
        if (proof.code !== "123456") throw new Error("wrong code");
        stored = { ...session, aal: 2, stepUp: { ...session.stepUp, [scope]: now } };
        return stored;
      },
    }),
  };
});

const call = (policy: Partial<Policy> = {}, over: Parameters<typeof request>[0] = {}) =>
  authorize(gate, { id: "test-thing-do", policy: { ...row, ...policy }, request: request(over) });

describe("who gets in", () => {
  test("a live session does", async () => {
    await expect(call()).resolves.toMatchObject({ caller: { uid: "ann", ip: "203.0.113.7" }, input: { name: "Ann" } });
  });

  test.each([
    ["nobody signed in", { signedIn: false }, "request/sign-in-required"],
    ["a token without sid", { sid: undefined }, "request/session-missing"],
    ["a sid that nobody drew", { sid: "../secUsers/ann" }, "request/session-missing"],
    ["somebody else's session", { uid: "eve" }, "request/session-missing"],
  ])("%s does not", async (_who, over, code) => {
    await expect(call({}, over)).rejects.toMatchObject({ code });
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
  ])("a session that is %s does not", async (_why, over, code) => {
    stored = over === undefined ? undefined : liveSession(over);
    await expect(call()).rejects.toMatchObject({ code });
  });

  test("a revoked session is refused at once by strict calls and within ten seconds by cached ones", async () => {
    await call({ session: "cached" });
    stored = liveSession({ revokedAt: now });
    await expect(call()).rejects.toMatchObject({ code: "request/session-revoked" });
    now += config.session.cacheMs;
    await expect(call({ session: "cached" })).rejects.toMatchObject({ code: "request/session-revoked" });
  });

  test("a cached copy of one person's session does not open it to another", async () => {
    await call({ session: "cached" });
    await expect(call({ session: "cached" }, { uid: "eve" })).rejects.toMatchObject({
      code: "request/session-missing",
    });
  });
});

describe("what a call may cost", () => {
  test("the heartbeat is written at most once a minute", async () => {
    await call();
    expect(touched).toBe(0);
    now += MINUTE;
    await call();
    expect(touched).toBe(1);
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

  test("a malformed second factor is named too", async () => {
    await expect(call({}, { data: { name: "Ann", _stepUp: { method: "magic", code: "1" } } })).rejects.toMatchObject({
      code: "request/malformed",
    });
  });
});

describe("what a call may need", () => {
  test("a permission that no role of the session holds is refused", async () => {
    await expect(call({ permission: "security.read" })).rejects.toMatchObject({ code: "request/forbidden" });
    stored = liveSession({ roles: ["analyst"] });
    await expect(call({ permission: "security.read" })).resolves.toBeDefined();
  });

  test("assurance below the row's is refused", async () => {
    await expect(call({ assurance: 2 })).rejects.toMatchObject({
      code: "request/assurance-too-low",
      details: { needed: 2, has: 1 },
    });
  });

  test("a guarded call names its scope, and passes in the same request with a code along", async () => {
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({
      code: "request/step-up-required",
      details: { scope: "pay" },
    });
    const data = { name: "Ann", _stepUp: { method: "totp", code: "123456" } };
    await expect(call({ stepUp: "pay" }, { data })).resolves.toMatchObject({ input: { name: "Ann" } });
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    await expect(call({ stepUp: "erase" })).rejects.toMatchObject({ code: "request/step-up-required" });
    now += config.session.stepUpMs;
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ code: "request/step-up-required" });
  });

  test("a step-up for one session does not lift another", async () => {
    stored = liveSession({ stepUp: { pay: START - HOUR } });
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ code: "request/step-up-required" });
  });

  test("a step-up for anything opens all scopes but those that want a code of their own", async () => {
    stored = liveSession({ stepUp: { any: START } });
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    for (const scope of config.session.exactScopes) {
      await expect(call({ stepUp: scope })).rejects.toMatchObject({
        code: "request/step-up-required",
        details: { scope },
      });
    }
  });

  test("without any factor, only a sign-in just made will do", async () => {
    hasFactor = false;
    await expect(call({ stepUp: "pay" })).resolves.toBeDefined();
    now += config.session.stepUpMs;
    await expect(call({ stepUp: "pay" })).rejects.toMatchObject({ details: { methods: ["sign-in"] } });
  });

  test("a risky sign-in may do nothing but prove itself or leave", async () => {
    stored = liveSession({ stepUpRequired: true, riskReasons: ["A country this account has not been seen in"] });
    await expect(call()).rejects.toMatchObject({
      code: "request/step-up-required",
      details: { reasons: ["A country this account has not been seen in"] },
    });
    await expect(call({ whileStepUpRequired: true })).resolves.toBeDefined();
  });
});
