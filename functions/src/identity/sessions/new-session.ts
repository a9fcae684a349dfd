import type { Verdict } from "../../detection/index.js";
import type { EpochMs } from "../../kernel/time.js";
import { sessionLimits } from "../../platform/session-limits.js";
import { hashUserAgent } from "../../platform/surroundings.js";
import { SESSION_VERSION, type Account, type StoredSession } from "./session-store.js";
import type { SignIn } from "./sign-in.js";

/** The document that a sign-in gets. Pure. */
export const newSession = (from: {
  signIn: SignIn;
  jkt: string | undefined;
  account: Account;
  verdict: Verdict;
  stepUpRequired: boolean;
  trusted: boolean;
  now: EpochMs;
}): StoredSession => {
  const { signIn, jkt, account, verdict, now } = from;
  const limits = sessionLimits(account.roles);
  const absoluteExpiresAt = now + limits.absoluteMs;
  return {
    v: SESSION_VERSION,
    sid: signIn.sid,
    uid: signIn.uid,
    aal: signIn.assurance,
    amr: signIn.amr,
    roles: account.roles,
    rolesEpoch: account.rolesEpoch,
    startedAt: now,
    absoluteExpiresAt,
    idleExpiresAt: Math.min(now + limits.idleMs, absoluteExpiresAt),
    lastSeenAt: now,
    ...(signIn.assurance > 1 && { mfaAt: now }),
    stepUp: {},
    stepUpRequired: from.stepUpRequired,
    riskReasons: reasonsOf(verdict),
    device: { name: signIn.device.name, browser: verdict.browser, os: verdict.os },
    networkPrefix: verdict.networkPrefix,
    country: verdict.country,
    asn: verdict.asn,
    uaHash: hashUserAgent(signIn.visitor.userAgent),
    ...(signIn.tenant !== undefined && { tenant: signIn.tenant }),
    ...(jkt !== undefined && { jkt }),
    ...(signIn.binding !== undefined && { secret: { hash: signIn.binding.secretHash, rotatedAt: now } }),
    ...(from.trusted && { trustedDevice: true }),
    decisionId: verdict.decisionId,
  };
};

/** Public names of what made the sign-in risky, the weightiest first; empty when it was not. */
export const reasonsOf = (verdict: Verdict): string[] => (verdict.action === "allow" ? [] : signsOf(verdict));

/** Public names of what spoke against the sign-in, risky or not, the weightiest first. */
export const signsOf = ({ contributions }: Verdict): string[] =>
  contributions
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ name }) => name);
