import type { DocumentSnapshot, Firestore, Timestamp } from "firebase-admin/firestore";
import { wins } from "../../platform/lost-race.js";
import { isUnderWay, type Job, type JobKind, type JobStore, type StoredJob } from "./job.js";

/** `keyJobs/{kind}` in the database of keys. */
export const firestoreJobStore = (keysFirestore: () => Firestore): JobStore => {
  const reference = (kind: JobKind) => keysFirestore().collection("keyJobs").doc(kind);
  return {
    find: async (kind) => jobIn(await reference(kind).get()),
    begin: async (job) => {
      const seen = await reference(job.kind).get();
      if (isUnderWay(jobIn(seen))) return false;
      if (seen.updateTime === undefined) return wins(reference(job.kind).create({ ...job }));
      return wins(reference(job.kind).update({ ...job }, { lastUpdateTime: seen.updateTime }));
    },
    advance: (job, progress) =>
      wins(reference(job.kind).update({ ...progress }, { lastUpdateTime: job.version as Timestamp })),
  };
};

const jobIn = (found: DocumentSnapshot): StoredJob | undefined =>
  found.exists ? { ...(found.data() as Job), version: found.updateTime } : undefined;
