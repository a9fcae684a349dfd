import { forgetSubject, listAccess, record, sign } from "../audit/index.js";
import { config, requireVariable } from "../config.js";
import {
  blindIndex,
  destroyKeys,
  hasKeys,
  heldFiles,
  keyedHash,
  open,
  openHeldFile,
  openObject,
  readAs,
  sealObject,
} from "../encryption/index.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { auth, bucket, firestore, keysFirestore } from "../platform/app.js";
import { dataMap } from "../platform/data-map.js";
import { cloudTaskQueue } from "../platform/tasks.js";
import { authAccounts } from "./accounts.js";
import { firestoreSessionEnder } from "./end-sessions.firestore.js";
import { bucketFiles } from "./files.js";
import { firestoreJobStore } from "./job-store.firestore.js";
import { firestoreSubjectRecords } from "./records.firestore.js";
import { sealedFiles } from "./sealed-files.js";

export const deps = lazy(() => ({
  map: dataMap,
  jobs: firestoreJobStore(firestore),
  records: firestoreSubjectRecords({ app: firestore, keys: keysFirestore }),
  files: sealedFiles(bucketFiles(bucket), { sealObject, openObject }),
  accounts: authAccounts(auth),
  endSessions: firestoreSessionEnder(firestore, systemClock),
  queue: cloudTaskQueue(),
  publicUrl: () => requireVariable("FIREKEEP_PUBLIC_URL"),
  clock: systemClock,
  pageSize: config.privacy.pageSize,
  sliceMs: config.privacy.sliceMs,
  random: systemRandom,
  open,
  readAs,
  heldFiles,
  openHeldFile,
  blindIndex,
  destroyKeys,
  hasKeys,
  keyedHash,
  record,
  listAccess,
  forgetSubject,
  sign,
}));
