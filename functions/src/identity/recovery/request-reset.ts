import { config } from "../../config.js";
import { randomId } from "../../kernel/random.js";
import type { EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { RecoveryDeps } from "./deps.js";
import { approve, hold, idOf, request, slotOf, splitId, type Reset } from "./recovery.js";
import { disownToken } from "./secrets.js";
import { tellRecovery } from "./tell-recovery.js";

/**
 * Asks for the second factors of somebody who has no other way left to be removed. Nothing happens before a second person
 * approves. There is no credential in it: an administrator starts a reset and never sets what comes after.
 *
 * @throws identity/reset-refused for oneself, -reset-missing, -reset-pending
 */
export const requestReset = async (
  deps: RecoveryDeps,
  caller: Caller,
  { uid, reason }: { uid: string; reason: string },
): Promise<{ id: string; expiresAt: EpochMs }> => {
  if (uid === caller.uid) throw identityError("reset-refused");
  if ((await deps.directory.status(uid)) === undefined) throw identityError("reset-missing");
  const requestedAt = deps.clock();
  const fresh: Reset = {
    kind: "reset",
    uid,
    round: randomId(deps.random),
    state: "requested",
    reason,
    requestedBy: caller.uid,
    requestedAt,
    expiresAt: requestedAt + config.recovery.approveMs,
    lost: { totp: true, passkeys: "all" },
  };
  if (!(await deps.recoveries.apply(slotOf("reset", uid), (now) => request(now, fresh))))
    throw identityError("reset-pending");
  const id = idOf(fresh);
  await tellRecovery(deps, identityEvent["reset-requested"], { caller, uid, detail: { reset: id } });
  return { id, expiresAt: fresh.expiresAt };
};

/**
 * The second person's word. Every address of the account is told at once, and the hold begins.
 *
 * @throws identity/reset-refused to whoever asked for it and to the person it is about, -reset-unknown
 */
export const approveReset = async (deps: RecoveryDeps, caller: Caller, id: string): Promise<{ runsAt: EpochMs }> => {
  const { slot, round } = splitId(id);
  const by = { round, uid: caller.uid, at: deps.clock() };
  const approved = await deps.recoveries.apply(slot, (now) => approve(now, by));
  if (approved === "own-request") throw identityError("reset-refused");
  if (approved === "unknown") throw identityError("reset-unknown");
  if (approved.runsAt !== undefined) return { runsAt: approved.runsAt };
  await tellRecovery(deps, identityEvent["reset-approved"], { caller, uid: approved.uid, detail: { reset: id } });
  return { runsAt: await beginHold(deps, approved) };
};

/**
 * Tells every address, then begins the hold: it counts from the telling, so that it never runs out unheard. Cut short between
 * the two, it is begun again; the notice is sent once, and says the earlier of the two times.
 */
export const beginHold = async (deps: RecoveryDeps, reset: Reset): Promise<EpochMs> => {
  const runsAt = deps.clock() + config.recovery.holdMs;
  const disown = await disownToken(deps, reset);
  const { uid, round } = reset;
  await deps.notify({ id: `${idOf(reset)}.held`, uid, kind: "reset-requested", facts: { runsAt }, disown });
  const held = await deps.recoveries.apply(slotOf("reset", uid), (now) => hold(now, { round, runsAt }));
  return held?.runsAt ?? runsAt;
};
