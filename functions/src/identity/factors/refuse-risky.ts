import type { Session } from "../../platform/session.js";
import { identityError } from "../errors.js";

/**
 * A sign-in that looked unusual and showed no second factor may not set one up: a thief would lock the owner out with it. A
 * recovery counts as one, since new factors are what it is for.
 */
export const refuseRisky = (session: Session): void => {
  const shown = session.mfaAt !== undefined || session.amr.includes("recovery");
  if (session.riskReasons.length > 0 && !shown) throw identityError("session-risky");
};
