import { randomBytes } from "node:crypto";

/** A project of this run's own: nothing of an earlier run counts, neither permits nor sessions. */
export const PROJECT = `demo-gate-${randomBytes(4).toString("hex")}`;

// With the Auth emulator, or with skipTokenVerification, signatures are not checked at all: here they must be.
const CLEARED = /^(FIREKEEP_|FIREBASE_|GOOGLE_|GCLOUD_|CLOUD_RUNTIME_CONFIG$|PUBSUB_|STORAGE_|CLOUD_TASKS_)/;
for (const name of Object.keys(process.env)) if (CLEARED.test(name)) Reflect.deleteProperty(process.env, name);
process.env["GCLOUD_PROJECT"] = PROJECT;
// There is no metadata server, and looking for one takes seconds.
process.env["METADATA_SERVER_DETECTION"] = "none";
