import type { CallableRequest } from "firebase-functions/v2/https";
import { config } from "../config.js";
import { networkPrefix } from "../kernel/network.js";
import type { Clock } from "../kernel/time.js";
import type { Policy } from "./api.js";
import { callerAddress } from "./client-address.js";
import { requestError } from "./errors.js";
import type { GatePorts, StepUpProof } from "./gate-ports.js";
import { parseInput, splitProof } from "./input.js";
import type { RateLimiter } from "./rate-limit.js";
import { rolesAllow } from "./roles.js";
import type { SessionCache } from "./session-cache.js";
import type { SessionReader } from "./session-store.js";
import { sessionFault, type Session } from "./session.js";

/** Who calls, as the gate found it. */
export interface Caller {
  readonly uid: string;
  /** Session id drawn at sign-in; absent when the token was not made by a sign-in that Firekeep saw. */
  readonly sid?: string;
  /** The live session; absent only where the policy says `session: "none"`. */
  readonly session?: Session;
  readonly ip: string;
  readonly userAgent: string;
  readonly token: {
    readonly email?: string;
    readonly emailVerified: boolean;
    /** When the person last signed in, seconds. */
    readonly authTime: number;
    readonly signInProvider: string;
    readonly secondFactor?: string;
  };
}

export interface Gate {
  readonly sessions: SessionCache;
  readonly reader: SessionReader;
  readonly limiter: RateLimiter;
  readonly ports: () => GatePorts;
  readonly clock: Clock;
}

/** Decides whether the call may go on. Cheap refusals come first; nothing is trusted before its check. */
export const authorize = async (
  gate: Gate,
  call: { id: string; policy: Policy; request: CallableRequest },
): Promise<{ caller: Caller; input: unknown }> => {
  const { id, policy, request } = call;
  const anonymous = identify(request);
  const { data, proof } = splitProof(request.data);
  const live = policy.session === "none" ? undefined : await liveSession(gate, anonymous, policy.session);
  await gate.limiter(id, policy.limit, policy.limit.by === "account" ? anonymous.uid : networkPrefix(anonymous.ip));
  if (policy.permission !== undefined && !rolesAllow(live?.roles ?? [], policy.permission))
    throw requestError("forbidden");
  const input = parseInput(policy.input, data);
  const session = live === undefined ? undefined : await assure(gate, live, policy, proof);
  return { caller: session === undefined ? anonymous : { ...anonymous, session }, input };
};

// Only ids that Firekeep drew: anything else would be looked up as a path.
const SID = /^[\w-]{22}$/;

const identify = (request: CallableRequest): Caller => {
  if (request.auth === undefined) throw requestError("sign-in-required");
  const { uid, token } = request.auth;
  const sid: unknown = token["sid"];
  const secondFactor = token.firebase.sign_in_second_factor;
  return {
    uid,
    ...(typeof sid === "string" && SID.test(sid) && { sid }),
    ip: callerAddress(request),
    userAgent: (request.rawRequest.headers["user-agent"] ?? "").slice(0, 500),
    token: {
      ...(token.email !== undefined && { email: token.email }),
      emailVerified: token.email_verified === true,
      authTime: token.auth_time,
      signInProvider: token.firebase.sign_in_provider,
      ...(secondFactor !== undefined && { secondFactor }),
    },
  };
};

const liveSession = async (gate: Gate, caller: Caller, mode: "strict" | "cached"): Promise<Session> => {
  if (caller.sid === undefined) throw requestError("session-missing");
  const session = await gate.sessions.read(caller.sid, mode);
  const now = gate.clock();
  const fault = sessionFault(session, caller.uid, now);
  if (fault !== undefined || session === undefined) throw requestError(fault ?? "session-missing");
  if (now - session.lastSeenAt < config.session.heartbeatMs) return session;
  const idleExpiresAt = Math.min(now + config.session.idleMs, session.absoluteExpiresAt);
  await gate.reader.touch(session.sid, now, idleExpiresAt);
  gate.sessions.forget(session.sid);
  return { ...session, lastSeenAt: now, idleExpiresAt };
};

/** Raises the session by the proof that came along, then holds it against the policy. */
const assure = async (gate: Gate, live: Session, policy: Policy, proof: StepUpProof | undefined): Promise<Session> => {
  const scope = policy.stepUp ?? "any";
  const session = proof === undefined ? live : await gate.ports().stepUp({ session: live, proof, scope });
  if (proof !== undefined) gate.sessions.forget(session.sid);
  if (session.stepUpRequired && policy.whileStepUpRequired !== true) throw needed(scope, session);
  if (policy.assurance !== undefined && session.aal < policy.assurance) {
    throw requestError("assurance-too-low", { details: { needed: policy.assurance, has: session.aal } });
  }
  if (policy.stepUp === undefined || isFresh(session, policy.stepUp, gate.clock())) return session;
  if (await gate.ports().hasFactor(session.uid)) throw needed(policy.stepUp, session);
  // Without a second factor, a sign-in just made is the freshest proof there is.
  if (gate.clock() - session.startedAt < config.session.stepUpMs) return session;
  throw needed(policy.stepUp, session, ["sign-in"]);
};

const isFresh = (session: Session, scope: string, now: number): boolean => {
  const general = config.session.exactScopes.includes(scope) ? 0 : (session.stepUp["any"] ?? 0);
  const at = Math.max(session.stepUp[scope] ?? 0, general);
  return now - at < config.session.stepUpMs;
};

// The error names what is needed, so that a client can ask for it and call again.
const needed = (scope: string, session: Session, methods: readonly string[] = ["totp", "backup-code"]) =>
  requestError("step-up-required", { details: { scope, methods, reasons: session.riskReasons } });
