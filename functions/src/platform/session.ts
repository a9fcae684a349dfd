import type { EpochMs } from "../kernel/time.js";

/** Authenticator assurance reached in this session: NIST SP 800-63B-4 AAL1, AAL2 or AAL3. */
export type Assurance = 1 | 2 | 3;

/** A guarded action's name, such as `privacy.erase`. A step-up counts for one scope, or for `any`. */
export type Scope = string;

/**
 * The document `secSessions/{sid}`: the truth about a sign-in. The token only carries `sid`.
 * Identity writes it; the gate and the rules read it. Times are epoch milliseconds.
 */
export interface Session {
  readonly sid: string;
  readonly uid: string;
  readonly aal: Assurance;
  /** Authentication methods used, RFC 8176: `pwd`, `otp`, `hwk`, `swk`, `sms` … and `backup`. */
  readonly amr: readonly string[];
  readonly roles: readonly string[];
  readonly startedAt: EpochMs;
  readonly absoluteExpiresAt: EpochMs;
  readonly idleExpiresAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  /** When the second factor was last shown; absent before that. */
  readonly mfaAt?: EpochMs;
  /** Step-up by scope: when it was done. */
  readonly stepUp: Readonly<Record<Scope, EpochMs>>;
  /** True while risk demands a second factor before anything else. */
  readonly stepUpRequired: boolean;
  /** Public names of what made the sign-in risky, for the person and the operator. */
  readonly riskReasons: readonly string[];
  readonly device: { readonly name: string; readonly browser: string; readonly os: string };
  readonly networkPrefix: string;
  readonly country: string;
  readonly asn: number;
  readonly revokedAt?: EpochMs;
}

/** Why a session does not count, or undefined when it is live. */
export const sessionFault = (
  session: Session | undefined,
  uid: string,
  now: EpochMs,
): "session-missing" | "session-revoked" | "session-expired" | undefined => {
  if (session?.uid !== uid) return "session-missing";
  if (session.revokedAt !== undefined) return "session-revoked";
  if (now >= session.absoluteExpiresAt || now >= session.idleExpiresAt) return "session-expired";
  return undefined;
};
