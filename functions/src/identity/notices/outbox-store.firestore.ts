import type { Firestore, Transaction, WriteBatch } from "firebase-admin/firestore";
import { lostRace } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { untilWon } from "../retry.js";
import { isFree, keptUntil, without, type OutboxItem, type OutboxStore } from "./outbox-store.js";

const NOTICES = "secNotices";

export const firestoreOutboxStore = (firestore: () => Firestore): OutboxStore => {
  const at = (id: string) => firestore().collection(NOTICES).doc(id);
  return {
    add: (item) =>
      at(item.id)
        .create(rowOf(item))
        .then(
          () => true,
          (error: unknown) => {
            if (lostRace(error)) return false;
            throw error;
          },
        ),
    find: async (id) => read((await at(id).get()).data()),
    claim: (id, { now, until }) =>
      untilWon(async () => {
        const snapshot = await at(id).get();
        const item = read(snapshot.data());
        if (item === undefined || snapshot.updateTime === undefined || !isFree(item, now)) return { answer: undefined };
        const lease = { leasedUntil: until, dueAt: until };
        try {
          await at(id).update(lease, { lastUpdateTime: snapshot.updateTime });
        } catch (error) {
          if (lostRace(error)) return undefined;
          throw error;
        }
        return { answer: { ...item, ...lease } };
      }),
    confirm: async (id, address, how) => {
      const { FieldPath } = adminFirestoreSdk();
      await at(id).update(new FieldPath("done", address), how).catch(unlessGone);
    },
    release: async (id, next) => {
      const { FieldValue } = adminFirestoreSdk();
      await at(id)
        .update({ ...next, leasedUntil: FieldValue.delete() })
        .catch(unlessGone);
    },
    settle: async (id, end) => {
      const gone = adminFirestoreSdk().FieldValue.delete();
      await at(id)
        .update({ ...end, content: gone, done: {}, leasedUntil: gone, dueAt: gone })
        .catch(unlessGone);
    },
    listDue: async (before, limit) => {
      const due = firestore().collection(NOTICES).where("dueAt", "<=", before).orderBy("dueAt").limit(limit);
      return (await due.select().get()).docs.map(({ id }) => id);
    },
  };
};

/** Adds the item to the caller's own batch or transaction. The commit fails when one with its id is there. */
export const addItem = (firestore: Firestore, writer: WriteBatch | Transaction, item: OutboxItem): void => {
  const reference = firestore.collection(NOTICES).doc(item.id);
  // The two have no common type; `create` is the same in both.
  if ("commit" in writer) writer.create(reference, rowOf(item));
  else writer.create(reference, rowOf(item));
};

const rowOf = (item: OutboxItem) => ({
  ...item,
  expireAt: adminFirestoreSdk().Timestamp.fromMillis(keptUntil(item)),
});

const read = (row: object | undefined): OutboxItem | undefined =>
  row === undefined ? undefined : without(row, "expireAt");

// Erased while it was on its way: there is nothing left to note.
const unlessGone = (error: unknown): void => {
  if ((error as { code?: number }).code !== 5) throw error; // NOT_FOUND
};
