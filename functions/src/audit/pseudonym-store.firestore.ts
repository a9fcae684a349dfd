import type { Firestore } from "firebase-admin/firestore";
import type { PseudonymStore } from "./pseudonym-store.js";

/** `auditPseudonyms/{uid}` in the database of keys, whose backups are short-lived: a restore must not relink the log. */
export const firestorePseudonymStore = (keys: () => Firestore): PseudonymStore => {
  const reference = (uid: string) => keys().collection("auditPseudonyms").doc(uid);
  const find = async (uid: string) => (await reference(uid).get()).get("pseudonym") as string | undefined;
  return {
    findOrCreate: async (uid, candidate) => {
      const known = await find(uid);
      if (known !== undefined) return known;
      try {
        await reference(uid).create({ pseudonym: candidate });
        return candidate;
      } catch (error) {
        const winner = await find(uid);
        if (winner === undefined) throw error;
        return winner;
      }
    },
    drop: async (uid) => {
      await reference(uid).delete();
    },
  };
};
