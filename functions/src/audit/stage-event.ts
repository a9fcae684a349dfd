import type { Firestore } from "firebase-admin/firestore";
import type { SecurityEvent } from "../kernel/event.js";
import { auditError } from "./errors.js";
import { accessEntry, type Access } from "./record-access.js";
import { prepare, tryPublish, writeLine, type RecordDeps } from "./record-event.js";
import { addRows, type Writer } from "./spool.firestore.js";

export interface StagedEvent {
  /** Adds the entry to the caller's batch or transaction. May be called again when the transaction is retried. */
  addTo(writer: Writer): void;
  /** After the commit: log line and message. Crash before it, and the sequencer announces in its place. */
  announce(): Promise<void>;
}

/**
 * An event that is kept if and only if the caller's own change is; with `access`, the entry that its subject reads too.
 *
 * @throws audit/unavailable when the subject's pseudonym cannot be had
 */
export const stageEvent = async (
  deps: RecordDeps & { readonly firestore: () => Firestore },
  event: SecurityEvent,
  access?: Access,
): Promise<StagedEvent> => {
  const recorded = await prepare(deps, event).catch((cause: unknown) => {
    throw auditError("unavailable", { cause });
  });
  const rows = { entry: recorded.entry, outbox: recorded.message };
  const seen = access === undefined ? {} : { access: accessEntry(deps, access) };
  return {
    addTo: (writer) => addRows(deps.firestore(), writer, { ...rows, ...seen }),
    announce: async () => {
      writeLine(deps, recorded);
      if (!(await tryPublish(deps, recorded))) return;
      // Announcing twice is harmless: consumers know events by their id.
      await deps.spool.announced(recorded.entry.id).catch(() => undefined);
    },
  };
};
