import type { Caller } from "../platform/secure-call.js";
import { requestError } from "../platform/errors.js";
import type { Session } from "../platform/session.js";
import type { IdentityDeps } from "./deps.js";
import { identityError } from "./errors.js";
import { identityEvent } from "./events.js";

type Deps = Pick<IdentityDeps, "sessions" | "record" | "clock">;

/** Ends one of the caller's own sessions. */
export const revokeOne = async (deps: Deps, caller: Caller, sid: string): Promise<{ revoked: true }> => {
  const ended = await deps.sessions.revoke(sid, { uid: caller.uid, at: deps.clock(), because: "owner" });
  if (!ended) throw identityError("session-unknown");
  await deps.record({
    type: identityEvent["session-revoked"],
    outcome: "success",
    subject: caller.uid,
    session: sid,
    detail: { reason: "owner" },
  });
  return { revoked: true };
};

/** Ends all of the caller's sessions but the one that asks. Firebase cannot revoke part of an account's tokens: sessions can. */
export const revokeOthers = async (deps: Deps, caller: Caller): Promise<{ revoked: number }> => {
  const { sid } = sessionOf(caller);
  const revoked = await deps.sessions.signOut(caller.uid, { at: deps.clock(), because: "owner", except: sid });
  await tellMany(deps, caller.uid, "owner", revoked);
  return { revoked };
};

/** Signs out: ends the session that asks. */
export const endSession = async (deps: Deps, caller: Caller): Promise<{ ended: true }> => {
  const { sid } = sessionOf(caller);
  await deps.sessions.revoke(sid, { uid: caller.uid, at: deps.clock(), because: "sign-out" });
  await deps.record({ type: identityEvent["session-ended"], outcome: "success", subject: caller.uid, session: sid });
  return { ended: true };
};

/** Ends every session, Firebase's refresh tokens included. */
export const revokeAll = async (
  deps: Deps & Pick<IdentityDeps, "directory">,
  uid: string,
  reason: string,
): Promise<number> => {
  const revoked = await deps.sessions.signOut(uid, { at: deps.clock(), because: reason });
  await deps.directory.revokeTokens(uid);
  await tellMany(deps, uid, reason, revoked);
  return revoked;
};

const tellMany = (deps: Deps, uid: string, reason: string, count: number): Promise<void> =>
  deps.record({
    type: identityEvent["session-revoked"],
    outcome: "success",
    subject: uid,
    detail: { reason, count },
  });

/** The caller's session, where the policy asked for one. */
export const sessionOf = (caller: Caller): Session => {
  if (caller.session === undefined) throw requestError("session-missing");
  return caller.session;
};
