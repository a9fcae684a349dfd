import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { jwtVerify, SignJWT } from "jose";
import type { Policy } from "../../functions/src/platform/api.ts";
import type * as GateModule from "../../functions/src/platform/gate.ts";
import type { Gate } from "../../functions/src/platform/gate.ts";
import type * as NonceStore from "../../functions/src/platform/nonce-store.ts";
import type * as PermitStore from "../../functions/src/platform/permit-store.ts";
import type * as RateLimit from "../../functions/src/platform/rate-limit.ts";
import type * as SessionCache from "../../functions/src/platform/session-cache.ts";
import type { Session } from "../../functions/src/platform/session.ts";
import type * as Surroundings from "../../functions/src/platform/surroundings.ts";
import { lessIsBetter, type Metric } from "../harness/report.ts";
import { AGENT, newDevice } from "./device.ts";
import { latencies, type Latency } from "./latency.ts";

/** The built code, as it is deployed, typed by its source. */
const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));
const { authorize } = require("./platform/gate.js") as typeof GateModule;
const { memoryNonceStore } = require("./platform/nonce-store.js") as typeof NonceStore;
const { memoryPermitStore } = require("./platform/permit-store.js") as typeof PermitStore;
const { rateLimiter } = require("./platform/rate-limit.js") as typeof RateLimit;
const { sessionCache } = require("./platform/session-cache.js") as typeof SessionCache;
const { hashUserAgent } = require("./platform/surroundings.js") as typeof Surroundings;
const { identityApi } = require("./identity/api.js") as { identityApi: Record<string, Policy> };

const PROJECT = "demo-bench";
const SAMPLES = 3_000;
const PEER = "jose, an ID token (RS256)";

/** The gate's own time, p50 and p99: stores in memory, so that no network is in it. */
export const measureGate = async (): Promise<Record<string, Metric>> => {
  const device = boundSession();
  const gate = memoryGate(device.session);
  const call = (key: string, input: object) => {
    const row = identityApi[key];
    if (row === undefined) throw new Error(`there is no ${key}`);
    // The limiter works, but refuses nobody for measuring.
    const policy: Policy = { ...row, limit: { ...row.limit, permits: 1_000_000_000 } };
    const id = `identity-${key}`;
    // Proofs are made before the clock runs: they are the client's work.
    const requests = Array.from({ length: SAMPLES + 300 }, () => device.request(id, input));
    return { name: key, run: () => authorize(gate, { id, policy, request: requests.pop() ?? never() }) };
  };
  const ordinary = call("session-list", {});
  const sensitive = call("session-revokeothers", {});
  const times = await latencies([ordinary, sensitive, await idToken()], SAMPLES);
  const peer = times.get("peer") ?? never();
  return {
    ...figures("gate.ordinary", times.get(ordinary.name), peer),
    ...figures("gate.sensitive", times.get(sensitive.name), peer),
  };
};

const figures = (name: string, ours: Latency | undefined, peer: Latency): Record<string, Metric> => {
  const { p50, p99 } = ours ?? never();
  return {
    [`${name}.p50`]: lessIsBetter({ value: p50, unit: "ms", peer: PEER, peerValue: peer.p50 }),
    [`${name}.p99`]: lessIsBetter({ value: p99, unit: "ms", peer: PEER, peerValue: peer.p99 }),
  };
};

const never = (): never => {
  throw new Error("the benchmark lost count");
};

const memoryGate = (session: Session): Gate => {
  const clock = (): number => Date.now();
  const reader: Gate["reader"] = {
    find: () => Promise.resolve(session),
    touch: () => Promise.resolve(),
    spendApproval: () => Promise.resolve(false),
  };
  return {
    reader,
    clock,
    sessions: sessionCache({ reader, clock }, { cacheMs: 10_000, entries: 100 }),
    limiter: rateLimiter({ permits: memoryPermitStore(), clock }),
    nonces: memoryNonceStore(),
    projectId: () => PROJECT,
    ports: () => ({
      record: () => Promise.resolve(),
      stepUp: () => Promise.reject(new Error("no second factor here")),
      methods: () => Promise.resolve(["totp"]),
      observe: (seen) => Promise.resolve(seen.session),
      sessionStolen: () => Promise.resolve(),
    }),
  };
};

/** A bound session and the calls of its device. */
const boundSession = () => {
  const device = newDevice(PROJECT);
  const now = Date.now();
  const session: Session = {
    sid: randomBytes(16).toString("base64url"),
    uid: "bench",
    aal: 2,
    amr: ["pwd", "otp", "mfa"],
    roles: ["user"],
    startedAt: now,
    absoluteExpiresAt: now + 3_600_000,
    idleExpiresAt: now + 3_600_000,
    lastSeenAt: now + 3_600_000, // no heartbeat while it is measured
    stepUp: {},
    stepUpRequired: false,
    riskReasons: [],
    device: { name: "Laptop", browser: "Firefox", os: "Linux" },
    networkPrefix: "203.0.113.0/24",
    uaHash: hashUserAgent(AGENT),
    country: "DE",
    asn: 3320,
    jkt: device.jkt,
    secret: { hash: device.secretHash, rotatedAt: now },
  };
  return { session, request: (id: string, input: object) => device.request(id, input, session) };
};

/** What an endpoint without any gate still does: verify the ID token, here with its key at hand. */
const idToken = async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const issuer = `https://securetoken.google.com/${PROJECT}`;
  const token = await new SignJWT({ sub: "bench", auth_time: 1, firebase: { sign_in_provider: "password" } })
    .setProtectedHeader({ alg: "RS256", kid: "k" })
    .setIssuer(issuer)
    .setAudience(PROJECT)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { name: "peer", run: () => jwtVerify(token, publicKey, { issuer, audience: PROJECT, algorithms: ["RS256"] }) };
};
