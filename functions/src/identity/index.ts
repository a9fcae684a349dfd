import type { EpochMs } from "../kernel/time.js";
import type { SeenElsewhere, StepUpRequest } from "../platform/gate-ports.js";
import type { Session } from "../platform/session.js";
import { blockAccess, findBlock, type Block, type BlockRequest } from "./accounts/block-access.js";
import { deps } from "./deps.js";
import { revokeAll } from "./sessions/revoke-sessions.js";
import { hasFactor, usableMethods } from "./factors/factors.js";
import { stepUpWith } from "./factors/step-up.js";
import { endStolen, type SeenCall } from "./sessions/end-stolen.js";
import { observeSession } from "./sessions/observe-session.js";
import { readCookie as readSessionCookie, type CookiePerson } from "./sessions/use-cookie.js";

export type { Block, BlockRequest } from "./accounts/block-access.js";
export type { CookiePerson } from "./sessions/use-cookie.js";

/**
 * Verifies a second factor and raises the session for the scope, in effect at once for functions and rules.
 *
 * @throws identity/code-malformed, -code-rejected, -too-many-attempts, -factor-disabled, -session-ended
 */
export const stepUp = (request: StepUpRequest): Promise<Session> => stepUpWith(deps(), request);

/**
 * Second factors that the account can be asked for; empty only when it has none at all. An account whose factors are disabled
 * or used up stays guarded: it answers `recovery`, the one way that is left.
 */
export const methods = async (uid: string): Promise<readonly string[]> => {
  const factors = await deps().factors.find(uid);
  const usable = usableMethods(factors);
  return usable.length === 0 && hasFactor(factors) ? ["recovery"] : usable;
};

/**
 * Holds a call's surroundings against those of its session, and answers the session as it is from then on: its place moved, or
 * a second factor asked for.
 *
 * @throws request/session-revoked when it ended for that
 */
export const observe = (seen: SeenElsewhere): Promise<Session> => observeSession(deps(), seen);

/** Ends a session of which a secret was shown that had been replaced long before. */
export const sessionStolen = (seen: SeenCall): Promise<void> => endStolen(deps(), seen);

/**
 * Who the value of a `__session` cookie stands for, for pages that the same project renders; undefined for nobody. Hand
 * `setCookie` on as a `Set-Cookie` header when it is there. A cookie can be copied: it is good for showing, not for changing.
 */
export const readCookie = (cookie: string): Promise<{ person: CookiePerson; setCookie?: string } | undefined> =>
  readSessionCookie(deps(), cookie);

/**
 * Ends every session of the account, Firebase's refresh tokens included, and refuses sign-ins made before now.
 * `reason` is a public name for the log, such as `incident` or `erasure`. Answers how many sessions were live.
 */
export const revokeSessions = (uid: string, reason: string): Promise<number> => revokeAll(deps(), uid, reason);

/**
 * Refuses sign-ins of an account, from a network, or of the pair, until a time; a longer block in force stays.
 * Live sessions of the account (from that network, when both are given) end at once.
 */
export const block = (request: BlockRequest): Promise<void> => blockAccess(deps(), request);

/** The block in force for this account, this network, or the pair; the one that lasts longest. */
export const isBlocked = (
  who: { readonly uid?: string; readonly networkPrefix?: string },
  now: EpochMs,
): Promise<Block | undefined> => findBlock(deps(), who, now);
