import { config } from "../../config.js";
import { lazy } from "../../kernel/lazy.js";
import { systemClock } from "../../kernel/time.js";
import { auth, firestore } from "../../platform/app.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { deps } from "../deps.js";
import { outboxDeps } from "../notices/notify.js";
import { firestoreSendLedger } from "./send-ledger.firestore.js";

/** Mailed codes as deployed: one per instance. */
export const codeDeps = lazy(() => ({
  ...deps(),
  ...outboxDeps(),
  ledger: firestoreSendLedger(firestore, config.mailCodes),
  limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock: systemClock }),
  verifyEmail: async (uid: string): Promise<void> => {
    await auth().updateUser(uid, { emailVerified: true });
  },
}));
