import { recoveryDeps } from "./deps.js";
import { stopDenied } from "./stop-recovery.js";

/** "This was not me", said by a notice's link: stops every recovery of the account that is under way. */
export const whenDenied = (uid: string): Promise<void> => stopDenied(recoveryDeps(), uid);
