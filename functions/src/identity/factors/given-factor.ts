import type { EventType, SecurityEvent } from "../../kernel/event.js";
import type { StepUpProof } from "../../platform/gate-ports.js";
import type { Scope, Session } from "../../platform/session.js";

/** A second factor as it was given, for what, and from where. */
export interface GivenFactor {
  readonly session: Session;
  readonly proof: StepUpProof;
  readonly scope: Scope;
  /** Hash of what is approved: the step-up counts once, and for nothing else. */
  readonly transaction?: string | undefined;
  /** The caller's address; without it the session's network is told. */
  readonly ip?: string | undefined;
}

/** What every event about a factor says of its session. */
export const tellFactor = (
  type: EventType,
  outcome: SecurityEvent["outcome"],
  { session, ip }: Pick<GivenFactor, "session" | "ip">,
): SecurityEvent => ({
  type,
  outcome,
  subject: session.uid,
  session: session.sid,
  ip: ip ?? session.networkPrefix.slice(0, session.networkPrefix.indexOf("/")),
  country: session.country,
  asn: session.asn,
});
