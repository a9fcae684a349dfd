import { config } from "../../config.js";
import { lazy } from "../../kernel/lazy.js";
import { bucket, firestore } from "../../platform/app.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { firestoreSessionReader } from "../../platform/session-store.firestore.js";
import { deps } from "../deps.js";
import type { FilesDeps } from "./files-deps.js";
import { bucketObjects } from "./object-store.bucket.js";
import { firestoreStoredFiles } from "./stored-file-store.firestore.js";
import { firestoreTickets } from "./ticket-store.firestore.js";

export const filesDeps = lazy((): FilesDeps => {
  const all = deps();
  return {
    ...all,
    storedFiles: firestoreStoredFiles(firestore),
    tickets: firestoreTickets(firestore),
    objects: bucketObjects(bucket),
    sessions: firestoreSessionReader(firestore),
    limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock: all.clock }),
    cut: config.files,
  };
});
