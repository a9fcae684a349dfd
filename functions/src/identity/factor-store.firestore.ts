import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { adminFirestoreSdk } from "../platform/sdk.js";
import { factorStore, hasFactor, type FactorStore } from "./factor-store.js";
import { NO_FACTORS, type Factors } from "./factors.js";
import { lostRace } from "../platform/lost-race.js";
import { untilWon } from "./retry.js";
import { ACCOUNTS } from "./session-store.js";

const FACTORS = "secFactors";

/** One document an account. Races are settled by preconditions: contended transactions would queue behind locks. */
export const firestoreFactorStore = (firestore: () => Firestore): FactorStore => {
  const reference = (uid: string) => firestore().collection(FACTORS).doc(uid);
  return factorStore({
    find: async (uid) => fromRow((await reference(uid).get()).data()),
    apply: (uid, transition) =>
      untilWon(async () => {
        const snapshot = await reference(uid).get();
        const before = fromRow(snapshot.data()) ?? NO_FACTORS;
        const { answer, next } = transition(before);
        if (next === undefined) return { answer };
        const batch = firestore().batch();
        if (snapshot.updateTime === undefined) batch.create(reference(uid), toRow(next));
        else batch.update(reference(uid), toRow(next), { lastUpdateTime: snapshot.updateTime });
        if (hasFactor(next) !== hasFactor(before))
          batch.update(firestore().collection(ACCOUNTS).doc(uid), mfaRow(hasFactor(next)));
        return batch.commit().then(
          () => ({ answer }),
          (error: unknown) => {
            if (lostRace(error)) return undefined;
            throw error;
          },
        );
      }),
  });
};

const mfaRow = (mfaEnabled: boolean): DocumentData => ({
  mfaEnabled,
  factorsEpoch: adminFirestoreSdk().FieldValue.increment(1),
});

// Absent parts are stored as null, so that an update replaces all four.
const toRow = ({ totp, pending, backup, attempts }: Factors): DocumentData => ({
  totp: totp ?? null,
  pending: pending ?? null,
  backup: backup === undefined ? null : { ...backup, hashes: [...backup.hashes] },
  attempts: { ...attempts },
});

const fromRow = (row: DocumentData | undefined): Factors | undefined => {
  if (row === undefined) return undefined;
  const present = Object.entries(row).filter(([, part]) => part !== null);
  return Object.fromEntries(present) as unknown as Factors;
};
