import type { Firestore } from "firebase-admin/firestore";
import { addSignIn, emptyProfile, type RiskProfile } from "./profile.js";
import type { ProfileStore } from "./profile-store.js";
import { replaceDocument } from "./replace-document.js";

/** `update` replaces the maps whole, so what a profile forgot is gone from the document too. */
export const firestoreProfileStore = (firestore: () => Firestore): ProfileStore => {
  const document = (uid: string) => firestore().collection("riskProfiles").doc(uid);
  return {
    find: async (uid) => (await document(uid).get()).data() as RiskProfile | undefined,
    add: (uid, trace) =>
      replaceDocument<RiskProfile, undefined>(document(uid), (current) => {
        const before = current ?? emptyProfile(uid);
        const after = addSignIn(before, trace);
        return after === before ? { answer: undefined } : { write: after, answer: undefined };
      }),
  };
};
