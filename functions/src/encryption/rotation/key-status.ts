import { DomainError } from "../../kernel/errors.js";
import type { EpochMs } from "../../kernel/time.js";
import { describeError, log } from "../../platform/log.js";
import { phaseOf } from "../indexes/index-state.js";
import { settleTime } from "../indexes/settle-time.js";
import { FIRST_EPOCH } from "../keys/epoch-store.js";
import { encryptedCollections, indexedCollections } from "./document-sweeps.js";
import { JOB_KINDS, type Job } from "./job.js";
import { ROOTS } from "./rewrap-keys.js";
import { primaries, type StartDeps } from "./start-rotation.js";

/** Numbers and names of collections; nothing of persons. */
export interface KeyStatus {
  readonly at: EpochMs;
  readonly epoch: number;
  readonly epochStartedAt: EpochMs;
  /** Persons and parts of Firekeep that have data keys, and how many of them still have some of an older epoch. */
  readonly subjects: number;
  readonly subjectsBelowEpoch: number;
  /** By key class, and `roots`. `primary`: the KMS key's version that encrypts; 0 when KMS cannot be asked. */
  readonly classes: readonly {
    readonly name: string;
    readonly primary: number;
    /** How many subjects' lowest version it is, by version of the KMS key. */
    readonly byVersion: readonly { readonly version: number; readonly subjects: number }[];
  }[];
  readonly index: {
    readonly phase: "steady" | "prepared" | "switched";
    readonly write: number;
    readonly read: readonly number[];
    readonly since: EpochMs;
    /** When the next phase may begin, at the earliest. */
    readonly nextAt: EpochMs;
  };
  /** Documents that are still to be resealed and indexed anew. */
  readonly collections: readonly {
    readonly name: string;
    readonly belowEpoch: number;
    readonly belowRoot: number;
  }[];
  readonly jobs: readonly JobStatus[];
}

export interface JobStatus extends Pick<
  Job,
  | "kind"
  | "state"
  | "part"
  | "round"
  | "total"
  | "worked"
  | "reason"
  | "startedAt"
  | "updatedAt"
  | "dueAt"
  | "finishedAt"
> {
  readonly percent: number;
  readonly troubles: readonly { readonly code: string; readonly documents: number }[];
}

export const keyStatus = async (deps: StartDeps): Promise<KeyStatus> => {
  const { epoch, startedAt } = (await deps.epochs.find()) ?? { epoch: FIRST_EPOCH, startedAt: 0 };
  const state = await deps.roots.state();
  const indexed = new Set(indexedCollections(deps.dataMap()).map(({ name }) => name));
  const collections = encryptedCollections(deps.dataMap()).map(async (collection) => ({
    name: collection.name,
    belowEpoch: await deps.documents.count(collection, { mark: "_ek", below: epoch }),
    belowRoot: indexed.has(collection.name)
      ? await deps.documents.count(collection, { mark: "_bk", below: state.write })
      : 0,
  }));
  const jobs = await Promise.all(JOB_KINDS.map((kind) => deps.jobs.find(kind)));
  return {
    at: deps.clock(),
    epoch,
    epochStartedAt: startedAt,
    subjects: await deps.store.count(),
    subjectsBelowEpoch: await deps.store.count({ by: "low", below: epoch }),
    classes: await classesOf(deps),
    index: {
      phase: phaseOf(state),
      write: state.write,
      read: [...state.read],
      since: state.since,
      nextAt: state.since + settleTime(deps.limits),
    },
    collections: await Promise.all(collections),
    jobs: jobs.filter((job) => job !== undefined).map(jobStatus),
  };
};

const jobStatus = (job: Job): JobStatus => {
  const { kind, state, part, round, total, worked, reason, startedAt, updatedAt, dueAt, finishedAt } = job;
  const share = total === 0 ? 1 : Math.min(worked / total, 1);
  return {
    ...{ kind, state, part, round, total, worked, reason, startedAt, updatedAt, dueAt, finishedAt },
    percent: state === "done" ? 100 : Math.min(Math.floor(100 * share), 99),
    troubles: Object.entries(job.troubles).map(([code, documents]) => ({ code, documents })),
  };
};

// More versions than this have no row of their own: who rotates every quarter has as many after eight years.
const VERSIONS = 32;

/** KMS does not say which versions encrypt: the rest of the status is worth having. */
const unanswered = (error: unknown): Record<string, number> => {
  if (!(error instanceof DomainError) || !error.code.startsWith("encryption/kms-")) throw error;
  log("WARNING", "KMS did not answer for the status of its keys", { ...describeError(error) });
  return {};
};

const classesOf = async (deps: StartDeps): Promise<KeyStatus["classes"]> => {
  const primary = await primaries(deps).catch(unanswered);
  const roots = await deps.roots.list();
  const rows: KeyStatus["classes"][number][] = [];
  for (const name of deps.keyClasses()) {
    const below = (version: number) => deps.store.count({ by: "kek", class: name, below: version });
    const all = await below(Number.MAX_SAFE_INTEGER);
    const byVersion: { version: number; subjects: number }[] = [];
    let counted = 0;
    for (let version = 1; counted < all && version <= VERSIONS; version += 1) {
      const sum = await below(version + 1);
      if (sum > counted) byVersion.push({ version, subjects: sum - counted });
      counted = sum;
    }
    if (all > 0) rows.push({ name, primary: primary[name] ?? 0, byVersion });
  }
  if (roots.length === 0) return rows;
  const versions = [...new Set(roots.map(({ root }) => root.kek))].sort((one, other) => one - other);
  const byVersion = versions.map((version) => ({
    version,
    subjects: roots.filter(({ root }) => root.kek === version).length,
  }));
  return [...rows, { name: ROOTS, primary: primary[ROOTS] ?? 0, byVersion }];
};
