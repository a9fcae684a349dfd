import type { Caller } from "../platform/secure-call.js";
import type { IdentityDeps } from "./deps.js";
import { isTotpDisabled, type Factors } from "./factors.js";
import { sessionOf } from "./revoke-sessions.js";
import { newAccount } from "./session-store.js";

/** What the account's owner may know of its security: settings, roles, second factors, this session. No secret is in it. */
export const readSecurity = async (deps: Pick<IdentityDeps, "sessions" | "factors">, caller: Caller) => {
  const session = sessionOf(caller);
  const [account, factors] = await Promise.all([deps.sessions.account(caller.uid), deps.factors.find(caller.uid)]);
  const { loginNotifications, createdAt, roles } = account ?? newAccount(session.startedAt);
  return {
    settings: { mfaEnabled: factors?.totp !== undefined, loginNotifications, createdAt },
    roles: [...roles],
    factors: describeFactors(factors),
    session: {
      sid: session.sid,
      assurance: session.aal,
      stepUpRequired: session.stepUpRequired,
      reasons: [...session.riskReasons],
      expiresAt: session.absoluteExpiresAt,
    },
  };
};

/** The caller's live sessions, the newest first. */
export const listSessions = async (deps: Pick<IdentityDeps, "sessions" | "clock">, caller: Caller) => {
  const live = await deps.sessions.listLive(caller.uid, deps.clock());
  const sessions = live.map((session) => ({
    sid: session.sid,
    current: session.sid === caller.sid,
    assurance: session.aal,
    startedAt: session.startedAt,
    lastSeenAt: session.lastSeenAt,
    expiresAt: session.absoluteExpiresAt,
    device: session.device,
    networkPrefix: session.networkPrefix,
    country: session.country,
    riskReasons: [...session.riskReasons],
  }));
  return { sessions: sessions.sort((a, b) => b.startedAt - a.startedAt) };
};

const describeFactors = (factors: Factors | undefined) => ({
  totp: factors?.totp === undefined ? null : { enrolledAt: factors.totp.enrolledAt, disabled: isTotpDisabled(factors) },
  backupCodes:
    factors?.backup === undefined
      ? null
      : { remaining: factors.backup.hashes.length, createdAt: factors.backup.createdAt },
});
