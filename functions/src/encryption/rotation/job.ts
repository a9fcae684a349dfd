import type { EpochMs } from "../../kernel/time.js";

/**
 * `rewrap`: data keys and index roots under KMS's primary version. `reseal`: what is encrypted under data keys of older epochs,
 * under the epoch's. `reindex`: blind indexes, with the root that writes. `retire`: data keys of older epochs go.
 * `prepare`: the next index root is made.
 */
export const JOB_KINDS = ["rewrap", "reseal", "reindex", "retire", "prepare"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** `waiting`: until `dueAt`, because of `reason`. */
export type JobState = "running" | "waiting" | "done";

/** What could not be worked on, by error code: how many. */
export type Troubles = Readonly<Record<string, number>>;

/**
 * Where a sweep stands: `keyJobs/{kind}` in the database of keys. It goes over everything again and again, and is done when it
 * found nothing twice, the second time `settledAt` or later: then nobody writes what it looks for any more.
 */
export interface Job {
  readonly kind: JobKind;
  readonly state: JobState;
  /** Versions below which it works: `{ epoch: 2 }`, `{ root: 2 }`, or by key class the primary version of its KMS key. */
  readonly targets: Readonly<Record<string, number>>;
  readonly settledAt: EpochMs;
  /** Part of the data, and the place in it. Empty: at the beginning. */
  readonly part: string;
  readonly cursor: string;
  readonly round: number;
  readonly roundAt: EpochMs;
  /** What this round has found to do. */
  readonly found: number;
  /** Rounds in a row that found nothing. */
  readonly clean: number;
  /** How much there was at the beginning, as far as it can be counted, and how much is done. */
  readonly total: number;
  readonly worked: number;
  /** Of this round. */
  readonly troubles: Troubles;
  /** Some of what is in trouble: `<code> <part> <first 16 digits of SHA-256 of the path>`. No personal data. */
  readonly named: readonly string[];
  readonly startedAt: EpochMs;
  readonly updatedAt: EpochMs;
  readonly dueAt: EpochMs;
  /** Why it waits: an error's code, or `settling`. */
  readonly reason: string;
  /** Attempts in a row that came to nothing. */
  readonly failures: number;
  readonly finishedAt: EpochMs;
}

/** A job as read; `version` changes with every write. */
export interface StoredJob extends Job {
  readonly version: unknown;
}

export type Progress = Partial<Omit<Job, "kind" | "targets" | "startedAt" | "settledAt">>;

export interface JobStore {
  find(kind: JobKind): Promise<StoredJob | undefined>;
  /** Starts it, in the place of one that is done. False while one is under way. */
  begin(job: Job): Promise<boolean>;
  /** False when somebody else has moved it on. */
  advance(job: StoredJob, progress: Progress): Promise<boolean>;
}

export const newJob = (
  kind: JobKind,
  { targets, settledAt, total, now }: Pick<Job, "targets" | "settledAt" | "total"> & { now: EpochMs },
): Job => ({
  kind,
  state: "running",
  targets,
  settledAt,
  part: "",
  cursor: "",
  round: 1,
  roundAt: now,
  found: 0,
  clean: 0,
  total,
  worked: 0,
  troubles: {},
  named: [],
  startedAt: now,
  updatedAt: now,
  dueAt: now,
  reason: "",
  failures: 0,
  finishedAt: 0,
});

export const isUnderWay = (job: Job | undefined): job is Job => job !== undefined && job.state !== "done";

export const troublesOf = (troubles: Troubles): number =>
  Object.values(troubles).reduce((sum, count) => sum + count, 0);

export const memoryJobStore = (): JobStore => {
  const jobs = new Map<JobKind, StoredJob>();
  let version = 0;
  const put = (job: Job): void => void jobs.set(job.kind, { ...job, version: (version += 1) });
  return {
    find: (kind) => Promise.resolve(jobs.get(kind)),
    begin: (job) => {
      const starts = !isUnderWay(jobs.get(job.kind));
      if (starts) put(job);
      return Promise.resolve(starts);
    },
    advance: (job, progress) => {
      const wins = jobs.get(job.kind)?.version === job.version;
      if (wins) put({ ...job, ...progress });
      return Promise.resolve(wins);
    },
  };
};
