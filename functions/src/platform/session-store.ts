import { config } from "../config.js";
import type { EpochMs } from "../kernel/time.js";
import type { Scope, Session } from "./session.js";

/** What the gate needs of sessions. Identity has the writing side. */
export interface SessionReader {
  /** The session as it is now. */
  find(sid: string): Promise<Session | undefined>;
  /** Moves `lastSeenAt` and `idleExpiresAt`; does nothing to a revoked session. */
  touch(sid: string, at: EpochMs, idleExpiresAt: EpochMs): Promise<void>;
  /** Uses up a step-up for one transaction. Of all that try, one gets true; false when there is none, or it is too old. */
  spendApproval(sid: string, scope: Scope, transaction: string, now: EpochMs): Promise<boolean>;
}

/** The session's marks without this approval; undefined when it is not there, or too old. */
export const withoutApproval = (
  session: Session | undefined,
  by: { scope: Scope; transaction: string; now: EpochMs },
): Session["stepUp"] | undefined => {
  const { [by.scope]: mark, ...rest } = session?.stepUp ?? {};
  if (session?.revokedAt !== undefined || mark?.transaction !== by.transaction) return undefined;
  return by.now - mark.at < config.session.stepUpMs ? rest : undefined;
};

export const SESSIONS = "secSessions";
