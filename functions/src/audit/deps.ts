import { projectId } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { firestore, keysFirestore } from "../platform/app.js";
import { kms } from "../platform/kms.js";
import { log } from "../platform/log.js";
import { pausingPublisher, pubsubPublisher } from "../platform/pubsub.js";
import { kmsSigner } from "./kms-signer.js";
import { firestoreLogStore } from "./log-store.firestore.js";
import { rememberedPseudonyms } from "./pseudonyms.js";
import { firestorePseudonymStore } from "./pseudonym-store.firestore.js";
import { firestoreSpool } from "./spool.firestore.js";

export const deps = lazy(() => {
  const clock = systemClock;
  const random = systemRandom;
  return {
    firestore,
    clock,
    random,
    log,
    spool: firestoreSpool(firestore),
    store: firestoreLogStore(firestore),
    publisher: pausingPublisher(pubsubPublisher(), clock),
    pseudonyms: rememberedPseudonyms({ store: firestorePseudonymStore(keysFirestore), clock, random }),
    signer: kmsSigner(kms),
    origin: `firekeep/${projectId()}`,
  };
});
