import type { SecurityEvent } from "../kernel/event.js";
import type { Assurance, Scope, Session } from "./session.js";

/** A second factor given along with a call. */
export type StepUpProof =
  | { readonly method: "totp" | "backup-code"; readonly code: string }
  /** `challenge` is the id that `identity-passkey-challenge` answered, `response` the browser's `AuthenticationResponseJSON`. */
  | { readonly method: "passkey"; readonly challenge: string; readonly response: unknown };

/** A second factor for one scope, or for one transaction of it. */
export interface StepUpRequest {
  readonly session: Session;
  readonly proof: StepUpProof;
  readonly scope: Scope;
  /** Hash of what is approved. */
  readonly transaction?: string;
  readonly ip: string;
}

/** A call from elsewhere than its session was last used. */
export interface SeenElsewhere {
  readonly session: Session;
  readonly ip: string;
  readonly userAgent: string;
  /** Whether the call was proven by the session's device key: a copied token is not. */
  readonly proven: boolean;
}

/** What the gate needs from domains above it. `index.ts` binds it, so that platform imports no domain. */
export interface GatePorts {
  readonly record: (event: SecurityEvent) => Promise<void>;
  /** Verifies the proof and raises the session, in effect at once. Throws identity's errors when it is refused. */
  readonly stepUp: (request: StepUpRequest) => Promise<Session>;
  /**
   * Second factors that the account can be asked for. Empty only when it has none at all: an account whose factors are
   * disabled or used up answers `recovery`, and stays guarded.
   */
  readonly methods: (uid: string) => Promise<readonly string[]>;
  /**
   * Judges a session that is used from elsewhere: answers it as it is from now on (moved on, or with a second factor demanded).
   *
   * @throws request/session-revoked when it was ended for it
   */
  readonly observe: (seen: SeenElsewhere) => Promise<Session>;
  /** Ends a session whose replaced secret was shown, and tells it. */
  readonly sessionStolen: (seen: Omit<SeenElsewhere, "proven">) => Promise<void>;
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
