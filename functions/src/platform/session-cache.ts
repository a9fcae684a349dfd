import type { Clock, EpochMs } from "../kernel/time.js";
import type { SessionReader } from "./session-store.js";
import type { Session } from "./session.js";

/** Reads sessions for the gate: `strict` always asks the store; `cached` may serve a copy up to `cacheMs` old. */
export interface SessionCache {
  read(sid: string, mode: "strict" | "cached"): Promise<Session | undefined>;
  forget(sid: string): void;
}

export const sessionCache = (
  deps: { reader: SessionReader; clock: Clock },
  limits: { cacheMs: number; entries: number },
): SessionCache => {
  const copies = new Map<string, { session: Session; at: EpochMs }>();
  return {
    read: async (sid, mode) => {
      const copy = copies.get(sid);
      if (mode === "cached" && copy !== undefined && deps.clock() - copy.at < limits.cacheMs) return copy.session;
      const session = await deps.reader.find(sid);
      copies.delete(sid);
      if (session !== undefined) copies.set(sid, { session, at: deps.clock() });
      if (copies.size > limits.entries) copies.delete(copies.keys().next().value ?? sid);
      return session;
    },
    forget: (sid) => void copies.delete(sid),
  };
};
