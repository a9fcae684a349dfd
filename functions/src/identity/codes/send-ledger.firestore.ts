import type { Firestore } from "firebase-admin/firestore";
import { DAY } from "../../kernel/time.js";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { untilWon } from "../retry.js";
import { takeSend, type SendLedger, type SendLimits, type Sends } from "./send-ledger.js";

const CODES = "secCodes";

export const firestoreSendLedger = (firestore: () => Firestore, limits: SendLimits): SendLedger => ({
  take: (key, challenge, now) =>
    untilWon(async () => {
      const reference = firestore().collection(CODES).doc(key);
      const snapshot = await reference.get();
      const { answer, next } = takeSend(snapshot.data() as Sends | undefined, { challenge, now }, limits);
      if (next === undefined) return { answer };
      const row = { ...next, expireAt: adminFirestoreSdk().Timestamp.fromMillis(now + DAY) };
      try {
        if (snapshot.updateTime === undefined) await reference.create(row);
        else await reference.update(row, { lastUpdateTime: snapshot.updateTime });
      } catch (error) {
        if (lostRace(error)) return undefined;
        throw error;
      }
      return { answer };
    }),
});
