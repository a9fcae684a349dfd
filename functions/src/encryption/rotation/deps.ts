import { record } from "../../audit/index.js";
import { config } from "../../config.js";
import { lazy } from "../../kernel/lazy.js";
import { firestore, keysFirestore } from "../../platform/app.js";
import { kmsLocations } from "../../platform/kms-locations.js";
import { cloudTaskQueue } from "../../platform/tasks.js";
import { deps } from "../deps.js";
import { KEY_TIERS, keyClassOf } from "../keys/key-class.js";
import { firestoreJobStore } from "./job-store.firestore.js";
import { rotation } from "./rotation.js";
import { firestoreSweepDocuments } from "./sweep-documents.firestore.js";

export const rotationDeps = lazy(() => ({
  ...rotation({
    domain: deps(),
    documents: firestoreSweepDocuments(firestore),
    jobs: firestoreJobStore(keysFirestore),
    queue: cloudTaskQueue(),
    record,
    keyClasses,
    limits: { ...config.keys, ...config.rotation, objectsKeptMs: config.privacy.exportKeepMs },
  }),
  stoppedAfterMs: config.rotation.stoppedAfterMs,
}));

const keyClasses = () => {
  const [, ...others] = kmsLocations();
  return [undefined, ...others].flatMap((location) => KEY_TIERS.map((tier) => keyClassOf(tier, location)));
};
