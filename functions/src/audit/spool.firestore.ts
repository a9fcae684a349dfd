import type { DocumentReference, Firestore } from "firebase-admin/firestore";
import type { EventMessage } from "../kernel/event.js";
import type { AccessEntry, Spool, SpoolRows } from "./spool.js";

/** The writing side of a batch or a transaction. */
export interface Writer {
  create(reference: DocumentReference, data: Record<string, unknown>): unknown;
}

export const firestoreSpool = (firestore: () => Firestore): Spool => ({
  add: async (rows) => {
    const batch = firestore().batch();
    addRows(firestore(), batch, rows);
    await batch.commit();
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
