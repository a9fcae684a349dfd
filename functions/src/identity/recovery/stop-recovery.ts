import type { Caller, Visitor } from "../../platform/secure-call.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import type { RecoveryDeps } from "./deps.js";
import { cancel, idOf, slotOf, splitId, type Recovery } from "./recovery.js";
import { readDisownToken } from "./secrets.js";
import { tellRecovery } from "./tell-recovery.js";

/** Stops everything that is under way for the caller's own account. Answers how much it was. */
export const cancelRecovery = async (deps: RecoveryDeps, caller: Caller): Promise<{ cancelled: number }> => ({
  cancelled: await stopAll(deps, caller.uid, { caller }),
});

/** Somebody said by a notice's link that it was not them: whatever is under way for the account stops. */
export const stopDenied = async (deps: RecoveryDeps, uid: string): Promise<void> => {
  await stopAll(deps, uid, {});
};

/**
 * Stops the recovery whose notice the token came with. Nobody need be signed in: the token is the proof. The answer tells
 * nothing to somebody without a good one.
 */
export const disownRecovery = async (
  deps: RecoveryDeps,
  _visitor: Visitor,
  token: string,
): Promise<{ stopped: boolean }> => {
  const meant = await readDisownToken(deps, token);
  return { stopped: meant !== undefined && (await stop(deps, meant, { reason: "disowned" })) };
};

/** Once a person is back by one way, the other must not take away what they set up since. */
export const stopOther = async (deps: RecoveryDeps, { kind, uid }: Recovery): Promise<void> => {
  const other = kind === "own" ? "reset" : "own";
  await stop(deps, { slot: slotOf(other, uid) }, { reason: "recovered" });
};

/** An operator stops a reset, for whatever reason. */
export const cancelReset = async (deps: RecoveryDeps, caller: Caller, id: string): Promise<{ cancelled: true }> => {
  const { slot, round } = splitId(id);
  if ((await deps.recoveries.find(slot))?.kind !== "reset") throw identityError("reset-unknown");
  if (!(await stop(deps, { slot, round }, { caller, reason: "operator" }))) throw identityError("reset-unknown");
  return { cancelled: true };
};

const stopAll = async (deps: RecoveryDeps, uid: string, by: { caller?: Caller }): Promise<number> => {
  const stopped = await Promise.all(
    (["own", "reset"] as const).map((kind) => stop(deps, { slot: slotOf(kind, uid) }, { ...by, reason: "owner" })),
  );
  return stopped.filter(Boolean).length;
};

const stop = async (
  deps: RecoveryDeps,
  { slot, round }: { slot: string; round?: string },
  by: { caller?: Caller; reason: string },
): Promise<boolean> => {
  const at = deps.clock();
  const was = await deps.recoveries.apply(slot, (now) => cancel(now, { at, ...(round !== undefined && { round }) }));
  if (was === undefined) return false;
  await tellStopped(deps, was, by);
  return true;
};

/** Log and notice of a recovery that came to nothing. */
export const tellStopped = async (
  deps: RecoveryDeps,
  was: Recovery,
  { caller, reason }: { caller?: Caller; reason: string },
): Promise<void> => {
  const { uid, kind, state } = was;
  const by = caller === undefined ? {} : { caller };
  await tellRecovery(deps, identityEvent["recovery-cancelled"], { ...by, uid, detail: { kind, state, reason } });
  await deps.notify({ id: `${idOf(was)}.cancelled`, uid, kind: "recovery-cancelled", facts: {} });
};
