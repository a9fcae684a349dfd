import { config } from "../../config.js";
import type { Caller } from "../../platform/secure-call.js";
import { requestError } from "../../platform/errors.js";
import type { Session } from "../../platform/session.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";

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
export const endSession = async (
  deps: Pick<IdentityDeps, "sessions" | "record" | "clock">,
  caller: Pick<Caller, "uid" | "session">,
): Promise<{ ended: true }> => {
  const { sid } = sessionOf(caller);
  await deps.sessions.revoke(sid, { uid: caller.uid, at: deps.clock(), because: "sign-out" });
  await deps.record({ type: identityEvent["session-ended"], outcome: "success", subject: caller.uid, session: sid });
  return { ended: true };
};

/** Ends every session of the caller, this one and Firebase's refresh tokens included. */
export const revokeEvery = async (
  deps: Deps & Pick<IdentityDeps, "directory" | "devices">,
  caller: Caller,
): Promise<{ revoked: number }> => ({ revoked: await revokeAll(deps, caller.uid, "owner") });

/** Ends every session, Firebase's refresh tokens and the trust in devices included. */
export const revokeAll = async (
  deps: Deps & Pick<IdentityDeps, "directory" | "devices">,
  uid: string,
  reason: string,
): Promise<number> => {
  const revoked = await endAll(deps, uid, reason);
  await tellMany(deps, uid, reason, revoked);
  return revoked;
};

/** As `revokeAll`, without the event: that is the caller's. */
export const endAll = async (
  deps: Pick<IdentityDeps, "sessions" | "directory" | "devices" | "clock">,
  uid: string,
  reason: string,
): Promise<number> => {
  const ended = await deps.sessions.signOut(uid, { at: deps.clock(), because: reason });
  await Promise.all([deps.directory.revokeTokens(uid), deps.devices.distrustAll(uid)]);
  return ended;
};

/** Ends the account's oldest sessions when it has more than `config.session.maxLive`. `started` stays, whatever its clock says. */
export const replaceOldest = async (deps: Deps & Pick<IdentityDeps, "notify">, started: Session): Promise<void> => {
  const at = deps.clock();
  const live = await deps.sessions.listLive(started.uid, at);
  const others = live.filter(({ sid }) => sid !== started.sid).sort((a, b) => b.startedAt - a.startedAt);
  for (const { sid, uid, device, country } of others.slice(config.session.maxLive - 1)) {
    if (!(await deps.sessions.revoke(sid, { uid, at, because: "replaced" }))) continue;
    const event = { type: identityEvent["session-revoked"], outcome: "success", actor: "system" } as const;
    await deps.record({ ...event, subject: uid, session: sid, detail: { reason: "replaced" } });
    const facts = { device: device.name, browser: device.browser, os: device.os, country };
    await deps.notify({ id: `session-replaced-${sid}`, uid, kind: "session-replaced", sid: started.sid, facts });
  }
};

const tellMany = (deps: Deps, uid: string, reason: string, count: number): Promise<void> =>
  deps.record({
    type: identityEvent["session-revoked"],
    outcome: "success",
    subject: uid,
    detail: { reason, count },
  });

/** The caller's session, where the policy asked for one. */
export const sessionOf = (caller: Pick<Caller, "session">): Session => {
  if (caller.session === undefined) throw requestError("session-missing");
  return caller.session;
};
