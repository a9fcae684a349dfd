import type { CallableRequest } from "firebase-functions/v2/https";
import { config } from "../config.js";
import { networkPrefix } from "../kernel/network.js";
import type { Clock } from "../kernel/time.js";
import type { Policy } from "./api.js";
import { assure, isElevated } from "./assure.js";
import { callerAddress } from "./client-address.js";
import type { DeviceProof, ProvenDevice } from "./device-proof.js";
import { requestError } from "./errors.js";
import type { GatePorts } from "./gate-ports.js";
import { parseInput, unpack } from "./input.js";
import type { NonceStore } from "./nonce-store.js";
import { holdDevice, holdSecret, readProof, spendProof } from "./prove-device.js";
import type { RateLimiter } from "./rate-limit.js";
import { rolesAllow } from "./roles.js";
import type { SessionCache } from "./session-cache.js";
import { sessionLimits } from "./session-limits.js";
import type { SessionReader } from "./session-store.js";
import { sessionFault, type Session } from "./session.js";
import { isSamePlace } from "./surroundings.js";

/** Whoever calls, signed in or not. */
export interface Visitor {
  readonly ip: string;
  readonly userAgent: string;
  /** The device key proven along with the call; absent when no proof came. */
  readonly device?: ProvenDevice;
}

/** Who calls, as the gate found it. */
export interface Caller extends Visitor {
  readonly uid: string;
  /** Session id drawn at sign-in; absent when the token was not made by a sign-in that Firekeep saw. */
  readonly sid?: string;
  /** The live session; absent only where the policy says `session: "none"`. */
  readonly session?: Session;
  readonly token: {
    readonly email?: string;
    readonly emailVerified: boolean;
    /** When the person last signed in, seconds. */
    readonly authTime: number;
    readonly signInProvider: string;
    /** Drawn into the token by the blocking function: Firebase calls a link by mail `password`, like a password. */
    readonly via?: "emailLink";
    readonly secondFactor?: string;
    /** Identity Platform tenant of the sign-in. */
    readonly tenant?: string;
  };
}

export interface Gate {
  readonly sessions: SessionCache;
  readonly reader: SessionReader;
  readonly limiter: RateLimiter;
  readonly nonces: NonceStore;
  readonly ports: () => GatePorts;
  readonly clock: Clock;
  /** Names the functions in proofs. */
  readonly projectId: () => string;
}

/** A call as it reaches the gate. */
export interface Call {
  /** The deployed function's id. */
  readonly id: string;
  readonly policy: Policy;
  readonly request: CallableRequest;
}

/**
 * Decides whether the call may go on. Cheap refusals come first, and nothing is written before session and device key are
 * judged: token, proof (no store asked), session, device, rate, place, role, input, secret and reuse, second factor.
 */
export const authorize = async (gate: Gate, call: Call): Promise<{ caller: Caller | Visitor; input: unknown }> => {
  const { policy, request } = call;
  if (policy.session === "public") return admitVisitor(gate, call);
  const anonymous = identify(request);
  const parcel = unpack(request.data);
  const proof = readProof(gate, call.id, parcel);
  const caller: Caller = { ...anonymous, ...deviceOf(proof) };
  if (policy.session === "none") return admitSignedIn(gate, call, { caller, proof, data: parcel.input });
  const found = await liveSession(gate, caller, isSensitive(policy) ? "strict" : policy.session);
  await holdDevice(gate, found, caller);
  await limit(gate, call, caller);
  const live = await observe(gate, found, caller);
  if (policy.permission !== undefined && !rolesAllow(live.roles, policy.permission)) throw requestError("forbidden");
  const input = parseInput(policy.input, parcel.input);
  if (policy.proof === true) await holdSecret(gate, live, { caller, proof, policy, input });
  const session = await assure(gate, live, { policy, input, stepUp: parcel.stepUp, ip: caller.ip });
  return { caller: { ...caller, session }, input };
};

// A copy of a session may be seconds old: what it opens must know of a role, a secret or a step-up that has gone since.
const isSensitive = ({ proof, stepUp, permission }: Policy): boolean =>
  proof === true || stepUp !== undefined || (permission !== undefined && isElevated(permission));

const admitVisitor = async (gate: Gate, call: Call): Promise<{ caller: Visitor; input: unknown }> => {
  const { input, proven, proof: given } = unpack(call.request.data);
  const proof = readProof(gate, call.id, { input, proven, proof: given });
  const visitor = { ...visit(call.request), ...deviceOf(proof) };
  await gate.limiter(call.id, call.policy.limit, networkPrefix(visitor.ip));
  // Nobody is there whose second factor it could be: the input has no such field.
  const parsed = parseInput(call.policy.input, proven);
  if (proof !== undefined) await spendProof(gate, proof);
  return { caller: visitor, input: parsed };
};

const admitSignedIn = async (
  gate: Gate,
  call: Call,
  { caller, proof, data }: { caller: Caller; proof: DeviceProof | undefined; data: unknown },
): Promise<{ caller: Caller; input: unknown }> => {
  await limit(gate, call, caller);
  const input = parseInput(call.policy.input, data);
  if (proof !== undefined) await spendProof(gate, proof);
  return { caller, input };
};

const limit = (gate: Gate, { id, policy }: Call, caller: Caller): Promise<void> =>
  gate.limiter(id, policy.limit, policy.limit.by === "account" ? caller.uid : networkPrefix(caller.ip));

const deviceOf = (proof: DeviceProof | undefined): { device?: ProvenDevice } => {
  if (proof === undefined) return {};
  const { jkt, secretHash } = proof;
  return { device: { jkt, ...(secretHash !== undefined && { secretHash }) } };
};

const visit = (request: CallableRequest): Visitor => ({
  ip: callerAddress(request),
  userAgent: (request.rawRequest.headers["user-agent"] ?? "").slice(0, 500),
});

// Only ids that Firekeep drew: anything else would be looked up as a path.
const SID = /^[\w-]{22}$/;

const identify = (request: CallableRequest): Caller => {
  if (request.auth === undefined) throw requestError("sign-in-required");
  const { uid, token } = request.auth;
  const sid: unknown = token["sid"];
  const { sign_in_second_factor: secondFactor, tenant } = token.firebase;
  return {
    uid,
    ...(typeof sid === "string" && SID.test(sid) && { sid }),
    ...visit(request),
    token: {
      ...(token.email !== undefined && { email: token.email }),
      emailVerified: token.email_verified === true,
      authTime: token.auth_time,
      signInProvider: token.firebase.sign_in_provider,
      ...(token["via"] === "emailLink" && { via: "emailLink" }),
      ...(secondFactor !== undefined && { secondFactor }),
      ...(tenant !== undefined && { tenant }),
    },
  };
};

const liveSession = async (gate: Gate, caller: Caller, mode: "strict" | "cached"): Promise<Session> => {
  if (caller.sid === undefined) throw requestError("session-missing");
  const session = await gate.sessions.read(caller.sid, mode);
  const now = gate.clock();
  const fault = sessionFault(session, caller.uid, now);
  if (fault !== undefined || session === undefined) throw requestError(fault ?? "session-missing");
  // A tenant is a project of its own: an account of one is nobody in another.
  if (session.tenant !== caller.token.tenant) throw requestError("session-missing");
  // Roles that came after the start bring their limits along.
  const { idleMs, absoluteMs } = sessionLimits(session.roles);
  if (now - session.startedAt >= absoluteMs || now - session.lastSeenAt >= idleMs)
    throw requestError("session-expired");
  return session;
};

/** Notes that the session is in use, at most once a minute, and has a call from elsewhere judged. */
const observe = async (gate: Gate, session: Session, caller: Caller): Promise<Session> => {
  const { ip, userAgent } = caller;
  if (isSamePlace(session, { ip, userAgent })) return heartbeat(gate, session);
  const proven = session.jkt !== undefined && caller.device?.jkt === session.jkt;
  gate.sessions.forget(session.sid);
  return heartbeat(gate, await gate.ports().observe({ session, ip, userAgent, proven }));
};

const heartbeat = async (gate: Gate, session: Session): Promise<Session> => {
  const now = gate.clock();
  if (now - session.lastSeenAt < config.session.heartbeatMs) return session;
  const idleExpiresAt = Math.min(now + sessionLimits(session.roles).idleMs, session.absoluteExpiresAt);
  await gate.reader.touch(session.sid, now, idleExpiresAt);
  gate.sessions.forget(session.sid);
  return { ...session, lastSeenAt: now, idleExpiresAt };
};
