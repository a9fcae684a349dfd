import { randomBytes } from "node:crypto";
import type { CallableRequest } from "firebase-functions/v2/https";
import { z } from "zod";
import { config } from "../config.js";
import type { SecurityEvent } from "../kernel/event.js";
import { HOUR, MINUTE } from "../kernel/time.js";
import type { Policy } from "./api.js";
import { newDevice, type ProvenCall } from "./device.fixture.js";
import { authorize, type Gate } from "./gate.js";
import type { SeenElsewhere, StepUpRequest } from "./gate-ports.js";
import { memoryNonceStore } from "./nonce-store.js";
import { memoryPermitStore } from "./permit-store.js";
import { rateLimiter } from "./rate-limit.js";
import { requestError } from "./errors.js";
import { sessionCache } from "./session-cache.js";
import { withoutApproval, type SessionReader } from "./session-store.js";
import type { Session } from "./session.js";
import { hashUserAgent } from "./surroundings.js";

export const START = Date.UTC(2026, 0, 1);
export const SID = "a-session-id-of-22-sig";
export const PROJECT = "demo-gate";
export const CALL = "test-thing-do";
export const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

export const row: Policy = {
  summary: "A call.",
  session: "strict",
  limit: { permits: 100, perMs: MINUTE, by: "account", store: "shared", whenDown: "refuse" },
  input: z.strictObject({ name: z.string().max(5) }),
  output: z.strictObject({}),
};

export const liveSession = (over: Partial<Session> = {}): Session => ({
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
  uaHash: hashUserAgent(FIREFOX),
  country: "NO",
  asn: 1,
  ...over,
});

/** What a call is made of, where it is not the usual. */
export interface Over {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly uid?: string;
  readonly sid?: string | undefined;
  readonly signedIn?: boolean;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly tenant?: string;
  readonly via?: unknown;
  /** Goes along as `_proof`. Absent: the device's own, when the session is bound. */
  readonly proof?: unknown;
}

/** A gate on memory stores, with one session, the clock moved by hand, and everything it asked for in reach. */
export const gateWorld = (session: Partial<Session> = {}) => {
  const device = newDevice();
  const world = {
    now: START,
    device,
    stored: liveSession(session) as Session | undefined,
    touched: 0,
    methods: ["totp", "backup-code"] as readonly string[],
    told: [] as SecurityEvent[],
    seen: [] as SeenElsewhere[],
    stolen: [] as object[],
    raises: [] as StepUpRequest[],
    spent: [] as string[],
  };
  const clock = () => world.now;
  const reader: SessionReader = {
    find: async () => world.stored,
    touch: async () => void (world.touched += 1),
    spendApproval: async (_sid, scope, transaction, now) => {
      const stepUp = withoutApproval(world.stored, { scope, transaction, now });
      if (stepUp === undefined || world.stored === undefined) return false;
      world.stored = { ...world.stored, stepUp };
      return true;
    },
  };
  const nonces = memoryNonceStore();
  const gate: Gate = {
    reader,
    clock,
    sessions: sessionCache({ reader, clock }, { cacheMs: config.session.cacheMs, entries: 10 }),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock }),
    nonces: { spend: (key, until) => (world.spent.push(key), nonces.spend(key, until)) },
    projectId: () => PROJECT,
    ports: () => ({
      record: async (event) => void world.told.push(event),
      methods: async () => world.methods,
      stepUp: async (request) => {
        const { session: before, proof, scope, transaction } = request;
        world.raises.push(request);
        if (proof.method !== "totp" || proof.code !== "123456") throw new Error("wrong code");
        const mark = { at: world.now, ...(transaction !== undefined && { transaction }) };
        world.stored = {
          ...before,
          aal: 2,
          amr: [...before.amr, "otp", "mfa"],
          stepUp: { ...before.stepUp, [scope]: mark },
          stepUpRequired: false,
        };
        return world.stored;
      },
      observe: async (seen) => {
        world.seen.push(seen);
        if (seen.userAgent === "stolen") throw requestError("session-revoked");
        return world.stored ?? seen.session;
      },
      sessionStolen: async (seen) => void world.stolen.push(seen),
    }),
  };
  const prove = (data: unknown, over: Partial<ProvenCall> = {}) =>
    device.prove({ project: PROJECT, functionId: CALL, data, at: world.now, ...over });
  const call = (policy: Partial<Policy> = {}, over: Over = {}) => {
    const data = over.data ?? { name: "Ann" };
    const bound = world.stored?.jkt !== undefined;
    const proof = "proof" in over ? over.proof : bound ? prove(data) : undefined;
    const request = requestOf({ ...over, data: proof === undefined ? data : { ...data, _proof: proof } });
    return authorize(gate, { id: CALL, policy: { ...row, ...policy }, request });
  };
  return { world, gate, call, prove, bind: () => bindTo(device) };
};

/** What binds a session to the device. */
export const bindTo = (device: ReturnType<typeof newDevice>): Partial<Session> => ({
  jkt: device.jkt,
  secret: { hash: device.secretHash, rotatedAt: START },
});

export const freshId = (): string => randomBytes(16).toString("base64url");

const requestOf = (over: Over): CallableRequest =>
  ({
    data: over.data,
    rawRequest: {
      headers: { "x-forwarded-for": over.ip ?? "203.0.113.7", "user-agent": over.userAgent ?? FIREFOX },
      ip: "10.0.0.1",
    },
    ...(over.signedIn !== false && {
      auth: {
        uid: over.uid ?? "ann",
        token: {
          sid: "sid" in over ? over.sid : SID,
          auth_time: START / 1000,
          ...("via" in over && { via: over.via }),
          firebase: { sign_in_provider: "password", ...(over.tenant !== undefined && { tenant: over.tenant }) },
        },
      },
    }),
  }) as unknown as CallableRequest;
