import { lazy } from "../../kernel/lazy.js";
import { firestore } from "../../platform/app.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter } from "../../platform/rate-limit.js";
import { deps } from "../deps.js";
import type { SmsDeps } from "./admit-sms.js";

/** Messages as deployed. Refusals are remembered by the instance, so that a flood causes no writes. */
export const smsDeps = lazy((): SmsDeps => {
  const { encryption, record, clock } = deps();
  return { encryption, record, limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock }) };
});
