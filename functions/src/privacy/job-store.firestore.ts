import type { DocumentSnapshot, Firestore, Timestamp, WriteBatch } from "firebase-admin/firestore";
import type { Job, JobState, JobStore, PrivacyRequest, Receipt } from "./job.js";
import { addChange } from "./records.firestore.js";
import { lostRace } from "../platform/lost-race.js";

export const firestoreJobStore = (firestore: () => Firestore): JobStore => {
  const jobs = (id: string) => firestore().collection("privacyJobs").doc(id);
  const requests = (id: string) => firestore().collection("privacyRequests").doc(id);
  const receipts = (id: string) => firestore().collection("privacyReceipts").doc(id);
  return {
    begin: async ({ id, ...job }, { id: requestId, ...request }, receipt) => {
      const batch = firestore().batch();
      batch.create(jobs(id), { ...job, status: "running" });
      batch.create(requests(requestId), request);
      if (receipt !== undefined) batch.create(receipts(job.receipt), { ...receipt });
      return commit(batch);
    },
    find: async (id) => jobIn(await jobs(id).get()),
    advance: async (job, progress, changes = []) => {
      const batch = firestore().batch();
      batch.update(jobs(job.id), { ...progress }, versionOf(job));
      for (const change of changes) addChange(firestore(), batch, change);
      return commit(batch);
    },
    finish: async (job, request, receipt) => {
      const batch = firestore().batch();
      batch.delete(jobs(job.id), versionOf(job));
      batch.update(requests(job.request), { ...request });
      if (receipt !== undefined) batch.set(receipts(job.receipt), { ...receipt });
      return commit(batch);
    },
    trouble: async (job, status) => {
      const batch = firestore().batch();
      batch.update(jobs(job.id), { status });
      batch.update(requests(job.request), { status });
      if (job.receipt !== "") batch.update(receipts(job.receipt), { status });
      await commit(batch);
    },
    request: async (id) => {
      const found = await requests(id).get();
      return found.exists ? ({ ...found.data(), id } as PrivacyRequest) : undefined;
    },
    receipt: async (id) => (await receipts(id).get()).data() as Receipt | undefined,
  };
};

const jobIn = (found: DocumentSnapshot): JobState | undefined =>
  found.exists ? { ...(found.data() as Omit<Job, "id">), id: found.id, version: found.updateTime } : undefined;

const versionOf = (job: JobState) => ({ lastUpdateTime: job.version as Timestamp });

// google.rpc.Code: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED.
const commit = (batch: WriteBatch): Promise<boolean> =>
  batch.commit().then(
    () => true,
    (error: unknown) => {
      if (lostRace(error)) return false;
      throw error;
    },
  );
