import { config } from "../config.js";
import type { SecurityEvent } from "../kernel/event.js";
import { privacyEvent } from "./events.js";
import type { JobStore } from "./job.js";

/** After a slice failed: says so on the request, and to the operators when no attempt is left. */
export const markTrouble = async (
  deps: { readonly jobs: JobStore; readonly record: (event: SecurityEvent) => Promise<void> },
  jobId: string,
  attempt: number,
): Promise<void> => {
  const job = await deps.jobs.find(jobId);
  if (job === undefined) return;
  const isLast = attempt >= config.privacy.attempts;
  await deps.jobs.trouble(job, isLast ? "failed" : "retrying");
  if (!isLast) return;
  await deps.record({
    type: privacyEvent["job-failed"],
    outcome: "failure",
    detail: { call: `privacy-${job.kind}-run`, request: job.request },
  });
};
