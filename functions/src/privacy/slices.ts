import { createHash } from "node:crypto";
import type { Clock } from "../kernel/time.js";
import type { TaskQueue } from "../platform/tasks.js";
import { privacyError } from "./errors.js";
import type { JobState, JobStore } from "./job.js";

export interface SliceDeps {
  readonly jobs: JobStore;
  readonly queue: TaskQueue;
  readonly clock: Clock;
  /** Documents or objects of one page; at most 499, which with the job itself is one commit. */
  readonly pageSize: number;
  /** How long a slice goes on. */
  readonly sliceMs: number;
}

/**
 * Works on a job page by page until it is done or the slice's time is over; then the queue goes on. Every page leaves the
 * job's place behind it, so that a slice may die anywhere, and may be delivered twice.
 *
 * @param page does one page: true when the job moved, false when somebody else moved it, "done" when it was the last
 * @throws privacy/job-moved when somebody else works on the job: the queue tries again later
 */
export const runSlice = async (
  deps: SliceDeps,
  functionId: string,
  jobId: string,
  page: (job: JobState) => Promise<boolean | "done">,
): Promise<void> => {
  const until = deps.clock() + deps.sliceMs;
  let lost = 0;
  for (let job = await deps.jobs.find(jobId); job !== undefined; job = await deps.jobs.find(jobId)) {
    if (deps.clock() >= until) return enqueueSlice(deps, functionId, job);
    const moved = await page(job);
    if (moved === "done") return;
    lost = moved ? 0 : lost + 1;
    if (lost >= PATIENCE) throw privacyError("job-moved");
  }
};

const PATIENCE = 5;

/** The next slice's name follows from the job's place, so that two deliveries of one slice make one next slice. */
export const enqueueSlice = async (
  deps: Pick<SliceDeps, "queue">,
  functionId: string,
  job: JobState,
): Promise<void> => {
  const { id, step, cursor, round, part } = job;
  const place = createHash("sha256")
    .update(JSON.stringify([id, step, cursor, round, part, versionText(job)]))
    .digest("base64url");
  await deps.queue.enqueue(functionId, { id: place, data: { job: id } });
};

const versionText = ({ version }: JobState): string => JSON.stringify(version ?? null);
