import { config } from "../../config.js";
import { networkPrefix } from "../../kernel/network.js";
import { requestError } from "../../platform/errors.js";
import { describeError, log } from "../../platform/log.js";
import type { Session } from "../../platform/session.js";
import { hashUserAgent } from "../../platform/surroundings.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";
import { hasFactor } from "../factors/factor-store.js";
import { endSuspect, type SeenCall } from "./end-stolen.js";
import { judgeSurroundings, type Judgement, type Surroundings } from "./judge-surroundings.js";
import type { StoredSession } from "./session-store.js";

type Deps = Pick<IdentityDeps, "sessions" | "factors" | "detection" | "record" | "notify" | "clock">;

/**
 * Holds a call's surroundings against those of its session. Nothing is looked up or written while header and network are the
 * same. Small changes of a proven device move the session's place along; great ones want a second factor, or end it.
 *
 * @returns the session as it is now
 * @throws request/session-revoked when it ended
 */
export const observeSession = async (deps: Deps, seen: SeenCall & { proven: boolean }): Promise<Session> => {
  const { session, proven } = seen;
  const now = surroundingsOf(deps, seen);
  if (now === undefined) return session;
  const judgement = judgeSurroundings({ ...session.device, country: session.country, asn: session.asn }, now, proven);
  switch (judgement.finding) {
    case "same":
      // Only the address: worth a write now and then, so that the next calls from there are not looked up.
      return proven && deps.clock() - session.lastSeenAt >= config.session.heartbeatMs
        ? move(deps, seen, now)
        : session;
    case "changed":
      // Unproven, the place stays where the sign-in was: a thief must not come nearer by small steps.
      return proven ? move(deps, seen, now) : session;
    case "step-up":
      return askAgain(deps, seen, now, judgement);
    case "revoke":
      return end(deps, seen, judgement);
  }
};

/** Undefined while neither header nor network has changed, which is most of the time. */
const surroundingsOf = (deps: Deps, { session, ip, userAgent }: SeenCall): Surroundings | undefined => {
  const sameHeader = session.uaHash === hashUserAgent(userAgent);
  if (sameHeader && session.networkPrefix === networkPrefix(ip)) return undefined;
  const { browser, os } = sameHeader ? session.device : deps.detection.describeDevice(userAgent);
  return { browser, os, ...placeOf(deps, ip) };
};

// Without the tables nothing is known of places, and nothing held against anybody.
const placeOf = ({ detection }: Deps, ip: string): { country: string; asn: number } => {
  try {
    return detection.locate(ip);
  } catch (error) {
    log("ERROR", "a session's network could not be located", describeError(error));
    return { country: "ZZ", asn: 0 };
  }
};

const move = async (
  deps: Deps,
  seen: SeenCall,
  to: Surroundings,
  more: Partial<StoredSession> = {},
): Promise<Session> => {
  const moved = await deps.sessions.change(seen.session.sid, deps.clock(), (session) => {
    const next: Partial<StoredSession> = {
      device: { ...session.device, browser: to.browser, os: to.os },
      country: to.country === "ZZ" ? session.country : to.country,
      asn: to.asn === 0 ? session.asn : to.asn,
      networkPrefix: networkPrefix(seen.ip),
      uaHash: hashUserAgent(seen.userAgent),
      ...more,
    };
    return { answer: { ...session, ...next }, next };
  });
  if (moved === undefined) throw requestError("session-revoked");
  return moved;
};

const askAgain = async (
  deps: Deps,
  seen: SeenCall & { proven: boolean },
  to: Surroundings,
  judgement: Judgement,
): Promise<Session> => {
  const { session } = seen;
  if (!hasFactor(await deps.factors.find(session.uid))) {
    // The key alone says that it is the same device; without it there is nothing left to say so.
    return seen.proven ? move(deps, seen, to) : end(deps, seen, judgement);
  }
  const riskReasons = judgement.changes.map((change) => `changed-${change}`);
  // The place moves along, so that the second factor given here is not asked for twice; whoever is elsewhere is asked again.
  const asked = await move(deps, seen, to, { stepUpRequired: true, riskReasons, stepUp: {} });
  if (!session.stepUpRequired)
    await deps.record({
      type: identityEvent["session-strayed"],
      outcome: "failure",
      subject: session.uid,
      session: session.sid,
      ip: seen.ip,
      userAgent: seen.userAgent,
      detail: { score: judgement.score, changes: judgement.changes, proven: seen.proven },
    });
  return asked;
};

const end = async (deps: Deps, seen: SeenCall, { score, changes }: Judgement): Promise<never> => {
  const type = identityEvent["session-hijacked"];
  await endSuspect(deps, seen, { because: "hijacked", type, score, changes });
  throw requestError("session-revoked");
};
