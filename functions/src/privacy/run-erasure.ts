import type { DataMap } from "../kernel/data-map/map.js";
import type { SecurityEvent } from "../kernel/event.js";
import type { Accounts } from "./accounts.js";
import { eraseDocument, isKeep } from "./erase-document.js";
import type { ErasurePlan, ErasureStep } from "./erasure-plan.js";
import { receiptStatement } from "./erasure-receipt.js";
import { isWithheld } from "./export-document.js";
import { privacyError } from "./errors.js";
import { privacyEvent } from "./events.js";
import type { Files } from "./files.js";
import { addCount, type Counts, type JobState } from "./job.js";
import type { DocumentChange, SubjectRecords } from "./records.js";
import { findResidual } from "./residual-scan.js";
import { isOwn, prefixOf } from "./run-export.js";
import { runSlice, type SliceDeps } from "./slices.js";

export interface ErasureDeps extends SliceDeps {
  readonly map: () => DataMap;
  readonly records: SubjectRecords;
  readonly files: Files;
  readonly accounts: Accounts;
  /** Ends every session of the account. */
  readonly endSessions: (uid: string) => Promise<number>;
  readonly destroyKeys: (uid: string) => Promise<{ destroyed: number }>;
  readonly hasKeys: (uid: string) => Promise<boolean>;
  readonly forgetSubject: (uid: string) => Promise<void>;
  readonly sign: (statement: object) => Promise<object>;
  readonly record: (event: SecurityEvent) => Promise<void>;
}

export const ERASURE_RUN = "privacy-erasure-run";

/**
 * A slice of an erasure. Nothing is signed unless every step was done and a scan found nothing: a step that fails throws,
 * and the queue delivers the slice again, at the place where it failed.
 */
export const runErasure = (deps: ErasureDeps, jobId: string): Promise<void> =>
  runSlice(deps, ERASURE_RUN, jobId, async (job) => {
    const plan = JSON.parse(job.plan) as ErasurePlan;
    const step = plan.steps[job.step];
    if (step === undefined) throw new TypeError("an erasure's last step ends it");
    if (step.do === "collection") return eraseDocuments(deps, job, step.name);
    if (step.do === "folder") return eraseFiles(deps, job, step.name);
    return SINGLE_STEPS[step.do](deps, job, plan);
  });

type SingleStep = Exclude<ErasureStep["do"], "collection" | "folder">;

const next = (deps: ErasureDeps, job: JobState, counts: Counts = job.counts): Promise<boolean> =>
  deps.jobs.advance(job, { step: job.step + 1, cursor: "", counts });

const SINGLE_STEPS: Readonly<
  Record<SingleStep, (deps: ErasureDeps, job: JobState, plan: ErasurePlan) => Promise<boolean | "done">>
> = {
  revoke: async (deps, job) => {
    await deps.accounts.close(job.uid);
    return next(deps, job, addCount(job.counts, "sessions", "ended", await deps.endSessions(job.uid)));
  },
  "destroy-keys": async (deps, job) => {
    const { destroyed } = await deps.destroyKeys(job.uid);
    return next(deps, job, addCount(job.counts, "keys", "destroyed", destroyed));
  },
  scan: async (deps, job) => {
    const residual = await findResidual(deps, job);
    if (residual.length === 0) return next(deps, job);
    if (job.round + 1 >= ROUNDS)
      throw privacyError("residual-found", { cause: new Error(`left in: ${residual.join(", ")}`) });
    // Something was written behind the erasure's back: once more from the beginning.
    return deps.jobs.advance(job, { step: 0, cursor: "", round: job.round + 1, counts: withoutKept(job.counts) });
  },
  "forget-pseudonym": async (deps, job) => {
    await deps.forgetSubject(job.uid);
    return next(deps, job);
  },
  "delete-account": async (deps, job) => {
    await deps.accounts.remove(job.uid);
    return next(deps, job);
  },
  "sign-receipt": async (deps, job, plan) => {
    await expectGone(deps, job);
    const now = deps.clock();
    const signed = await deps.sign(receiptStatement(job, plan, now));
    // About nobody: naming the person here would make them a new pseudonym.
    await deps.record({ type: privacyEvent["erasure-finished"], outcome: "success", detail: { collection: "all" } });
    const ended = await deps.jobs.finish(job, { status: "done", finishedAt: now }, { at: now, status: "done", signed });
    return ended ? "done" : false;
  },
};

const ROUNDS = 3;

/** A person who is there again, or never went, gets no receipt. */
const expectGone = async (deps: ErasureDeps, job: JobState): Promise<void> => {
  const hasKeys = await deps.hasKeys(job.uid);
  const account = await deps.accounts.find(job.uid);
  if (!hasKeys && account === undefined) return;
  throw privacyError("residual-found", { cause: new Error(hasKeys ? "keys are there" : "the account is there") });
};

const eraseDocuments = async (deps: ErasureDeps, job: JobState, name: string): Promise<boolean> => {
  const collection = deps.map().collection(name);
  const { documents, next: after } = await deps.records.page(collection, job.uid, pageAt(deps, job));
  const changes: DocumentChange[] = [];
  let counts = job.counts;
  for (const { path, data, version } of documents) {
    if (path === `privacyJobs/${job.id}`) continue;
    const change = eraseDocument(collection, job.uid, data);
    // What the person may not be told of, the receipt does not tell either.
    if (!isWithheld(collection, data, deps.clock())) counts = addCount(counts, name, COUNTED[change.do], 1);
    if (change.do !== "nothing") changes.push({ path, version, change });
  }
  const progress = { ...(after === undefined ? { step: job.step + 1, cursor: "" } : { cursor: after }), counts };
  if (collection.database === undefined) return deps.jobs.advance(job, progress, changes);
  await deps.records.change(collection, changes);
  return deps.jobs.advance(job, progress);
};

// A reduced document is one of which a part is kept, or of which nothing tells of the person any more.
const COUNTED = { nothing: "kept", delete: "deleted", reduce: "reduced", unlink: "unlinked" } as const;

const eraseFiles = async (deps: ErasureDeps, job: JobState, name: string): Promise<boolean> => {
  const folder = deps.map().folder(name);
  const isKept = isKeep(folder.erase);
  const { files, next: after } = await deps.files.list(prefixOf(folder, job.uid), pageAt(deps, job));
  const own = files.filter((file) => isOwn(folder, job.uid, file.name));
  if (!isKept) for (const file of own) await deps.files.remove(file.name);
  const counts = addCount(job.counts, name, isKept ? "kept" : "deleted", own.length);
  return deps.jobs.advance(job, {
    ...(after === undefined ? { step: job.step + 1, cursor: "" } : { cursor: after }),
    counts,
  });
};

const withoutKept = (counts: Counts): Counts =>
  Object.fromEntries(
    Object.entries(counts).map(([part, row]) => [
      part,
      Object.fromEntries(Object.entries(row).filter(([what]) => what !== "kept")),
    ]),
  );

const pageAt = ({ pageSize }: SliceDeps, { cursor }: JobState) => ({
  limit: pageSize,
  ...(cursor !== "" && { after: cursor }),
});
