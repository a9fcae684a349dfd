import type { LegalBasis } from "../kernel/data-map/declaration.js";
import type { EventType, SecurityEvent } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";
import { randomId } from "../kernel/random.js";
import { auditEvent } from "./events.js";
import { recordSeen, type RecordDeps, type Seen } from "./record-event.js";
import type { AccessEntry } from "./spool.js";

/** One look at, or change of, somebody's data. */
export interface Access {
  /** Whose data. */
  readonly subject: string;
  /** What kind of actor: the person themselves, staff, or a job. */
  readonly actor: "subject" | "operator" | "system";
  /** Account of the operator: in the log as a pseudonym, never in what the subject reads. */
  readonly actorUid?: string;
  /** Name of the collection or folder in the data map. */
  readonly collection: string;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly legalBasis: LegalBasis;
  readonly action: "read" | "write" | "delete";
  /** When it was, where that is not now: an opening that the subject is told of later. */
  readonly at?: EpochMs;
}

/** All in one go. @throws audit/unavailable when one cannot be put on record: then none of them must happen */
export const recordAccessesBy = (deps: RecordDeps, accesses: readonly Access[]): Promise<void> =>
  recordSeen(
    deps,
    accesses.map((access): Seen => ({ event: eventOf(access), access: accessEntry(deps, access) })),
  );

const eventOf = ({ subject, actorUid, fields, ...access }: Access): SecurityEvent => ({
  type: EVENT_BY_ACTION[access.action],
  outcome: "success",
  subject,
  actor: access.actor === "subject" ? subject : (actorUid ?? "system"),
  detail: {
    collection: access.collection,
    fields: [...fields],
    purpose: access.purpose,
    legalBasis: access.legalBasis,
    actorKind: access.actor,
  },
});

/** What the subject reads of it. */
export const accessEntry = (deps: Pick<RecordDeps, "random" | "clock">, access: Access): AccessEntry => {
  const { subject, at = deps.clock(), fields, actor, collection, purpose, legalBasis, action } = access;
  const facts = { actor, collection, purpose, legalBasis, action };
  return { id: randomId(deps.random), uid: subject, at, ...facts, fields: [...fields] };
};

const EVENT_BY_ACTION: Readonly<Record<Access["action"], EventType>> = {
  read: auditEvent["data-read"],
  write: auditEvent["data-written"],
  delete: auditEvent["data-deleted"],
};
