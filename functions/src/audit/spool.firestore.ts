import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import type { EventMessage } from "../kernel/event.js";
import type { AccessEntry, Spool, SpoolRows } from "./spool.js";

/** The writing side of a batch or a transaction. */
export interface Writer {
  create(reference: DocumentReference, data: Record<string, unknown>): unknown;
}

export const firestoreSpool = (firestore: () => Firestore): Spool => ({
  add: (rows) => commit(firestore(), [rows]),
  addAll: async (all) => {
    const starts = Array.from({ length: Math.ceil(all.length / A_COMMIT) }, (_, index) => index * A_COMMIT);
    await Promise.all(starts.map((start) => commit(firestore(), all.slice(start, start + A_COMMIT))));
  },
  unannounced: async (limit) => {
    const found = await firestore().collection("auditOutbox").orderBy("at").limit(limit).get();
    return found.docs.map((row) => JSON.parse(row.get("message") as string) as EventMessage);
  },
  announced: async (id) => {
    await firestore().collection("auditOutbox").doc(id).delete();
  },
  accessTo: async (uid, { limit, before }) => {
    const newest = firestore().collection("accessLog").where("uid", "==", uid).orderBy("at", "desc").limit(limit);
    const found = await (before === undefined ? newest : newest.where("at", "<", before)).get();
    return found.docs.map((row) => ({ ...row.data(), id: row.id }) as AccessEntry);
  },
});

const A_COMMIT = 100; // events: three rows each at most, far below Firestore's 10 MiB a request

const commit = async (firestore: Firestore, all: readonly SpoolRows[]): Promise<void> => {
  const batch = firestore.batch();
  for (const rows of all) addRows(firestore, batch, rows);
  await batch.commit();
};

/** Puts the rows into a commit of the caller's. */
export const addRows = (firestore: Firestore, writer: Writer, { entry, outbox, access }: SpoolRows): void => {
  const { id, ...fields } = entry;
  writer.create(firestore.collection("auditEntries").doc(id), fields);
  if (outbox !== undefined) writer.create(firestore.collection("auditOutbox").doc(id), outboxRow(outbox));
  if (access !== undefined) {
    const { id: accessId, ...row } = access;
    writer.create(firestore.collection("accessLog").doc(accessId), row);
  }
};

// `uid` makes the row part of an erasure of its subject.
const outboxRow = (message: EventMessage) => ({
  at: message.at,
  ...(message.subject !== undefined && { uid: message.subject }),
  message: JSON.stringify(message),
});
