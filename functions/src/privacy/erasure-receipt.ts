import { config } from "../config.js";
import { DAY } from "../kernel/time.js";
import type { ErasurePlan } from "./erasure-plan.js";
import { horizonOf } from "./horizon.js";
import type { Job } from "./job.js";

/**
 * What an erasure receipt states. It names nobody: whoever holds its id knows whose it is.
 *
 * @param now when the erasure ended
 */
export const receiptStatement = (job: Job, plan: ErasurePlan, now: number) => {
  const { keys = {}, ...counts } = job.counts;
  const horizon = horizonOf({ horizon: config.privacy.horizon, keys: config.keys }, now);
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
    horizonDays: horizon.sealed.days,
    plainHorizonDays: horizon.plain.days,
    horizon,
  };
};
