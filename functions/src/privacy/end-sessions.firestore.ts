import type { Firestore } from "firebase-admin/firestore";
import type { Clock } from "../kernel/time.js";
import { SESSIONS } from "../platform/session-store.js";

/** Marks every session of an account as revoked, so that gate and rules refuse it at once. @returns how many were still open */
export const firestoreSessionEnder =
  (firestore: () => Firestore, clock: Clock) =>
  async (uid: string): Promise<number> => {
    const found = await firestore().collection(SESSIONS).where("uid", "==", uid).get();
    const open = found.docs.filter((session) => session.get("revokedAt") === undefined);
    await Promise.all(open.map((session) => session.ref.update({ revokedAt: clock() })));
    return open.length;
  };
