import type { IdentityDeps } from "../deps.js";
import type { StoredSession } from "./session-store.js";

/** Lets detection learn a sign-in that stood. Its facts were kept in the session: a second factor may come much later. */
export const learnFrom = (deps: Pick<IdentityDeps, "detection">, session: StoredSession): Promise<void> =>
  deps.detection.learnSignIn(session.uid, {
    decisionId: session.decisionId,
    at: session.startedAt,
    country: session.country,
    asn: session.asn,
    browser: session.device.browser,
    os: session.device.os,
  });
