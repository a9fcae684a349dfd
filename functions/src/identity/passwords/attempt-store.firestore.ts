import type { DocumentSnapshot, Firestore } from "firebase-admin/firestore";
import { config } from "../../config.js";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { spendAttempt, type Attempts, type AttemptVerdict } from "../factors/attempts.js";
import { untilWon } from "../retry.js";
import { without, type AttemptStore } from "./attempt-store.js";

const ATTEMPTS = "secAttempts";

/** One document a key. Races are settled by preconditions, not by locks. */
export const firestoreAttemptStore = (firestore: () => Firestore): AttemptStore => {
  const reference = (key: string) => firestore().collection(ATTEMPTS).doc(key);

  /** Writes `next` over exactly what was read; undefined when somebody else was quicker. */
  const replace = async (snapshot: DocumentSnapshot, next: Attempts | undefined): Promise<true | undefined> => {
    const { ref, updateTime } = snapshot;
    const before = updateTime === undefined ? undefined : { lastUpdateTime: updateTime };
    try {
      if (next === undefined) await ref.delete(before ?? {});
      else if (before === undefined) await ref.create(toRow(next));
      else await ref.update(toRow(next), before);
      return true;
    } catch (error) {
      if (lostRace(error)) return undefined;
      throw error;
    }
  };

  return {
    spend: (key, limits, now) =>
      untilWon<AttemptVerdict>(async () => {
        const snapshot = await reference(key).get();
        const answer = spendAttempt(fromRow(snapshot), now, limits);
        if (!answer.ok) return { answer };
        return (await replace(snapshot, answer.attempts)) && { answer };
      }),
    clear: async (key) => void (await reference(key).delete()),
    giveBack: (key) =>
      untilWon(async () => {
        const snapshot = await reference(key).get();
        const spent = fromRow(snapshot);
        if (spent === undefined) return { answer: undefined };
        return (await replace(snapshot, without(spent))) && { answer: undefined };
      }),
  };
};

const toRow = ({ failures, burst, lastAt }: Attempts) => ({
  failures,
  burst,
  lastAt,
  expireAt: adminFirestoreSdk().Timestamp.fromMillis(lastAt + config.passwords.forgetMs),
});

const fromRow = (snapshot: DocumentSnapshot): Attempts | undefined => snapshot.data() as Attempts | undefined;
