import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";

/** The caller's live sessions, the newest first. */
export const listSessions = async (deps: Pick<IdentityDeps, "sessions" | "clock">, caller: Caller) => {
  const live = await deps.sessions.listLive(caller.uid, deps.clock());
  const sessions = live.map((session) => ({
    sid: session.sid,
    current: session.sid === caller.sid,
    assurance: session.aal,
    startedAt: session.startedAt,
    lastSeenAt: session.lastSeenAt,
    idleExpiresAt: session.idleExpiresAt,
    expiresAt: session.absoluteExpiresAt,
    device: session.device,
    bound: session.jkt !== undefined,
    trusted: session.trustedDevice === true,
    stepUpRequired: session.stepUpRequired,
    networkPrefix: session.networkPrefix,
    country: session.country,
    riskReasons: [...session.riskReasons],
  }));
  return { sessions: sessions.sort((a, b) => b.startedAt - a.startedAt) };
};

/** Gives one of the caller's live sessions another name. @throws identity/session-unknown */
export const renameSession = async (
  deps: Pick<IdentityDeps, "sessions" | "clock">,
  caller: Caller,
  { sid, name }: { sid: string; name: string },
): Promise<{ renamed: true }> => {
  const renamed = await deps.sessions.change(sid, deps.clock(), (session) =>
    session.uid === caller.uid ? { answer: true, next: { device: { ...session.device, name } } } : { answer: false },
  );
  if (renamed !== true) throw identityError("session-unknown");
  return { renamed };
};
