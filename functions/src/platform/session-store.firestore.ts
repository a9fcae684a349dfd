import type { Firestore } from "firebase-admin/firestore";
import type { Session } from "./session.js";
import { requestError } from "./errors.js";
import { SESSIONS, withoutApproval, type SessionReader } from "./session-store.js";
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
  spendApproval: async (sid, scope, transaction, now) => {
    const reference = firestore().collection(SESSIONS).doc(sid);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const snapshot = await reference.get();
      const stepUp = withoutApproval(snapshot.data() as Session | undefined, { scope, transaction, now });
      if (stepUp === undefined || snapshot.updateTime === undefined) return false;
      try {
        await reference.update({ stepUp }, { lastUpdateTime: snapshot.updateTime });
        return true;
      } catch (error) {
        if (!lostRace(error)) throw error;
      }
    }
    throw requestError("unavailable");
  },
});

// Who loses against another spender sees the approval gone; only other writes, such as a heartbeat, make it try again.
const TRIES = 10;
