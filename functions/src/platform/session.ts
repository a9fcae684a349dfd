import type { EpochMs } from "../kernel/time.js";

/** Authenticator assurance reached in this session: NIST SP 800-63B-4 AAL1, AAL2 or AAL3. */
export type Assurance = 1 | 2 | 3;

/** A guarded action's name, such as `privacy.erase`. A step-up counts for one scope, or for `any`. */
export type Scope = string;

/** A second factor given for a scope. */
export interface StepUpMark {
  readonly at: EpochMs;
  /** Hash of what was approved: good once, for exactly that. Absent: good for the scope as long as a step-up lasts. */
  readonly transaction?: string;
}

/** A secret as it is kept: SHA-256 in base64url, of the one in force and of the one before it. */
export interface RotatingHash {
  readonly hash: string;
  readonly rotatedAt: EpochMs;
  /** Good until `previousUntil`, for requests that were under way; shown later, it was stolen. */
  readonly previous?: string;
  readonly previousUntil?: EpochMs;
}

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
  /** Of the account's roles when they were copied here; it grows with every change of them. */
  readonly rolesEpoch?: number;
  readonly startedAt: EpochMs;
  readonly absoluteExpiresAt: EpochMs;
  readonly idleExpiresAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  /** When the second factor was last shown; absent before that. */
  readonly mfaAt?: EpochMs;
  /** Step-up by scope: when it was done, and for what. */
  readonly stepUp: Readonly<Record<Scope, StepUpMark>>;
  /** True while risk demands a second factor before anything else. */
  readonly stepUpRequired: boolean;
  /** Public names of what made the sign-in risky, for the person and the operator. */
  readonly riskReasons: readonly string[];
  readonly device: { readonly name: string; readonly browser: string; readonly os: string };
  readonly networkPrefix: string;
  /** The browser it was last used with: the first 22 characters of the user agent's hash (`hashUserAgent`). */
  readonly uaHash?: string;
  readonly country: string;
  readonly asn: number;
  /** Identity Platform tenant of the sign-in; the token of every call must be of the same one. */
  readonly tenant?: string;
  /** RFC 7638 thumbprint of the device key that every call must prove. Absent: unbound, and good for ordinary calls only. */
  readonly jkt?: string;
  /** The session secret, which the device rotates. */
  readonly secret?: RotatingHash;
  /** The secret in the `__session` cookie of a server-rendered app; absent where there is none. */
  readonly cookie?: RotatingHash;
  /** Whether the device was a trusted one when the session started. Says nothing of assurance. */
  readonly trustedDevice?: boolean;
  readonly revokedAt?: EpochMs;
  /** Of the document's shape. */
  readonly v?: number;
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
