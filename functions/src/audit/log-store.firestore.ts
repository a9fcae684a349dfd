import type { DocumentSnapshot, Firestore, Timestamp } from "firebase-admin/firestore";
import type { EpochMs } from "../kernel/time.js";
import { UNPLACED } from "./entry.js";
import type { LogStore, SealedCheckpoint } from "./log-store.js";
import { EMPTY_RANGE, rootOf, type CompactRange } from "./merkle-tree.js";
import { lostRace } from "../platform/lost-race.js";

/** `auditEntries`, and the head in `auditHead/tree`, `auditHead/checkpoint`, `auditHead/lease`. No transactions: preconditions. */
export const firestoreLogStore = (firestore: () => Firestore): LogStore => {
  const entries = () => firestore().collection("auditEntries");
  const head = (name: string) => firestore().collection("auditHead").doc(name);
  return {
    takeLease: async (lease, now) => {
      const found = await head("lease").get();
      if (((found.get("until") as EpochMs | undefined) ?? 0) > now) return false;
      return writeIfUnchanged(found, lease);
    },
    dropLease: async (holder) => {
      const found = await head("lease").get();
      if (found.get("holder") !== holder || found.updateTime === undefined) return;
      await head("lease").delete({ lastUpdateTime: found.updateTime }).catch(ignoreLostRace);
    },
    head: async () => {
      const found = await head("tree").get();
      return { range: rangeOf(found), version: found.updateTime };
    },
    unplaced: async (limit) => {
      const found = await entries().where("index", "==", UNPLACED).orderBy("time").limit(limit).get();
      return found.docs.map((row) => ({ id: row.id, ocsf: row.get("ocsf") as string }));
    },
    advance: async (from, to, places) => {
      const batch = firestore().batch();
      for (const { id, index, leaf } of places) batch.update(entries().doc(id), { index, leaf });
      const row = {
        size: to.size,
        hashes: to.hashes.map((hash) => hash.toString("base64")),
        root: rootOf(to).toString("base64"),
      };
      if (from.version === undefined) batch.create(head("tree"), row);
      else batch.update(head("tree"), row, { lastUpdateTime: from.version as Timestamp });
      return batch.commit().then(() => true, ignoreLostRace);
    },
    range: async (start, end) => {
      const found = await entries().where("index", ">=", start).where("index", "<", end).orderBy("index").get();
      return found.docs.map((row) => {
        const { index, leaf, ocsf } = row.data() as { index: number; leaf: string; ocsf: string };
        return { id: row.id, index, leaf, ocsf };
      });
    },
    checkpoint: async () => (await head("checkpoint").get()).data() as SealedCheckpoint | undefined,
    keepCheckpoint: async (checkpoint) => {
      const found = await head("checkpoint").get();
      if (((found.get("size") as number | undefined) ?? -1) < checkpoint.size)
        await writeIfUnchanged(found, checkpoint);
    },
  };
};

const rangeOf = (found: DocumentSnapshot): CompactRange => {
  const row = found.data() as { size: number; hashes: string[] } | undefined;
  return row === undefined
    ? EMPTY_RANGE
    : { size: row.size, hashes: row.hashes.map((hash) => Buffer.from(hash, "base64")) };
};

const writeIfUnchanged = (found: DocumentSnapshot, data: object): Promise<boolean> => {
  const write =
    found.updateTime === undefined
      ? found.ref.create(data)
      : found.ref.update({ ...data }, { lastUpdateTime: found.updateTime });
  return write.then(() => true, ignoreLostRace);
};

// google.rpc.Code: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED.
const ignoreLostRace = (error: unknown): false => {
  if (lostRace(error)) return false;
  throw error;
};
