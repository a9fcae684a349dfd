import { beforeAll, describe, expect, test } from "@jest/globals";
import type { CallableRequest } from "firebase-functions/v2/https";
import { z } from "zod";
import { config } from "../../config.js";
import { isDomainError } from "../../kernel/errors.js";
import { networkPrefix } from "../../kernel/network.js";
import type { Policy } from "../../platform/api.js";
import { newDevice } from "../../platform/device.fixture.js";
import { authorize, type Gate } from "../../platform/gate.js";
import { memoryNonceStore } from "../../platform/nonce-store.js";
import { sessionCache } from "../../platform/session-cache.js";
import { hashUserAgent } from "../../platform/surroundings.js";
import { deviceOf } from "../../detection/device.js";
import { identity, NOW, storedSession } from "../identity.fixture.js";
import { observeSession } from "./observe-session.js";
import { phoneTrace, placeOf, type TraceStep } from "./mobile-traces.fixture.js";

const SESSIONS = 2_000;
const STEPS = 13;
const PROJECT = "demo-traces";
const CALL = "test-thing-do";

const ordinary: Policy = {
  summary: "A call.",
  session: "cached",
  limit: { permits: 1, perMs: 1, by: "account", store: "instance", whenDown: "allow" },
  input: z.strictObject({}),
  output: z.strictObject({}),
};
const sensitive: Policy = { ...ordinary, session: "strict", proof: true };

/** The gate as deployed, on memory stores; every account has a second factor, so that a demand for one can be seen. */
const world = () => {
  const { deps, time } = identity();
  const detection = { ...deps.detection, locate: placeOf };
  const factor = { id: "f", sealedSeed: new Uint8Array(), enrolledAt: 0, lastStep: 0 };
  const withFactor = { ...deps.factors, find: () => Promise.resolve({ totp: factor, passkeys: [], attempts: {} }) };
  const all = { ...deps, detection, factors: withFactor };
  const reader: Gate["reader"] = {
    find: (sid) => deps.sessions.find(sid),
    touch: async (sid, lastSeenAt, idleExpiresAt) =>
      void (await deps.sessions.change(sid, lastSeenAt, () => ({ answer: true, next: { lastSeenAt, idleExpiresAt } }))),
    spendApproval: () => Promise.resolve(false),
  };
  const gate: Gate = {
    reader,
    clock: deps.clock,
    sessions: sessionCache({ reader, clock: deps.clock }, { cacheMs: config.session.cacheMs, entries: 5_000 }),
    limiter: () => Promise.resolve(),
    nonces: memoryNonceStore(),
    projectId: () => PROJECT,
    ports: () => ({
      record: deps.record,
      methods: () => Promise.resolve(["totp"]),
      stepUp: () => Promise.reject(new Error("no call here brings a second factor")),
      observe: (seen) => observeSession(all, seen),
      sessionStolen: () => Promise.resolve(),
    }),
  };
  return { deps, time, gate };
};

type World = ReturnType<typeof world>;

const requestOf = (uid: string, sid: string, step: TraceStep, data: object): CallableRequest =>
  ({
    data,
    rawRequest: { headers: { "x-forwarded-for": step.ip, "user-agent": step.userAgent }, ip: "10.0.0.1" },
    auth: { uid, token: { sid, auth_time: NOW / 1000, firebase: { sign_in_provider: "password" } } },
  }) as unknown as CallableRequest;

const start = async ({ deps, time }: World, seed: number, first: TraceStep, device: ReturnType<typeof newDevice>) => {
  const [uid, sid] = [`u${String(seed)}`, `sid-${String(seed).padStart(18, "0")}`];
  const at = time.now;
  const place = placeOf(first.ip);
  const session = storedSession({
    uid,
    sid,
    startedAt: at,
    lastSeenAt: at,
    idleExpiresAt: at + config.session.idleMs,
    absoluteExpiresAt: at + config.session.absoluteMs,
    jkt: device.jkt,
    secret: { hash: device.secretHash, rotatedAt: at },
    device: { name: "Phone", ...deviceOf(first.userAgent) },
    country: place.country,
    asn: place.asn,
    networkPrefix: networkPrefix(first.ip),
    uaHash: hashUserAgent(first.userAgent),
  });
  await deps.sessions.start({ uid, sid, signedInAt: at, at, build: () => session });
  return { uid, sid };
};

/** Undefined when the call passed, the refusal's code otherwise. */
const refusal = async (call: Promise<unknown>): Promise<string | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
};

const THIEF = newDevice();

/** What the thief has: the ID token, the session's id and secret, the address and header; not the device's key. */
const attack = async (
  { gate, time }: World,
  who: { uid: string; sid: string },
  step: TraceStep,
  stolen: { secret: string; used: string },
) => {
  const { secret, used } = stolen;
  const forged = THIEF.prove({ project: PROJECT, functionId: CALL, data: {}, at: time.now, secret });
  const tries: [Policy, object][] = [
    [ordinary, {}],
    [ordinary, { _proof: forged }],
    [sensitive, {}],
    [sensitive, { _proof: forged }],
    // Overheard on the way, and played again.
    [sensitive, { _proof: used }],
  ];
  return Promise.all(
    tries.map(([policy, data]) =>
      refusal(authorize(gate, { id: CALL, policy, request: requestOf(who.uid, who.sid, step, data) })),
    ),
  );
};

describe(`${String(SESSIONS)} sessions of telephones, ${String(STEPS)} calls each, whose device proves its key`, () => {
  const lost: string[] = [];
  const replays = { tried: 0, passed: 0 };
  const seen = { networks: 0, countries: 0, headers: 0 };

  beforeAll(async () => {
    const all = world();
    for (let seed = 1; seed <= SESSIONS; seed += 1) {
      const device = newDevice();
      const [first, ...steps] = phoneTrace(seed, STEPS);
      const who = await start(all, seed, first!, device);
      let before = first!;
      for (const [index, step] of steps.entries()) {
        all.time.now += Math.round(step.afterMs);
        seen.networks += Number(placeOf(step.ip).asn !== placeOf(before.ip).asn);
        seen.countries += Number(placeOf(step.ip).country !== placeOf(before.ip).country);
        seen.headers += Number(step.userAgent !== before.userAgent);
        before = step;
        const policy = index % 4 === 3 ? sensitive : ordinary;
        const proof = device.prove({ project: PROJECT, functionId: CALL, data: {}, at: all.time.now });
        const call = { id: CALL, policy, request: requestOf(who.uid, who.sid, step, { _proof: proof }) };
        const refused = await refusal(authorize(all.gate, call));
        if (refused !== undefined) {
          lost.push(`seed ${String(seed)}, step ${String(index)}: ${refused}`);
          break;
        }
        if (policy !== sensitive) continue;
        const codes = await attack(all, who, step, { secret: device.secret, used: proof });
        replays.tried += codes.length;
        replays.passed += codes.filter((code) => code === undefined).length;
      }
    }
  }, 300_000);

  test("the traces do move: networks, countries and headers change by the thousand", () => {
    expect(seen.networks).toBeGreaterThan(3_000);
    expect(seen.countries).toBeGreaterThan(100);
    expect(seen.headers).toBeGreaterThan(500);
  });

  test("lose none by being refused or asked for a second factor; the goal is at most 0.1 %", () => {
    expect(lost).toEqual([]);
  });

  test("of the replays under a foreign key, without one, or with a proof overheard, none passes", () => {
    expect(replays.tried).toBeGreaterThan(5 * 3 * SESSIONS * 0.99);
    expect(replays.passed).toBe(0);
  });
});
