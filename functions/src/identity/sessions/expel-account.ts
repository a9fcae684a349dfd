import type { Caller } from "../../platform/secure-call.js";
import type { IdentityDeps } from "../deps.js";
import { identityEvent } from "../events.js";
import type { ExpelReason } from "./expel-reasons.js";
import { endAll } from "./revoke-sessions.js";

type Deps = Pick<IdentityDeps, "sessions" | "directory" | "devices" | "record" | "notify" | "clock">;

/**
 * An operator ends every session of one account, Firebase's refresh tokens and the trust in devices included. The person is
 * told and may sign in again. An account that nobody has is answered like one without sessions; the log tells them apart.
 */
export const expelAccount = async (
  deps: Deps,
  operator: Pick<Caller, "uid" | "ip">,
  { uid, reason }: { uid: string; reason: ExpelReason },
): Promise<{ ended: number }> => {
  const status = await deps.directory.status(uid);
  const ended = await endAll(deps, uid, "operator");
  await deps.record({
    type: identityEvent["session-revoked"],
    outcome: status === undefined && ended === 0 ? "failure" : "success",
    actor: operator.uid,
    subject: uid,
    ip: operator.ip,
    detail: { reason, count: ended },
  });
  // Each call is told, also one that found nothing: refresh tokens and trust are gone.
  const id = `sessions-ended-${uid}-${String(deps.clock())}`;
  if (status !== undefined) await deps.notify({ id, uid, kind: "sessions-ended", facts: {} });
  return { ended };
};
