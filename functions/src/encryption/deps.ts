import { record, recordAccess, recordAccesses } from "../audit/index.js";
import { config } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { firestore, keysFirestore } from "../platform/app.js";
import { dataMap } from "../platform/data-map.js";
import { kms } from "../platform/kms.js";
import { firestoreDataKeyStore } from "./keys/data-key-store.firestore.js";
import { firestoreEpochStore } from "./keys/epoch-store.firestore.js";
import { wire } from "./wire.js";
import { firestoreDocumentStore } from "./documents/document-store.firestore.js";
import { firestoreIndexRootStore } from "./indexes/index-root-store.firestore.js";
import { firestoreNativeTypes } from "./tokens/native-types.firestore.js";

export const deps = lazy(() => ({
  ...wire({
    dataMap,
    kms: kms(),
    store: firestoreDataKeyStore(keysFirestore),
    epochs: firestoreEpochStore(keysFirestore),
    roots: firestoreIndexRootStore(keysFirestore),
    natives: firestoreNativeTypes(firestore),
    clock: systemClock,
    random: systemRandom,
    limits: config.keys,
  }),
  firestore,
  documents: firestoreDocumentStore(firestore),
  record,
  recordAccess,
  recordAccesses,
}));
