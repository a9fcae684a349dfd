import type { EpochMs } from "../kernel/time.js";
import type { Session } from "./session.js";

/** What the gate needs of sessions. Identity has the writing side. */
export interface SessionReader {
  /** The session as it is now. */
  find(sid: string): Promise<Session | undefined>;
  /** Moves `lastSeenAt` and `idleExpiresAt`; does nothing to a revoked session. */
  touch(sid: string, at: EpochMs, idleExpiresAt: EpochMs): Promise<void>;
}

export const SESSIONS = "secSessions";
