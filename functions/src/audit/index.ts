/** What other domains may use of the audit domain. */
import type { SecurityEvent } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";
import { deps } from "./deps.js";
import { recordAccessesBy, type Access } from "./record-access.js";
import { recordEvent } from "./record-event.js";
import { signStatement, type SignedStatement } from "./signed-statement.js";
import type { AccessEntry } from "./spool.js";
import { stageEvent, type StagedEvent } from "./stage-event.js";

export { verifySigned } from "./signed-statement.js";
export type { Access, AccessEntry, SignedStatement, StagedEvent };

/**
 * Logs, publishes and keeps an event.
 *
 * @throws audit/unavailable when it cannot be kept and its class must not happen unrecorded
 */
export const record = (event: SecurityEvent): Promise<void> => recordEvent(deps(), event);

/**
 * Prepares an event whose entry is written in the caller's own batch or transaction: `await` it before, never inside. With
 * `access`, the entry that its subject reads goes along.
 */
export const stage = (event: SecurityEvent, access?: Access): Promise<StagedEvent> => stageEvent(deps(), event, access);

/** Records that somebody's data was read, written or deleted, where the subject can see it. */
export const recordAccess = (access: Access): Promise<void> => recordAccessesBy(deps(), [access]);

/** The same for many at once, written together. @throws audit/unavailable when one cannot be kept: then show nothing */
export const recordAccesses = (accesses: readonly Access[]): Promise<void> => recordAccessesBy(deps(), accesses);

/** Who accessed the account's data, newest first. */
export const listAccess = (uid: string, page: { limit: number; before?: EpochMs }): Promise<AccessEntry[]> =>
  deps().spool.accessTo(uid, page);

/** The name under which the log knows the account. */
export const pseudonymOf = (uid: string): Promise<string> => deps().pseudonyms.of(uid);

/** Unlinks the log from the account for ever. */
export const forgetSubject = (uid: string): Promise<void> => deps().pseudonyms.forget(uid);

/** Signs a statement with the audit key. Put a `type` into it that no other statement has. */
export const sign = (statement: object): Promise<SignedStatement> => signStatement(deps().signer, statement);
