import type { Firestore } from "firebase-admin/firestore";
import { DAY } from "../../kernel/time.js";
import { wins } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { untilWon } from "../retry.js";
import type { Challenge, ChallengeStore } from "./challenge-store.js";

const CHALLENGES = "secChallenges";

/** Races are settled by preconditions: a delete of exactly what was read succeeds once. */
export const firestoreChallengeStore = (firestore: () => Firestore): ChallengeStore => {
  const at = (id: string) => firestore().collection(CHALLENGES).doc(id);
  const load = async (id: string, now: number) => {
    const snapshot = await at(id).get();
    const { updateTime } = snapshot;
    const row = snapshot.data();
    if (row === undefined || updateTime === undefined) return undefined;
    const live = Object.fromEntries(
      Object.entries(row).filter(([name]) => name !== "expireAt"),
    ) as unknown as Challenge;
    return now < live.expiresAt ? { live, updateTime } : undefined;
  };
  return {
    put: async (id, challenge) => {
      // Deleted by TTL a day later: expiry itself is judged by `expiresAt`.
      const expireAt = adminFirestoreSdk().Timestamp.fromMillis(challenge.expiresAt + DAY);
      await at(id).create({ ...challenge, facts: { ...challenge.facts }, expireAt });
    },
    find: async (id, now) => (await load(id, now))?.live,
    consume: (id, now) =>
      untilWon(async () => {
        const found = await load(id, now);
        if (found === undefined) return { answer: undefined };
        const won = await wins(at(id).delete({ lastUpdateTime: found.updateTime }));
        return won ? { answer: found.live } : undefined;
      }),
    spendAttempt: (id, limit, now) =>
      untilWon(async () => {
        const found = await load(id, now);
        if (found === undefined || found.live.attempts >= limit) return { answer: undefined };
        const attempts = found.live.attempts + 1;
        const won = await wins(at(id).update({ attempts }, { lastUpdateTime: found.updateTime }));
        return won ? { answer: { ...found.live, attempts } } : undefined;
      }),
    assign: (id, uid, now) =>
      untilWon(async () => {
        const found = await load(id, now);
        if (found === undefined) return { answer: false };
        const won = await wins(at(id).update({ uid }, { lastUpdateTime: found.updateTime }));
        return won ? { answer: true } : undefined;
      }),
  };
};
