import type { DocumentData, Firestore } from "firebase-admin/firestore";
import { config } from "../../config.js";
import { wins } from "../../platform/lost-race.js";
import { adminFirestoreSdk } from "../../platform/sdk.js";
import { encryptionError } from "../errors.js";
import type { VaultRequest } from "./vault-request.js";
import type { VaultStore } from "./vault-store.js";

const REQUESTS = "vaultRequests";
// Whoever loses reads again, and mostly finds that its step is refused now.
const TRIES = 12;

/** One document a request. Races are settled by preconditions, never by locks. */
export const firestoreVaultStore = (firestore: () => Firestore): VaultStore => {
  const at = (id: string) => firestore().collection(REQUESTS).doc(id);
  return {
    add: async (request, record) => {
      const batch = firestore().batch();
      batch.create(at(request.id), toRow(request));
      record.addTo(batch);
      await batch.commit();
    },
    find: async (id) => fromRow((await at(id).get()).data()),
    apply: async (id, step, record) => {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const snapshot = await at(id).get();
        const before = fromRow(snapshot.data());
        const taken = step(before);
        if ("refused" in taken) return taken;
        if (snapshot.updateTime === undefined) throw new TypeError("a step of a vault request never makes one");
        const batch = firestore().batch();
        batch.update(at(id), changeOf(before, taken.next), { lastUpdateTime: snapshot.updateTime });
        record?.addTo(batch);
        if (await wins(batch.commit())) return { done: taken.next };
      }
      throw encryptionError("write-conflict");
    },
    list: async ({ limit, before }) => {
      const newest = firestore().collection(REQUESTS).orderBy("requestedAt", "desc").limit(limit);
      const { docs } = await (before === undefined ? newest : newest.where("requestedAt", "<", before)).get();
      return docs.flatMap((each) => fromRow(each.data()) ?? []);
    },
    overdue: async (now, limit) => {
      const hidden = firestore().collection(REQUESTS).where("hiddenUntil", "<=", now);
      const { docs } = await hidden.orderBy("hiddenUntil").limit(limit).get();
      return docs.flatMap((each) => fromRow(each.data()) ?? []);
    },
  };
};

const toRow = (request: VaultRequest): DocumentData => ({
  ...request,
  fields: [...request.fields],
  expireAt: adminFirestoreSdk().Timestamp.fromMillis(request.requestedAt + config.vault.keepMs),
});

/** Only what is new: an erasure that took the person out of it meanwhile must not be undone. */
const changeOf = (before: VaultRequest | undefined, next: VaultRequest): DocumentData => {
  const was: DocumentData = { ...before };
  const is: DocumentData = { ...next };
  const gone = Object.keys(was).filter((name) => !(name in is));
  const news = Object.entries(is).filter(([name, value]) => was[name] !== value);
  return {
    ...Object.fromEntries(news),
    ...Object.fromEntries(gone.map((name) => [name, adminFirestoreSdk().FieldValue.delete()])),
  };
};

const fromRow = (row: DocumentData | undefined): VaultRequest | undefined => {
  if (row === undefined) return undefined;
  const request = { ...row } as VaultRequest & { expireAt?: unknown };
  delete request.expireAt;
  return request;
};
