import type { DataMap } from "../../kernel/data-map/map.js";
import type { EventDetail, SecurityEvent } from "../../kernel/event.js";
import type { Clock } from "../../kernel/time.js";
import type { TaskQueue } from "../../platform/tasks.js";
import { encryptionError } from "../errors.js";
import { encryptionEvent } from "../events.js";
import type { IndexRootStore } from "../indexes/index-root-store.js";
import { phaseOf, stateAfter } from "../indexes/index-state.js";
import { settleTime } from "../indexes/settle-time.js";
import type { DataKeyStore } from "../keys/data-key-store.js";
import { FIRST_EPOCH, type Epoch, type EpochStore } from "../keys/epoch-store.js";
import type { KeyClass } from "../keys/key-class.js";
import { encryptedCollections, indexedCollections } from "./document-sweeps.js";
import { isUnderWay, newJob, troublesOf, type Job, type JobKind, type JobStore } from "./job.js";
import { primaryOf, ROOTS, type RewrapDeps } from "./rewrap-keys.js";
import { enqueueJob } from "./run-rotation.js";
import type { Sweeps } from "./sweep.js";
import type { SweepDocuments } from "./sweep-documents.js";

export interface StartDeps extends RewrapDeps {
  readonly dataMap: () => DataMap;
  readonly store: DataKeyStore;
  readonly epochs: EpochStore;
  readonly roots: IndexRootStore;
  readonly documents: SweepDocuments;
  readonly jobs: JobStore;
  readonly queue: TaskQueue;
  readonly sweeps: Sweeps;
  readonly clock: Clock;
  readonly limits: {
    readonly cacheMs: number;
    readonly staleMs: number;
    /** How long sealed objects are kept that no sweep reaches (exports): old keys stay as long. */
    readonly objectsKeptMs: number;
  };
  /** Every class that there may be keys of. */
  readonly keyClasses: () => readonly KeyClass[];
  readonly record: (event: SecurityEvent) => Promise<void>;
}

/** How many documents that cannot be opened may be given up, in so many words: exactly as many as the last sweep found. */
export interface Giving {
  readonly lose?: number;
}

/**
 * A new data-key epoch: from now on, everybody's data is encrypted under new keys, and what there is, is resealed.
 *
 * @throws encryption/rotation-running
 */
export const rotateDataKeys = async (deps: StartDeps): Promise<{ epoch: number }> => {
  await expectIdle(deps, "reseal", "retire");
  const epoch = (await epochOf(deps)).epoch + 1;
  if (!(await deps.epochs.start({ epoch, startedAt: deps.clock() }))) throw encryptionError("rotation-running");
  await tell(deps, "epoch-started", { entity: "data keys", epoch });
  await startReseal(deps);
  return { epoch };
};

/** @throws encryption/rotation-running */
export const startReseal = async (deps: StartDeps): Promise<void> => {
  await expectIdle(deps, "retire");
  const { epoch, startedAt } = await epochOf(deps);
  await begin(deps, "reseal", { targets: { epoch }, settledAt: startedAt + settleTime(deps.limits) });
};

/**
 * Destroys the data keys of older epochs.
 *
 * @throws encryption/rotation-too-early, -incomplete while anything may be encrypted under them: how many documents are `left`
 */
export const startRetire = async (deps: StartDeps, { lose = 0 }: Giving = {}): Promise<void> => {
  const { epoch, startedAt } = await epochOf(deps);
  if (epoch === FIRST_EPOCH) throw encryptionError("rotation-wrong-phase");
  const at = startedAt + settleTime(deps.limits) + deps.limits.objectsKeptMs;
  if (deps.clock() < at) throw encryptionError("rotation-too-early", { details: { at } });
  const swept = await deps.jobs.find("reseal");
  const marks = encryptedCollections(deps.dataMap()).map((collection) =>
    deps.documents.count(collection, { mark: "_ek", below: epoch }),
  );
  expectSwept(swept, { target: swept?.targets["epoch"] === epoch, counts: await Promise.all(marks), lose });
  await begin(deps, "retire", { targets: { epoch }, settledAt: deps.clock() });
};

/** Puts keys and roots under the primary versions of their KMS keys. @throws encryption/rotation-running */
export const startRewrap = async (deps: StartDeps): Promise<{ targets: Job["targets"] }> => {
  const targets = await primaries(deps);
  await begin(deps, "rewrap", { targets, settledAt: deps.clock() });
  return { targets };
};

/** The primary version of every KMS key that wraps something. @throws the errors of `kmsError` */
export const primaries = async (deps: StartDeps): Promise<Record<string, number>> => {
  const targets: Record<string, number> = {};
  for (const name of deps.keyClasses()) {
    const used = await deps.store.count({ by: "kek", class: name, below: Number.MAX_SAFE_INTEGER });
    if (used > 0) targets[name] = await primaryOf(deps, name);
  }
  if ((await deps.roots.list()).length > 0) targets[ROOTS] = await primaryOf(deps, ROOTS);
  return targets;
};

/**
 * The phases of a rotation of index keys. `prepare`: a new root is made, and everybody looks for both. `switch`: everybody
 * writes with it, and what there is, is indexed anew. `finish`: the old one is no longer looked for. Between two of them lies
 * the time in which an instance may not know of the first.
 *
 * @throws encryption/rotation-wrong-phase, -too-early with `details.at`, -incomplete with `details.left`, -running
 */
export const moveIndex = async (
  deps: StartDeps,
  move: "prepare" | "switch" | "finish",
  { lose = 0 }: Giving = {},
): Promise<void> => {
  const state = await deps.roots.state();
  const now = deps.clock();
  const next = stateAfter(state, move, now);
  if (next === undefined) throw encryptionError("rotation-wrong-phase", { details: { phase: phaseOf(state) } });
  const at = state.since + settleTime(deps.limits);
  if (move !== "prepare" && now < at) throw encryptionError("rotation-too-early", { details: { at } });
  if (move === "prepare") return begin(deps, "prepare", { targets: { root: state.write + 1 }, settledAt: now });
  if (move === "finish") {
    const swept = await deps.jobs.find("reindex");
    const marks = indexedCollections(deps.dataMap()).map((collection) =>
      deps.documents.count(collection, { mark: "_bk", below: state.write }),
    );
    expectSwept(swept, { target: swept?.targets["root"] === state.write, counts: await Promise.all(marks), lose });
  }
  if (!(await deps.roots.move(state, next))) throw encryptionError("rotation-running");
  await tell(deps, "index-moved", { entity: "index", phase: move, root: next.write });
  if (move === "switch") await startReindex(deps);
};

/** @throws encryption/rotation-running */
export const startReindex = async (deps: StartDeps): Promise<void> => {
  const { write, since } = await deps.roots.state();
  await begin(deps, "reindex", { targets: { root: write }, settledAt: since + settleTime(deps.limits) });
};

const begin = async (
  deps: StartDeps,
  kind: JobKind,
  { targets, settledAt }: Pick<Job, "targets" | "settledAt">,
): Promise<void> => {
  const job = newJob(kind, { targets, settledAt, total: 0, now: deps.clock() });
  const counts = (await deps.sweeps[kind].parts(job)).map((part) => part.count());
  const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  if (!(await deps.jobs.begin({ ...job, total }))) throw encryptionError("rotation-running");
  await tell(deps, "rotation-started", { entity: kind, total });
  const stored = await deps.jobs.find(kind);
  if (stored !== undefined) await enqueueJob(deps, stored);
};

const epochOf = async ({ epochs }: StartDeps): Promise<Epoch> =>
  (await epochs.find()) ?? { epoch: FIRST_EPOCH, startedAt: 0 };

const expectIdle = async ({ jobs }: StartDeps, ...kinds: readonly JobKind[]): Promise<void> => {
  for (const kind of kinds) if (isUnderWay(await jobs.find(kind))) throw encryptionError("rotation-running");
};

// What belongs to somebody who was erased stays as unreadable as it is. Anything else would be lost.
const expectSwept = (
  swept: Job | undefined,
  { target, counts, lose }: { target: boolean; counts: readonly number[]; lose: number },
): void => {
  const counted = counts.reduce((sum, count) => sum + count, 0);
  if (swept?.state !== "done" || !target) throw encryptionError("rotation-incomplete", { details: { left: counted } });
  const known = troublesOf(swept.troubles);
  const left = known - (swept.troubles["encryption/key-missing"] ?? 0);
  if (left !== lose || counted > known)
    throw encryptionError("rotation-incomplete", {
      details: { left: Math.max(left, counted - known), named: swept.named },
    });
};

const tell = ({ record }: StartDeps, name: "epoch-started" | "index-moved" | "rotation-started", detail: EventDetail) =>
  record({ type: encryptionEvent[name], outcome: "success", actor: "system", detail });
