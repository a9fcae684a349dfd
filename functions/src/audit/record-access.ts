import type { LegalBasis } from "../kernel/data-map/declaration.js";
import type { EventType } from "../kernel/event.js";
import { randomId } from "../kernel/random.js";
import { auditEvent } from "./events.js";
import { recordEvent, type RecordDeps } from "./record-event.js";
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
}

/** @throws audit/unavailable when the access cannot be put on record: then it must not happen */
export const recordAccessBy = async (deps: RecordDeps, access: Access): Promise<void> => {
  const { subject, actorUid, fields, ...facts } = access;
  const seen: AccessEntry = {
    id: randomId(deps.random),
    uid: subject,
    at: deps.clock(),
    ...facts,
    fields: [...fields],
  };
  await recordEvent(
    deps,
    {
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
    },
    seen,
  );
};

const EVENT_BY_ACTION: Readonly<Record<Access["action"], EventType>> = {
  read: auditEvent["data-read"],
  write: auditEvent["data-written"],
  delete: auditEvent["data-deleted"],
};
