import type { Firestore } from "firebase-admin/firestore";
import type { Session } from "./session.js";
import { SESSIONS, type SessionReader } from "./session-store.js";
import { lostRace } from "./lost-race.js";

export const firestoreSessionReader = (firestore: () => Firestore): SessionReader => ({
  find: async (sid) => {
    const snapshot = await firestore().collection(SESSIONS).doc(sid).get();
    return snapshot.data() as Session | undefined;
  },
  touch: async (sid, at, idleExpiresAt) => {
    const reference = firestore().collection(SESSIONS).doc(sid);
    const snapshot = await reference.get();
    const session = snapshot.data() as Session | undefined;
    if (session === undefined || session.revokedAt !== undefined || snapshot.updateTime === undefined) return;
    // The precondition loses against a revocation that came between, and then nothing is written.
    try {
      await reference.update({ lastSeenAt: at, idleExpiresAt }, { lastUpdateTime: snapshot.updateTime });
    } catch (error) {
      if (!lostRace(error)) throw error;
    }
  },
});
