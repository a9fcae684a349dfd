import type { EpochMs } from "../../kernel/time.js";
import { carryOut } from "./carry-out.js";
import type { RecoveryDeps } from "./deps.js";
import { lapse, release, slotOf, type Recovery } from "./recovery.js";
import { beginHold } from "./request-reset.js";
import { tellStopped } from "./stop-recovery.js";

/**
 * Does what is due: carries out resets whose hold is over, goes on with whatever was cut short, and ends requests that nobody
 * approved. Judged by stored times alone: asked too early, too often or twice at once, it does no more than is due. One that
 * fails does not keep the others; the failure is thrown at the end, and the next run tries again.
 */
export const runResets = async (deps: RecoveryDeps): Promise<{ done: number }> => {
  const pending = await deps.recoveries.listPending();
  const now = deps.clock();
  const settled = await Promise.allSettled(pending.map((recovery) => goOn(deps, recovery, now)));
  const failed = settled.filter((each) => each.status === "rejected");
  if (failed.length > 0)
    throw new AggregateError(
      failed.map(({ reason }) => reason as unknown),
      `${String(failed.length)} recoveries wait for the next run`,
    );
  return { done: settled.filter((each) => each.status === "fulfilled" && each.value).length };
};

const goOn = async (deps: RecoveryDeps, recovery: Recovery, at: EpochMs): Promise<boolean> => {
  const slot = slotOf(recovery.kind, recovery.uid);
  const { round } = recovery;
  if (recovery.state === "proven") {
    await carryOut(deps, recovery);
    return true;
  }
  if (recovery.kind !== "reset") return false;
  if (recovery.state === "approved") await beginHold(deps, recovery);
  if (recovery.state === "requested" && (await deps.recoveries.apply(slot, (now) => lapse(now, { round, at }))))
    await tellStopped(deps, recovery, { reason: "not-approved" });
  if (recovery.state !== "held") return false;
  const due = await deps.recoveries.apply(slot, (now) => release(now, { round, at }));
  if (due === undefined) return false;
  await carryOut(deps, due);
  return true;
};
