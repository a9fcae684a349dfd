import type { EpochStore } from "../keys/epoch-store.js";
import { currentEpoch } from "../keys/epoch.js";
import type { wire, Ground } from "../wire.js";
import { reindexSweep, resealSweep } from "./document-sweeps.js";
import type { JobStore } from "./job.js";
import { prepareSweep } from "./prepare-index.js";
import { retireSweep } from "./retire-keys.js";
import { rewrapSweep } from "./rewrap-keys.js";
import type { SliceDeps } from "./run-rotation.js";
import type { StartDeps } from "./start-rotation.js";
import type { Sweeps } from "./sweep.js";
import type { SweepDocuments } from "./sweep-documents.js";
import { sweepKeys } from "./sweep-keys.js";

export interface RotationGround extends Pick<SliceDeps, "queue" | "record">, Pick<StartDeps, "keyClasses"> {
  /** What the domain is wired on (wire.ts). */
  readonly domain: ReturnType<typeof wire> & Ground & { readonly epochs: EpochStore };
  readonly documents: SweepDocuments;
  readonly jobs: JobStore;
  readonly limits: SliceDeps["limits"] & Ground["limits"] & StartDeps["limits"];
}

/** What the use cases of rotation need. The deployed domain, tests and benchmarks are wired alike. */
export const rotation = ({ domain, documents, jobs, queue, record, keyClasses, limits }: RotationGround) => {
  const { clock } = domain;
  const epoch = currentEpoch({ epochs: domain.epochs, clock }, limits);
  const deps = { ...domain, documents, jobs, queue, record, keyClasses, limits };
  const sweeps: Sweeps = {
    rewrap: rewrapSweep(deps),
    reseal: resealSweep({ ...deps, keys: sweepKeys({ ...domain, ...limits, epoch }, limits) }),
    reindex: reindexSweep(deps),
    retire: retireSweep(deps),
    prepare: prepareSweep(deps),
  };
  return { ...deps, sweeps };
};
