import type { Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import type { Ticket, TicketStore } from "./ticket-store.js";

const FILE_TICKETS = "fileTickets";

export const firestoreTickets = (firestore: () => Firestore): TicketStore => ({
  put: async (hash, ticket) => {
    // Deleted by TTL: whether a ticket is over is judged by `until`.
    const expireAt = adminFirestoreSdk().Timestamp.fromMillis(ticket.until);
    await firestore()
      .collection(FILE_TICKETS)
      .doc(hash)
      .create({ ...ticket, expireAt });
  },
  find: async (hash) => {
    const row = (await firestore().collection(FILE_TICKETS).doc(hash).get()).data();
    if (row === undefined) return undefined;
    const { uid, sid, file, purpose, until } = row as Ticket;
    return { uid, sid, file, purpose, until };
  },
});
