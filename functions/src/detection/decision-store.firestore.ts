import type { Firestore } from "firebase-admin/firestore";
import { DAY } from "../kernel/time.js";
import { adminFirestoreSdk } from "../platform/sdk.js";
import type { DecisionStore } from "./decision-store.js";

const KEPT_MS = 90 * DAY;

export const firestoreDecisionStore = (firestore: () => Firestore): DecisionStore => ({
  add: async (decision) => {
    const expireAt = adminFirestoreSdk().Timestamp.fromMillis(decision.time + KEPT_MS);
    await firestore()
      .collection("riskDecisions")
      .doc(decision.id)
      .create({ ...decision, expireAt });
  },
});
