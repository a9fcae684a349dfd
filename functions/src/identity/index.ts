import type { EpochMs } from "../kernel/time.js";
import type { StepUpProof } from "../platform/gate-ports.js";
import type { Scope, Session } from "../platform/session.js";
import { blockAccess, findBlock, type Block, type BlockRequest } from "./block-access.js";
import { deps } from "./deps.js";
import { revokeAll } from "./revoke-sessions.js";
import { stepUpWith } from "./step-up.js";

export type { Block, BlockRequest } from "./block-access.js";

/**
 * Verifies a second factor and raises the session for the scope, in effect at once for functions and rules.
 *
 * @throws identity/code-malformed, -code-rejected, -too-many-attempts, -factor-disabled, -session-ended
 */
export const stepUp = (request: { session: Session; proof: StepUpProof; scope: Scope }): Promise<Session> =>
  stepUpWith(deps(), request);

/** Whether the account has a second factor. One that was disabled for too many failures still counts: the account stays guarded. */
export const hasFactor = async (uid: string): Promise<boolean> => (await deps().factors.find(uid))?.totp !== undefined;

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
