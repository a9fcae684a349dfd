import type { EventDetail, EventType, SecurityEvent } from "../../kernel/event.js";
import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";

/** Records what happened to a recovery: by its own person, by an operator about somebody else, or by itself. */
export const tellRecovery = (
  deps: Pick<IdentityDeps, "record">,
  type: EventType,
  about: {
    readonly caller?: Caller;
    /** The account it is about, when that is not the caller's. */
    readonly uid?: string;
    readonly outcome?: SecurityEvent["outcome"];
    readonly detail?: EventDetail;
  },
): Promise<void> => {
  const { caller, uid = caller?.uid, outcome = "success", detail } = about;
  const actor = caller === undefined ? "system" : caller.uid === uid ? undefined : caller.uid;
  return deps.record({
    type,
    outcome,
    ...(uid !== undefined && { subject: uid }),
    ...(actor !== undefined && { actor }),
    ...(caller !== undefined && { ip: caller.ip, ...(caller.sid !== undefined && { session: caller.sid }) }),
    ...(detail !== undefined && { detail }),
  });
};
