import { config } from "../config.js";
import type { Verdict } from "../detection/index.js";
import type { SecurityEvent } from "../kernel/event.js";
import { networkPrefix } from "../kernel/network.js";
import { SECOND, type EpochMs } from "../kernel/time.js";
import type { Caller } from "../platform/secure-call.js";
import type { Assurance } from "../platform/session.js";
import { findBlock } from "./block-access.js";
import type { IdentityDeps } from "./deps.js";
import { identityError } from "./errors.js";
import { identityEvent } from "./events.js";
import { usableMethods, type Factors, type Method } from "./factors.js";
import { hasFactor } from "./factor-store.js";
import { learnFrom } from "./learn-sign-in.js";
import { newSession, reasonsOf } from "./new-session.js";
import { isLive, type Account, type StoredSession } from "./session-store.js";

export interface StartedSession {
  readonly sid: string;
  readonly expiresAt: EpochMs;
  readonly assurance: Assurance;
  readonly stepUpRequired: boolean;
  readonly reasons: string[];
  readonly methods: Method[];
}

/**
 * Makes the session of a sign-in. The sign-in must be fresh, so that an old stolen token starts nothing; its `sid` starts one
 * session ever, so that a revoked one does not come back; asking again answers the session that lives.
 */
export const startSession = async (
  deps: IdentityDeps,
  caller: Caller,
  device: { name: string },
): Promise<StartedSession> => {
  const { sid } = caller;
  const now = deps.clock();
  if (sid === undefined || now - signedInAt(caller) > config.session.startWithinMs)
    throw identityError("sign-in-stale");
  const known = await deps.sessions.find(sid);
  if (known !== undefined) return resume(deps, known, caller.uid, now);
  await refuseBarred(deps, caller, now);
  const [factors, verdict] = await Promise.all([
    deps.factors.find(caller.uid),
    deps.detection.assessSignIn({
      uid: caller.uid,
      ip: caller.ip,
      userAgent: caller.userAgent,
      deviceName: device.name,
      at: now,
    }),
  ]);
  if (verdict.action === "block") throw await refused(deps, caller, "risk", { reasons: reasonsOf(verdict), verdict });
  const build = (account: Account) => newSession({ sid, caller, device, account, factors, verdict, now });
  const started = await deps.sessions.start({ uid: caller.uid, sid, signedInAt: signedInAt(caller), at: now, build });
  if (started.outcome === "signed-out") throw identityError("sign-in-stale");
  if (started.outcome === "exists") return resume(deps, started.session, caller.uid, now);
  if (started.prepared)
    await deps.record({ ...about(caller, started.session), type: identityEvent["account-prepared"] });
  await deps.record(startedEvent(caller, started.session, verdict));
  if (verdict.action === "allow" || (hasFactor(factors) && !started.session.stepUpRequired))
    await learnFrom(deps, started.session);
  return answer(started.session, factors);
};

const signedInAt = (caller: Caller): EpochMs => caller.token.authTime * SECOND;

// Asked again, by a client that lost the answer: the session as it is, never a new one under the same id.
const resume = async (
  deps: IdentityDeps,
  session: StoredSession,
  uid: string,
  now: EpochMs,
): Promise<StartedSession> => {
  if (session.uid !== uid || !isLive(session, now)) throw identityError("session-taken");
  return answer(session, await deps.factors.find(uid));
};

const answer = (session: StoredSession, factors: Factors | undefined): StartedSession => ({
  sid: session.sid,
  expiresAt: session.absoluteExpiresAt,
  assurance: session.aal,
  stepUpRequired: session.stepUpRequired,
  reasons: [...session.riskReasons],
  methods: usableMethods(factors),
});

/** Blocks of ours, and what Firebase says of the account: the one place that asks whether the sign-in was revoked there. */
const refuseBarred = async (deps: IdentityDeps, caller: Caller, now: EpochMs): Promise<void> => {
  const [blocked, status] = await Promise.all([
    findBlock(deps, { uid: caller.uid, networkPrefix: networkPrefix(caller.ip) }, now),
    deps.directory.status(caller.uid),
  ]);
  if (blocked !== undefined) throw await refused(deps, caller, "blocked");
  if (status === undefined || status.disabled) throw await refused(deps, caller, "account-closed");
  if (signedInAt(caller) < status.tokensValidAfter) throw identityError("sign-in-stale");
};

const refused = async (
  deps: IdentityDeps,
  caller: Caller,
  cause: string,
  risk?: { reasons: string[]; verdict: Verdict },
) => {
  await deps.record({
    type: identityEvent["session-refused"],
    outcome: "failure",
    subject: caller.uid,
    ip: caller.ip,
    userAgent: caller.userAgent,
    ...(risk !== undefined && { country: risk.verdict.country, asn: risk.verdict.asn }),
    detail: { cause, ...(risk !== undefined && { reasons: risk.reasons, decision: risk.verdict.decisionId }) },
  });
  return identityError("sign-in-refused", { details: { reasons: risk?.reasons ?? [cause] } });
};

const about = (caller: Caller, session: StoredSession): Omit<SecurityEvent, "type"> => ({
  outcome: "success",
  subject: caller.uid,
  session: session.sid,
  ip: caller.ip,
  country: session.country,
  asn: session.asn,
  userAgent: caller.userAgent,
});

const startedEvent = (caller: Caller, session: StoredSession, verdict: Verdict): SecurityEvent => {
  const risky = session.riskReasons.length > 0;
  const name = session.stepUpRequired
    ? "session-challenged"
    : risky && session.aal === 1
      ? "session-risky"
      : "session-started";
  return {
    ...about(caller, session),
    type: identityEvent[name],
    detail: {
      provider: caller.token.signInProvider,
      decision: verdict.decisionId,
      ...(risky && { reasons: session.riskReasons }),
    },
  };
};
