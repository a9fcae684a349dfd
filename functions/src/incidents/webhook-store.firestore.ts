import type { Firestore } from "firebase-admin/firestore";
import type { Webhook, WebhookStore } from "./webhook-store.js";

export const firestoreWebhookStore = (firestore: () => Firestore): WebhookStore => {
  const collection = () => firestore().collection("incidentWebhooks");
  return {
    add: async (webhook) =>
      void (await collection()
        .doc(webhook.id)
        .create({ ...webhook })),
    find: async (id) => (await collection().doc(id).get()).data() as Webhook | undefined,
    list: async () =>
      (await collection().orderBy("createdAt").get()).docs.map((document) => document.data() as Webhook),
    remove: async (id) => {
      try {
        await collection().doc(id).delete({ exists: true });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === NOT_FOUND) return false;
        throw error;
      }
    },
  };
};

const NOT_FOUND = 5;
