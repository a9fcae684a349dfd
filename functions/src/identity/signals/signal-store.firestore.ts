import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { forgotten, SIGNAL_KEPT_MS, type Signal, type SignalStore } from "./signal-store.js";

export const firestoreSignalStore = (firestore: () => Firestore): SignalStore => {
  const at = (id: string) => firestore().collection("secSignals").doc(id);
  return {
    add: async (signal) => {
      const expireAt = adminFirestoreSdk().Timestamp.fromMillis(signal.createdAt + SIGNAL_KEPT_MS);
      try {
        await at(signal.id).create({ ...signal, expireAt });
      } catch (error) {
        if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
      }
    },
    find: async (id) => fromRow((await at(id).get()).data()),
    settle: async (id, outcome) => void (await at(id).update({ ...outcome, ...forgotten(outcome) })),
  };
};

const ALREADY_EXISTS = 6;

const fromRow = (row: DocumentData | undefined): Signal | undefined => {
  if (row === undefined) return undefined;
  const { id, receiver, uid, claims, state, attempts, createdAt } = row as Signal;
  return { id, receiver, ...(uid !== undefined && { uid }), claims, state, attempts, createdAt };
};
