import { isDomainError } from "../../kernel/errors.js";
import { describeError, log } from "../../platform/log.js";
import { JOB_KINDS, isUnderWay } from "./job.js";
import { ROOTS } from "./rewrap-keys.js";
import { enqueueJob } from "./run-rotation.js";
import { primaries, startRewrap, type StartDeps } from "./start-rotation.js";
import { isKeyClass } from "../keys/key-class.js";

/**
 * Queues jobs again that have stopped; and where KMS has a new primary version, starts to put the keys under it. What is
 * wrapped by a version that is disabled is found again every time, and waits for an operator.
 */
export const tendRotation = async (deps: StartDeps & { readonly stoppedAfterMs: number }): Promise<void> => {
  const now = deps.clock();
  for (const kind of JOB_KINDS) {
    const job = await deps.jobs.find(kind);
    if (!isUnderWay(job) || now < Math.max(job.dueAt, job.updatedAt) + deps.stoppedAfterMs) continue;
    log("WARNING", "a rotation had stopped and is queued again", { kind });
    await enqueueJob(deps, job, String(now));
  }
  if (isUnderWay(await deps.jobs.find("rewrap"))) return;
  if (await isOutdated(deps)) await startRewrap(deps).catch(ignoreRace);
};

const isOutdated = async (deps: StartDeps): Promise<boolean> => {
  const targets = await primaries(deps);
  for (const [name, below] of Object.entries(targets))
    if (isKeyClass(name) && (await deps.store.count({ by: "kek", class: name, below })) > 0) return true;
  const primary = targets[ROOTS] ?? 1;
  return (await deps.roots.list()).some(({ root }) => root.kek < primary);
};

const ignoreRace = (error: unknown): void => {
  if (!isDomainError(error, "encryption/rotation-running")) throw error;
  log("INFO", "another instance has started this rotation", { ...describeError(error) });
};
