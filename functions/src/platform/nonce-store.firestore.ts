import type { Firestore } from "firebase-admin/firestore";
import type { NonceStore } from "./nonce-store.js";
import { adminFirestoreSdk } from "./sdk.js";

/** `secNonces/{key}`: one write, no read. `create()` succeeds once. */
export const firestoreNonceStore = (firestore: () => Firestore): NonceStore => ({
  spend: async (key, until) => {
    const expireAt = adminFirestoreSdk().Timestamp.fromMillis(until);
    try {
      await firestore().collection("secNonces").doc(key).create({ expireAt });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === ALREADY_EXISTS) return false;
      throw error;
    }
  },
});

const ALREADY_EXISTS = 6; // google.rpc.Code
