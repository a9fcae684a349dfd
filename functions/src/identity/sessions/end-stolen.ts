import type { EventType } from "../../kernel/event.js";
import type { Session } from "../../platform/session.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";

type Deps = Pick<IdentityDeps, "sessions" | "record" | "notify" | "clock">;

/** A call of a session, as the gate saw it. */
export interface SeenCall {
  readonly session: Session;
  readonly ip: string;
  readonly userAgent: string;
}

/**
 * Ends a session of whose secret somebody holds a copy: the one before the last was shown, long after the device went over.
 * Which of the two is the thief cannot be told, so both are out. The proof was good, so the key was copied too: no device of
 * the account is trusted any more.
 */
export const endStolen = async (deps: Deps & Pick<IdentityDeps, "devices">, seen: SeenCall): Promise<void> => {
  await endSuspect(deps, seen, STOLEN);
  await deps.devices.distrustAll(seen.session.uid);
};

/** Ends a session of whose cookie somebody holds a copy. No key was needed for that. */
export const endCopied = (deps: Deps, seen: SeenCall): Promise<void> => endSuspect(deps, seen, STOLEN);

const STOLEN = { because: "stolen", type: identityEvent["session-stolen"] };

/** Ends a session for suspicion, once: event and notice come from whoever ended it. */
export const endSuspect = async (
  deps: Deps,
  { session, ip, userAgent }: SeenCall,
  why: { because: string; type: EventType; score?: number; changes?: readonly string[] },
): Promise<void> => {
  const { sid, uid, device, country } = session;
  if (!(await deps.sessions.revoke(sid, { uid, at: deps.clock(), because: why.because }))) return;
  await deps.record({
    type: why.type,
    outcome: "failure",
    subject: uid,
    session: sid,
    ip,
    userAgent,
    detail: {
      ...(why.score !== undefined && { score: why.score }),
      ...(why.changes !== undefined && { changes: why.changes }),
    },
  });
  const facts = { device: device.name, browser: device.browser, os: device.os, country };
  await deps.notify({ id: `session-stolen-${sid}`, uid, kind: "session-stolen", facts });
};
