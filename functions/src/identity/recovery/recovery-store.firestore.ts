import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { config } from "../../config.js";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { untilWon } from "../retry.js";
import { isPending, type Recovery } from "./recovery.js";
import { checked, PENDING_AT_ONCE, type RecoveryStore } from "./recovery-store.js";

const RECOVERIES = "secRecoveries";

/** One document an account and kind. Races are settled by preconditions, never by locks. */
export const firestoreRecoveryStore = (firestore: () => Firestore): RecoveryStore => {
  const at = (slot: string) => firestore().collection(RECOVERIES).doc(slot);
  return {
    find: async (slot) => fromRow((await at(slot).get()).data()),
    apply: (slot, step) =>
      untilWon(async () => {
        const snapshot = await at(slot).get();
        const { answer, next } = step(fromRow(snapshot.data()));
        if (next === undefined) return { answer };
        const row = toRow(next);
        const reference = at(checked(slot, next));
        // Replaced as a whole: nothing of an earlier round may stay. Only an update takes a precondition.
        const gone = Object.keys(snapshot.data() ?? {}).filter((name) => !(name in row));
        const erased = Object.fromEntries(gone.map((name) => [name, adminFirestoreSdk().FieldValue.delete()]));
        const write =
          snapshot.updateTime === undefined
            ? reference.create(row)
            : reference.update({ ...row, ...erased }, { lastUpdateTime: snapshot.updateTime });
        return write.then(
          () => ({ answer }),
          (error: unknown) => {
            if (lostRace(error)) return undefined;
            throw error;
          },
        );
      }),
    listPending: async () => {
      const { docs } = await firestore()
        .collection(RECOVERIES)
        .where("pending", "==", true)
        .limit(PENDING_AT_ONCE)
        .get();
      return docs.flatMap((each) => fromRow(each.data()) ?? []);
    },
  };
};

// Deleted by TTL a month after its last date.
const toRow = (recovery: Recovery): DocumentData => {
  const runsAt = recovery.kind === "reset" ? (recovery.runsAt ?? 0) : 0;
  const latest = Math.max(recovery.expiresAt, runsAt, recovery.endedAt ?? 0);
  const expireAt = adminFirestoreSdk().Timestamp.fromMillis(latest + config.recovery.keepMs);
  return { ...recovery, pending: isPending(recovery), expireAt };
};

const fromRow = (row: DocumentData | undefined): Recovery | undefined => {
  if (row === undefined) return undefined;
  const recovery = { ...row } as Recovery & { expireAt?: unknown; pending?: unknown };
  delete recovery.expireAt;
  delete recovery.pending;
  return recovery;
};
