import type { SecurityEvent } from "../kernel/event.js";
import type { Assurance, Scope, Session } from "./session.js";

/** A second factor given along with a call. */
export interface StepUpProof {
  readonly method: "totp" | "backup-code";
  readonly code: string;
}

/** What the gate needs from domains above it. `index.ts` binds it, so that platform imports no domain. */
export interface GatePorts {
  readonly record: (event: SecurityEvent) => Promise<void>;
  /** Verifies the proof and raises the session, in effect at once. Throws identity's errors when it is refused. */
  readonly stepUp: (request: { session: Session; proof: StepUpProof; scope: Scope }) => Promise<Session>;
  /** Whether the account has a second factor it can be asked for. */
  readonly hasFactor: (uid: string) => Promise<boolean>;
}

let bound: GatePorts | undefined;

/** Called once, by `index.ts` (or by a test's own composition). */
export const bindGate = (ports: GatePorts): void => {
  bound = ports;
};

export const gatePorts = (): GatePorts => {
  if (bound === undefined) throw new TypeError("the gate has no ports: index.ts must call bindGate first");
  return bound;
};

export type { Assurance };
