import { config } from "../config.js";
import type { Verdict } from "../detection/index.js";
import type { EpochMs } from "../kernel/time.js";
import type { Caller } from "../platform/secure-call.js";
import { hasFactor } from "./factor-store.js";
import type { Factors } from "./factors.js";
import type { Account, StoredSession } from "./session-store.js";

/** The document that a sign-in gets. Pure. */
export const newSession = (from: {
  sid: string;
  caller: Caller;
  device: { name: string };
  account: Account;
  factors: Factors | undefined;
  verdict: Verdict;
  now: EpochMs;
}): StoredSession => {
  const { sid, caller, device, account, factors, verdict, now } = from;
  const { secondFactor } = caller.token;
  const second = secondFactor !== undefined;
  const absoluteExpiresAt = now + config.session.absoluteMs;
  return {
    sid,
    uid: caller.uid,
    aal: second ? 2 : 1,
    amr: second ? [firstFactor(caller), secondFactor === "phone" ? "sms" : "otp", "mfa"] : [firstFactor(caller)],
    roles: account.roles,
    startedAt: now,
    absoluteExpiresAt,
    idleExpiresAt: Math.min(now + config.session.idleMs, absoluteExpiresAt),
    lastSeenAt: now,
    ...(second && { mfaAt: now }),
    stepUp: {},
    // Without a factor to ask for, a risky sign-in stands, marked by its reasons: locking its owner out would be worse.
    stepUpRequired: verdict.action === "step-up" && hasFactor(factors) && !second,
    riskReasons: reasonsOf(verdict),
    device: { name: device.name, browser: verdict.browser, os: verdict.os },
    networkPrefix: verdict.networkPrefix,
    country: verdict.country,
    asn: verdict.asn,
    decisionId: verdict.decisionId,
  };
};

/** Public names of what made the sign-in risky, the weightiest first; empty when it was not. */
export const reasonsOf = ({ contributions, action }: Verdict): string[] =>
  action === "allow"
    ? []
    : contributions
        .filter(({ points }) => points > 0)
        .sort((a, b) => b.points - a.points)
        .map(({ name }) => name);

// RFC 8176 where it has a name; `fed` for the providers that Firebase federates with.
const firstFactor = ({ token }: Caller): string =>
  ({ password: "pwd", phone: "sms", custom: "custom", anonymous: "anonymous" })[token.signInProvider] ?? "fed";
