import { config } from "../../config.js";
import type { Verdict } from "../../detection/index.js";
import type { DomainError } from "../../kernel/errors.js";
import type { SecurityEvent } from "../../kernel/event.js";
import type { EpochMs } from "../../kernel/time.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { reasonsOf, signsOf } from "./new-session.js";
import type { StoredSession } from "./session-store.js";
import type { SignIn } from "./sign-in.js";

type Deps = Pick<IdentityDeps, "record" | "notify" | "sessions">;

/** A session that has just started, and what was known of the account before. */
interface Started {
  readonly session: StoredSession;
  readonly prepared: boolean;
  readonly lastSignInAt?: EpochMs;
  readonly verdict: Verdict;
}

/** Records the sign-in, and tells the person when it is one they should know of. */
export const tellStarted = async (deps: Deps, signIn: SignIn, started: Started): Promise<void> => {
  const { session, verdict } = started;
  if (started.prepared) await deps.record({ ...about(signIn, session), type: identityEvent["account-prepared"] });
  const signs = suspicions(started);
  const detail = {
    provider: signIn.provider,
    decision: verdict.decisionId,
    ...(session.riskReasons.length > 0 && { reasons: session.riskReasons }),
    ...(signs.length > 0 && { signs }),
    ...(session.trustedDevice === true && { trustedDevice: true }),
  };
  await deps.record({ ...about(signIn, session), type: identityEvent[eventOf(session)], detail });
  await tellPerson(deps, started, [...session.riskReasons, ...signs]);
};

const eventOf = (session: StoredSession) => {
  if (session.stepUpRequired) return "session-challenged";
  return session.riskReasons.length > 0 && session.aal === 1 && session.trustedDevice !== true
    ? "session-risky"
    : "session-started";
};

// OWASP ASVS 6.3.5: right after wrong passwords, or after a long time away.
const suspicions = ({ session, verdict, lastSignInAt }: Started): string[] => {
  const names = new Set(signsOf(verdict));
  const away = lastSignInAt !== undefined && session.startedAt - lastSignInAt > config.session.longIdleMs;
  return [...(names.has("account-failures") ? ["after-failures"] : []), ...(away ? ["long-idle"] : [])];
};

// One mail for one sign-in: the more serious. The first sign-in ever is new in everything, and no news.
const tellPerson = async (deps: Deps, started: Started, reasons: readonly string[]): Promise<void> => {
  const { session, verdict } = started;
  const { uid, sid, device, country } = session;
  const facts = { device: device.name, browser: device.browser, os: device.os, country, at: session.startedAt };
  if (reasons.length > 0)
    return deps.notify({
      id: `risky-sign-in-${sid}`,
      uid,
      kind: "risky-sign-in",
      sid,
      facts: { ...facts, reasons: reasons.join(", ") },
    });
  const news = signsOf(verdict).filter((name) => name === "new-device" || name === "new-country");
  if (started.prepared || news.length === 0) return;
  // Routine news, which the person may have switched off.
  const account = await deps.sessions.account(uid);
  if (account?.loginNotifications === false) return;
  await deps.notify({
    id: `new-device-${sid}`,
    uid,
    kind: "new-device",
    sid,
    facts: { ...facts, news: news.join(", ") },
  });
};

/** Records the refusal and answers the error to throw. Whoever had the right password and was refused is told as well. */
export const refused = async (deps: Deps, signIn: SignIn, cause: string, verdict?: Verdict): Promise<DomainError> => {
  const { uid, visitor, device } = signIn;
  const reasons = verdict === undefined ? [] : reasonsOf(verdict);
  await deps.record({
    type: identityEvent["session-refused"],
    outcome: "failure",
    subject: uid,
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    ...(verdict !== undefined && { country: verdict.country, asn: verdict.asn }),
    detail: { cause, ...(verdict !== undefined && { reasons, decision: verdict.decisionId }) },
  });
  if (verdict !== undefined)
    await deps.notify({
      id: `refused-sign-in-${verdict.decisionId}`,
      uid,
      kind: "risky-sign-in",
      facts: {
        outcome: "refused",
        device: device.name,
        browser: verdict.browser,
        os: verdict.os,
        country: verdict.country,
        at: verdict.at,
        reasons: reasons.join(", "),
      },
    });
  return identityError("sign-in-refused", { details: { reasons: verdict === undefined ? [cause] : reasons } });
};

const about = ({ visitor }: SignIn, session: StoredSession): Omit<SecurityEvent, "type"> => ({
  outcome: "success",
  subject: session.uid,
  session: session.sid,
  ip: visitor.ip,
  country: session.country,
  asn: session.asn,
  userAgent: visitor.userAgent,
});
