import type { Firestore } from "firebase-admin/firestore";
import type { Receiver, ReceiverStore } from "./receiver-store.js";

export const firestoreReceiverStore = (firestore: () => Firestore): ReceiverStore => {
  const receivers = () => firestore().collection("secSignalReceivers");
  return {
    add: async (receiver) =>
      void (await receivers()
        .doc(receiver.id)
        .create({ ...receiver })),
    find: async (id) => (await receivers().doc(id).get()).data() as Receiver | undefined,
    list: async () => (await receivers().orderBy("createdAt").get()).docs.map((each) => each.data() as Receiver),
    remove: async (id) => {
      try {
        await receivers().doc(id).delete({ exists: true });
        return true;
      } catch (error) {
        if ((error as { code?: number }).code === NOT_FOUND) return false;
        throw error;
      }
    },
  };
};

const NOT_FOUND = 5;
