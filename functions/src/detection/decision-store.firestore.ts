import type { Firestore } from "firebase-admin/firestore";
import { DAY } from "../kernel/time.js";
import { adminFirestoreSdk } from "../platform/sdk.js";
import type { DecisionStore, RiskDecision } from "./decision-store.js";

const KEPT_MS = 90 * DAY;

export const firestoreDecisionStore = (firestore: () => Firestore): DecisionStore => ({
  add: async (decision) => {
    const expireAt = adminFirestoreSdk().Timestamp.fromMillis(decision.time + KEPT_MS);
    await firestore()
      .collection("riskDecisions")
      .doc(decision.id)
      .create({ ...decision, expireAt });
  },
  list: async (uid, limit) => {
    const all = firestore().collection("riskDecisions").where("uid", "==", uid);
    const { docs } = await all.orderBy("time", "desc").limit(limit).get();
    const withoutEnd = ([name]: readonly [string, unknown]) => name !== "expireAt";
    return docs.map(
      (each) => Object.fromEntries(Object.entries(each.data()).filter(withoutEnd)) as unknown as RiskDecision,
    );
  },
});
