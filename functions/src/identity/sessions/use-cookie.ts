import { config } from "../../config.js";
import { SECOND, type EpochMs } from "../../kernel/time.js";
import { hashSecret } from "../../platform/rotating-secret.js";
import { sessionLimits } from "../../platform/session-limits.js";
import { sessionFault, type Assurance, type Session } from "../../platform/session.js";
import type { IdentityDeps } from "../deps.js";
import { judgeCookie, type JudgedCookie } from "./cookie-secret.js";
import { endCopied } from "./end-stolen.js";
import { endSession } from "./revoke-sessions.js";
import type { SessionStep, StoredSession } from "./session-store.js";

/** The one cookie that Firebase Hosting hands on: https://firebase.google.com/docs/hosting/manage-cache#using_cookies */
export const COOKIE = "__session";

/** Who a cookie stands for. A cookie can be copied: good for showing pages, never for what needs a proof. */
export interface CookiePerson {
  readonly uid: string;
  readonly sid: string;
  readonly aal: Assurance;
  readonly roles: readonly string[];
  readonly expiresAt: EpochMs;
  /** True: show nothing but the way to a second factor. */
  readonly stepUpRequired: boolean;
}

type Deps = Pick<IdentityDeps, "sessions" | "record" | "notify" | "clock" | "random">;

/** Gives the session a cookie, in place of the one it may have: the value of `Set-Cookie`. Undefined when it has ended. */
export const giveCookie = (deps: Deps, sid: string): Promise<string | undefined> => {
  const now = deps.clock();
  const secret = drawSecret(deps);
  return deps.sessions.change(sid, now, (session) => ({
    answer: setCookie(session, secret, now),
    next: { cookie: { hash: hashSecret(secret), rotatedAt: now } },
  }));
};

/**
 * Who the cookie stands for, and the cookie to set in its place when its secret was due. Reading keeps the session from going
 * idle, with at most one write a minute. A secret that was replaced long ago ends the session.
 *
 * @param cookie the cookie's value; anything at all may be given
 */
export const readCookie = async (
  deps: Deps,
  cookie: string,
  seen: { ip: string; userAgent: string } = UNSEEN,
): Promise<{ person: CookiePerson; setCookie?: string } | undefined> => {
  const parts = takeApart(cookie);
  if (parts === undefined) return undefined;
  const now = deps.clock();
  const fresh = drawSecret(deps);
  const read = await deps.sessions.change(parts.sid, now, (session) =>
    judge(session, { shown: hashSecret(parts.secret), fresh: hashSecret(fresh), now }),
  );
  if (read?.judged.verdict === "stolen") await endCopied(deps, { session: read.session, ...seen });
  if (read?.judged.verdict !== "good") return undefined;
  const person = personOf(read.session);
  return read.judged.issued ? { person, setCookie: setCookie(read.session, fresh, now) } : { person };
};

/** Ends the cookie's session. Nothing happens without a good cookie: a copy that was replaced must not end it either. */
export const endByCookie = async (deps: Deps, cookie: string): Promise<void> => {
  const read = await readCookie(deps, cookie);
  if (read === undefined) return;
  const { uid, sid } = read.person;
  const session = await deps.sessions.find(sid);
  if (session !== undefined) await endSession(deps, { uid, session });
};

/** A value of `Set-Cookie` that takes the cookie away. */
export const CLEARED = `${COOKIE}=; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=0`;

// Only the app's server was seen, which speaks for everybody.
const UNSEEN = { ip: "0.0.0.0", userAgent: "" };

const takeApart = (cookie: string): { sid: string; secret: string } | undefined => {
  const [, sid, secret] = /^([\w-]{22})\.([\w-]{43})$/.exec(cookie) ?? [];
  return sid === undefined || secret === undefined ? undefined : { sid, secret };
};

const drawSecret = ({ random }: Deps): string => Buffer.from(random(32)).toString("base64url");

// SameSite=Lax: a link from elsewhere finds the person signed in, a form or a frame from elsewhere does not.
const setCookie = (session: Session, secret: string, now: EpochMs): string => {
  const seconds = Math.max(0, Math.floor((session.absoluteExpiresAt - now) / SECOND));
  return `${COOKIE}=${session.sid}.${secret}; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=${String(seconds)}`;
};

const judge = (
  session: StoredSession,
  by: { shown: string; fresh: string; now: EpochMs },
): SessionStep<{ session: StoredSession; judged: JudgedCookie }> => {
  const { now } = by;
  const { cookieRotateMs: rotateMs, secretGraceMs: graceMs, heartbeatMs } = config.session;
  const { idleMs, absoluteMs } = sessionLimits(session.roles);
  const isOver = now - session.startedAt >= absoluteMs || now - session.lastSeenAt >= idleMs;
  if (session.cookie === undefined || isOver || sessionFault(session, session.uid, now) !== undefined)
    return { answer: { session, judged: { verdict: "unknown", issued: false } } };
  const judged = judgeCookie(session.cookie, by.shown, { ...by, rotateMs, graceMs });
  if (judged.verdict !== "good") return { answer: { session, judged } };
  const isDue = now - session.lastSeenAt >= heartbeatMs;
  const next = {
    ...(judged.next !== undefined && { cookie: judged.next }),
    ...(isDue && { lastSeenAt: now, idleExpiresAt: Math.min(now + idleMs, session.absoluteExpiresAt) }),
  };
  return { answer: { session, judged }, ...(Object.keys(next).length > 0 && { next }) };
};

const personOf = ({ uid, sid, aal, roles, absoluteExpiresAt, stepUpRequired }: Session): CookiePerson => ({
  uid,
  sid,
  aal,
  roles,
  expiresAt: absoluteExpiresAt,
  stepUpRequired,
});
