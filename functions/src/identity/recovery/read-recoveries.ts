import type { EpochMs } from "../../kernel/time.js";
import type { Caller } from "../../platform/secure-call.js";
import type { RecoveryDeps } from "./deps.js";
import { idOf, isStoppable, slotOf, type Recovery } from "./recovery.js";

type Deps = Pick<RecoveryDeps, "recoveries" | "clock">;

/** What is under way for the caller's own account. */
export const readRecovery = async (deps: Deps, caller: Caller) => {
  const now = deps.clock();
  const [own, reset] = await Promise.all([
    deps.recoveries.find(slotOf("own", caller.uid)),
    deps.recoveries.find(slotOf("reset", caller.uid)),
  ]);
  return {
    own:
      own?.kind === "own" && isUnderWay(own, now)
        ? { state: own.state, startedAt: own.startedAt, expiresAt: own.expiresAt }
        : null,
    reset:
      reset?.kind === "reset" && isUnderWay(reset, now)
        ? { state: reset.state, requestedAt: reset.requestedAt, runsAt: reset.runsAt ?? null }
        : null,
  };
};

/** Resets that wait for somebody or something, those that run first in front. For operators. */
export const listResets = async (deps: Deps) => {
  const now = deps.clock();
  const pending = await deps.recoveries.listPending();
  const resets = pending
    .flatMap((each) => (each.kind === "reset" && isUnderWay(each, now) ? [each] : []))
    .map((reset) => ({
      id: idOf(reset),
      uid: reset.uid,
      state: reset.state,
      reason: reset.reason,
      requestedBy: reset.requestedBy,
      requestedAt: reset.requestedAt,
      approvedBy: reset.approvedBy ?? null,
      runsAt: reset.runsAt ?? null,
      expiresAt: reset.expiresAt,
    }));
  return { resets: resets.sort((a, b) => dueAt(a) - dueAt(b)) };
};

const isUnderWay = (recovery: Recovery, now: EpochMs): boolean =>
  recovery.state === "proven" || isStoppable(recovery, now);

const dueAt = ({ runsAt, expiresAt }: { runsAt: EpochMs | null; expiresAt: EpochMs }): EpochMs => runsAt ?? expiresAt;
