import type { EventMessage } from "../kernel/event.js";
import type { EpochMs } from "../kernel/time.js";
import type { AuditEntry } from "./entry.js";

/** Who looked at whose data, as the subject may read it: `accessLog/{id}`. Staff are not named. */
export interface AccessEntry {
  readonly id: string;
  readonly uid: string;
  readonly at: EpochMs;
  readonly actor: "subject" | "operator" | "system";
  readonly collection: string;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly legalBasis: string;
  readonly action: "read" | "write" | "delete";
}

/** What one event writes. All of it is written, or none of it. */
export interface SpoolRows {
  readonly entry: AuditEntry;
  /** `auditOutbox/{id}`: the message, until it has been published. */
  readonly outbox?: EventMessage;
  readonly access?: AccessEntry;
}

/** Where events go first: documents of their own, in no order, so that no request waits for another. */
export interface Spool {
  add(rows: SpoolRows): Promise<void>;
  /** Several events at once: one write for every hundred of them. */
  addAll(all: readonly SpoolRows[]): Promise<void>;
  /** Messages not yet published, oldest first. */
  unannounced(limit: number): Promise<EventMessage[]>;
  /** Takes a message off the outbox. Taking it off twice is fine. */
  announced(id: string): Promise<void>;
  /** Newest first. */
  accessTo(uid: string, page: { limit: number; before?: EpochMs }): Promise<AccessEntry[]>;
}

export const memorySpool = (): Spool & { readonly entries: AuditEntry[] } => {
  const entries: AuditEntry[] = [];
  const outbox = new Map<string, EventMessage>();
  const accesses: AccessEntry[] = [];
  const keep = (rows: SpoolRows): void => {
    entries.push(rows.entry);
    if (rows.outbox !== undefined) outbox.set(rows.outbox.id, rows.outbox);
    if (rows.access !== undefined) accesses.push(rows.access);
  };
  return {
    entries,
    add: (rows) => {
      keep(rows);
      return Promise.resolve();
    },
    addAll: (all) => {
      all.forEach(keep);
      return Promise.resolve();
    },
    unannounced: (limit) => Promise.resolve([...outbox.values()].sort((a, b) => a.at - b.at).slice(0, limit)),
    announced: (id) => {
      outbox.delete(id);
      return Promise.resolve();
    },
    accessTo: (uid, { limit, before = Infinity }) =>
      Promise.resolve(
        accesses
          .filter((row) => row.uid === uid && row.at < before)
          .sort((a, b) => b.at - a.at)
          .slice(0, limit),
      ),
  };
};
