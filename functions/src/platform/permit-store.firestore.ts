import type { Firestore, Timestamp } from "firebase-admin/firestore";
import { takePermit } from "../kernel/limits.js";
import type { PermitStore } from "./permit-store.js";
import { adminFirestoreSdk } from "./sdk.js";
import { lostRace } from "./lost-race.js";

/** One document a subject and limit holds one time. Contention is settled by preconditions, not by locks. */
export const firestorePermitStore = (firestore: () => Firestore): PermitStore => ({
  take: async (key, limit, now) => {
    const reference = firestore().collection("secLimits").doc(key);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const snapshot = await reference.get();
      const stored = snapshot.data() as { tat: number; expireAt: Timestamp } | undefined;
      const verdict = takePermit(limit, stored?.tat, now);
      if (!verdict.ok) return verdict;
      const row = { tat: verdict.tat, expireAt: adminFirestoreSdk().Timestamp.fromMillis(verdict.tat + limit.perMs) };
      try {
        if (snapshot.updateTime === undefined) await reference.create(row);
        else await reference.update(row, { lastUpdateTime: snapshot.updateTime });
        return verdict;
      } catch (error) {
        if (!lostRace(error)) throw error;
      }
    }
    // Losing this often means that the subject calls far faster than any limit allows.
    return { ok: false, retryAfterMs: Math.ceil(limit.perMs / limit.permits) };
  },
});

const TRIES = 5;
