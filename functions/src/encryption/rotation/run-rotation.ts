import { createHash } from "node:crypto";
import type { SecurityEvent } from "../../kernel/event.js";
import { DomainError } from "../../kernel/errors.js";
import { SECOND, type Clock } from "../../kernel/time.js";
import type { TaskQueue } from "../../platform/tasks.js";
import { encryptionEvent } from "../events.js";
import { isUnderWay, troublesOf, type JobKind, type JobStore, type Progress, type StoredJob } from "./job.js";
import type { Item, Page, Part, Sweeps } from "./sweep.js";

export interface SliceDeps {
  readonly jobs: JobStore;
  readonly queue: TaskQueue;
  readonly clock: Clock;
  readonly sweeps: Sweeps;
  readonly record: (event: SecurityEvent) => Promise<void>;
  readonly limits: {
    /** Things of one page, after which the job's place is kept. */
    readonly pageSize: number;
    /** Of them, how many are worked on at once. */
    readonly parallel: number;
    /** How long a slice goes on. */
    readonly sliceMs: number;
    /** First and longest pause while KMS or the keys cannot be reached. */
    readonly firstPauseMs: number;
    readonly longestPauseMs: number;
  };
}

export const ROTATION_RUN = "encryption-rotation-run";

/**
 * A slice of a job: page by page, until it is done, waits, or the slice's time is over; then the queue goes on. Every page
 * leaves the job's place behind it, so that a slice may die anywhere, and may be delivered twice.
 */
export const runRotation = async (deps: SliceDeps, kind: JobKind): Promise<void> => {
  const until = deps.clock() + deps.limits.sliceMs;
  let lost = 0;
  for (let job = await deps.jobs.find(kind); isUnderWay(job); job = await deps.jobs.find(kind)) {
    const now = deps.clock();
    if (now >= until) return enqueueJob(deps, job);
    // By another name than that of the task that came too early: the queue takes none twice.
    if (now < job.dueAt) return enqueueJob(deps, job, String(now));
    lost = (await step(deps, job)) ? 0 : lost + 1;
    // Somebody else works on it, and queues what comes after.
    if (lost >= PATIENCE) return;
  }
};

const PATIENCE = 5;

/** A slice's name follows from the job's place, so that two deliveries of one slice make one next slice. */
export const enqueueJob = async (
  { queue, clock }: Pick<SliceDeps, "queue" | "clock">,
  { kind, startedAt, round, part, cursor, dueAt, failures }: StoredJob,
  nonce = "",
): Promise<void> => {
  const place = JSON.stringify([kind, startedAt, round, part, cursor, dueAt, failures, nonce]);
  const id = createHash("sha256").update(place).digest("base64url");
  await queue.enqueue(ROTATION_RUN, { id, data: { kind }, delayMs: Math.max(0, dueAt - clock()) });
};

/** One page, or the end of a round. False when somebody else moved the job. */
const step = async (deps: SliceDeps, job: StoredJob): Promise<boolean> => {
  try {
    const sweep = deps.sweeps[job.kind];
    if (job.part === "" && job.cursor === "") await sweep.before?.(job);
    const parts = await sweep.parts(job);
    const at = job.part === "" ? 0 : parts.findIndex(({ name }) => name === job.part);
    const part = parts[Math.max(at, 0)];
    if (part === undefined) return await endRound(deps, job);
    const page = await part.page(at < 0 ? "" : job.cursor, deps.limits.pageSize);
    const done = await workOn(deps, part, page);
    const next = page.next === undefined ? parts[Math.max(at, 0) + 1] : part;
    const progress = { ...counted(job, done), ...going(deps), part: next?.name ?? "", cursor: page.next ?? "" };
    if (next !== undefined) return await deps.jobs.advance(job, progress);
    return await endRound(deps, { ...job, ...progress });
  } catch (error) {
    if (!(error instanceof DomainError) || !PAUSES.has(error.code)) throw error;
    return pause(deps, job, error.code);
  }
};

const going = ({ clock }: SliceDeps): Progress => ({ state: "running", updatedAt: clock(), reason: "", failures: 0 });

interface Done {
  worked: number;
  readonly troubles: { code: string; name: string }[];
}

const workOn = async ({ limits }: SliceDeps, part: Part, { items }: Page): Promise<Done> => {
  const done: Done = { worked: 0, troubles: [] };
  for (let from = 0; from < items.length; from += limits.parallel) {
    const group = items.slice(from, from + limits.parallel).map((item) => attempt(done, part, item));
    // All of them end before anybody hears of a failure: nothing goes on in the background.
    for (const result of await Promise.allSettled(group)) if (result.status === "rejected") throw result.reason;
  }
  return done;
};

const attempt = async (done: Done, { name }: Part, item: Item): Promise<void> => {
  try {
    if (await item.work()) done.worked += 1;
  } catch (error) {
    if (!(error instanceof DomainError) || PAUSES.has(error.code)) throw error;
    const hash = createHash("sha256").update(item.path).digest("hex").slice(0, 16);
    done.troubles.push({ code: error.code, name: `${error.code} ${name} ${hash}` });
  }
};

const counted = (job: StoredJob, { worked, troubles }: Done) => {
  const counts: Record<string, number> = { ...job.troubles };
  for (const { code } of troubles) counts[code] = (counts[code] ?? 0) + 1;
  const named = [...job.named, ...troubles.map(({ name }) => name)].slice(0, NAMED);
  return { found: job.found + worked, worked: job.worked + worked, troubles: counts, named };
};

const NAMED = 50;

/** What is no trouble of one document: nothing goes on until it is over. */
const PAUSES: ReadonlySet<string> = new Set([
  "encryption/kms-unavailable",
  "encryption/kms-corrupt",
  "encryption/keys-unavailable",
]);

const pause = ({ jobs, clock, limits }: SliceDeps, job: StoredJob, reason: string): Promise<boolean> => {
  const now = clock();
  const pauseMs = Math.min(limits.firstPauseMs * 2 ** job.failures, limits.longestPauseMs);
  const waiting = { state: "waiting", updatedAt: now, dueAt: now + pauseMs, reason } as const;
  return jobs.advance(job, { ...waiting, failures: job.failures + 1 });
};

const endRound = async (deps: SliceDeps, job: StoredJob): Promise<boolean> => {
  const now = deps.clock();
  const clean = job.found === 0 ? job.clean + 1 : 0;
  const progress = progressOf(job);
  if (clean >= 2 && job.roundAt >= job.settledAt) return finish(deps, job, { ...progress, clean });
  // Nothing is left, but somebody may still write the old way.
  const dueAt = clean > 0 ? Math.max(now, job.settledAt) : now;
  return deps.jobs.advance(job, {
    ...progress,
    state: dueAt > now ? "waiting" : "running",
    reason: dueAt > now ? "settling" : "",
    part: "",
    cursor: "",
    round: job.round + 1,
    roundAt: dueAt,
    found: 0,
    clean,
    troubles: {},
    named: [],
    updatedAt: now,
    dueAt,
  });
};

const progressOf = ({ found, worked, troubles, named }: StoredJob): Progress => ({ found, worked, troubles, named });

const finish = async (deps: SliceDeps, job: StoredJob, progress: Progress): Promise<boolean> => {
  const now = deps.clock();
  const troubles = troublesOf(job.troubles);
  const ended = { ...progress, state: "done", reason: "", updatedAt: now, finishedAt: now } as const;
  // Before the job says so itself: told twice is better than never.
  await deps.record({
    type: encryptionEvent[troubles === 0 ? "rotation-finished" : "rotation-incomplete"],
    outcome: troubles === 0 ? "success" : "failure",
    actor: "system",
    detail: {
      entity: job.kind,
      worked: job.worked,
      left: troubles,
      seconds: Math.round((now - job.startedAt) / SECOND),
    },
  });
  return deps.jobs.advance(job, ended);
};
