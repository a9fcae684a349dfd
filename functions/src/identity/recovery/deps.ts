import { lazy } from "../../kernel/lazy.js";
import { systemClock } from "../../kernel/time.js";
import { firestore } from "../../platform/app.js";
import { firestorePermitStore } from "../../platform/permit-store.firestore.js";
import { rateLimiter, type RateLimiter } from "../../platform/rate-limit.js";
import { deps, type IdentityDeps } from "../deps.js";
import type { GivenFactor } from "../factors/given-factor.js";
import { verifyFactor } from "../factors/verify-factor.js";
import { noticesDeps } from "../notices/deps.js";
import { sendLetter, type Letter } from "../notices/send-letter.js";
import type { RecoveryStore } from "./recovery-store.js";
import { firestoreRecoveryStore } from "./recovery-store.firestore.js";

/** What the ways back into an account work with. */
export type RecoveryDeps = IdentityDeps & {
  readonly recoveries: RecoveryStore;
  /** Mails a secret, once by its id. False when the account has no such address. */
  readonly sendLetter: (letter: Letter) => Promise<boolean>;
  /** Takes a factor that is still bound, and uses it up, or throws. */
  readonly verify: (given: GivenFactor) => Promise<unknown>;
  /** By network, beside the gate's limit by account. */
  readonly limiter: RateLimiter;
};

export const recoveryDeps = lazy((): RecoveryDeps => ({
  ...deps(),
  recoveries: firestoreRecoveryStore(firestore),
  sendLetter: (letter) => sendLetter(noticesDeps(), letter),
  verify: (given) => verifyFactor(deps(), given),
  limiter: rateLimiter({ permits: firestorePermitStore(firestore), clock: systemClock }),
}));
