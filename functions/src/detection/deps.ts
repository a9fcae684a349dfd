import { record } from "../audit/index.js";
import { config } from "../config.js";
import { keyedHash } from "../encryption/index.js";
import { lazy } from "../kernel/lazy.js";
import { systemRandom } from "../kernel/random.js";
import { systemClock } from "../kernel/time.js";
import { firestore } from "../platform/app.js";
import { log } from "../platform/log.js";
import { pubsubPublisher } from "../platform/pubsub.js";
import type { AssessDeps } from "./assess-sign-in.js";
import type { ConsumeDeps } from "./consume-event.js";
import { firestoreDecisionStore } from "./decision-store.firestore.js";
import { deviceOf } from "./device.js";
import { failureCounts } from "./failure-counts.js";
import { findAccount } from "./find-account.js";
import type { IngestDeps } from "./ingest-activity.js";
import { locator } from "./locate.js";
import { firestoreProfileStore } from "./profile-store.firestore.js";
import { rulesFor } from "./rules/index.js";
import { firestoreSeenStore, firestoreWindowStore } from "./window-store.firestore.js";

/** Detection as deployed: one per instance. */
export const deps = lazy((): AssessDeps & ConsumeDeps & IngestDeps => {
  const windows = firestoreWindowStore(firestore);
  const publisher = pubsubPublisher();
  return {
    profiles: firestoreProfileStore(firestore),
    decisions: firestoreDecisionStore(firestore),
    failureCounts: failureCounts({ windows }),
    locate: locator(),
    deviceOf,
    windows,
    seen: firestoreSeenStore(firestore),
    quiet: new Map(),
    rulesFor,
    record,
    publish: (topic, message, attributes) => publisher.publish(topic, message, attributes),
    findAccount,
    keyedHash,
    clock: systemClock,
    random: systemRandom,
    log,
    thresholds: config.risk,
  };
});
