import { config, projectId } from "../config.js";
import { lazy } from "../kernel/lazy.js";
import { systemClock } from "../kernel/time.js";
import { firestore } from "./app.js";
import { gatePorts } from "./gate-ports.js";
import type { Gate } from "./gate.js";
import { firestoreNonceStore } from "./nonce-store.firestore.js";
import { firestorePermitStore } from "./permit-store.firestore.js";
import { rateLimiter } from "./rate-limit.js";
import { sessionCache } from "./session-cache.js";
import { firestoreSessionReader } from "./session-store.firestore.js";

/** The gate as deployed: one per instance. */
export const defaultGate = lazy((): Gate => {
  const reader = firestoreSessionReader(firestore);
  const clock = systemClock;
  return {
    reader,
    clock,
    sessions: sessionCache({ reader, clock }, { cacheMs: config.session.cacheMs, entries: 5_000 }),
    limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock }),
    nonces: firestoreNonceStore(firestore),
    ports: gatePorts,
    projectId,
  };
});
