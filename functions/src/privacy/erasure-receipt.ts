import { config } from "../config.js";
import { DAY } from "../kernel/time.js";
import type { ErasurePlan } from "./erasure-plan.js";
import type { Job } from "./job.js";

/**
 * What an erasure receipt states. It names nobody: whoever holds its id knows whose it is.
 *
 * @param now when the erasure ended
 */
export const receiptStatement = (job: Job, plan: ErasurePlan, now: number) => {
  const { keys = {}, ...counts } = job.counts;
  return {
    type: "firekeep/erasure-receipt/v1",
    receipt: job.receipt,
    request: job.request,
    requestedAt: new Date(job.at).toISOString(),
    at: new Date(now).toISOString(),
    planHash: job.planHash,
    counts,
    keysDestroyed: keys["destroyed"] ?? 0,
    residual: 0,
    // Parts of which this person had something. Of a reduced document, the kept fields are what is left.
    kept: plan.kept
      .filter(({ part }) => (counts[part]?.["kept"] ?? 0) + (counts[part]?.["reduced"] ?? 0) > 0)
      .map(({ part, fields, keep, because, days }) => {
        return { part, fields, keep, because, until: new Date(now + days * DAY).toISOString().slice(0, 10) };
      }),
    ...horizonDays(),
  };
};

/** After how many days nothing of it can be restored from anywhere: fields under the person's keys, and fields stored plain. */
export const horizonDays = (): { horizonDays: number; plainHorizonDays: number } => {
  const { keysBackupMs, kmsDestroyMs, plainBackupMs } = config.privacy.horizon;
  const sealedMs = Math.max(keysBackupMs, kmsDestroyMs, config.keys.cacheMs);
  return {
    horizonDays: Math.ceil(sealedMs / DAY),
    plainHorizonDays: Math.ceil(Math.max(sealedMs, plainBackupMs) / DAY),
  };
};
