import type { Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../platform/sdk.js";
import { NOTICE_KEPT_MS, type Notice, type OutboxStore } from "./outbox-store.js";

export const firestoreOutboxStore = (firestore: () => Firestore): OutboxStore => {
  const document = (id: string) => firestore().collection("incidentOutbox").doc(id);
  return {
    add: async (notice) => {
      const expireAt = adminFirestoreSdk().Timestamp.fromMillis(notice.createdAt + NOTICE_KEPT_MS);
      try {
        await document(notice.id).create({ ...notice, expireAt });
      } catch (error) {
        if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
      }
    },
    find: async (id) => (await document(id).get()).data() as Notice | undefined,
    settle: async (id, outcome) => void (await document(id).update({ ...outcome })),
  };
};

const ALREADY_EXISTS = 6;
