import type { DataMap } from "../kernel/data-map/map.js";
import type { SecurityEvent } from "../kernel/event.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import { privacyEvent } from "./events.js";
import type { Job } from "./job.js";
import { EXPORT_RUN, exportSteps } from "./run-export.js";
import { enqueueSlice, type SliceDeps } from "./slices.js";

export interface RequestExportDeps extends SliceDeps {
  readonly map: () => DataMap;
  readonly random: RandomBytes;
  readonly record: (event: SecurityEvent) => Promise<void>;
}

/** Starts an export of everything about the person. @returns id of the request */
export const requestExport = async (deps: RequestExportDeps, uid: string): Promise<{ request: string }> => {
  const request = randomId(deps.random);
  const at = deps.clock();
  await deps.record({
    type: privacyEvent["export-requested"],
    outcome: "success",
    subject: uid,
    detail: { collection: "all" },
  });
  const plan = JSON.stringify(exportSteps(deps.map()));
  await deps.jobs.begin(newJob({ id: request, uid, kind: "export", request, at, plan }), {
    id: request,
    uid,
    kind: "export",
    at,
    status: "running",
  });
  const job = await deps.jobs.find(request);
  if (job !== undefined) await enqueueSlice(deps, EXPORT_RUN, job);
  return { request };
};

/** A job at its beginning. */
export const newJob = (facts: Pick<Job, "id" | "uid" | "kind" | "request" | "at" | "plan"> & Partial<Job>): Job => ({
  receipt: "",
  step: 0,
  cursor: "",
  part: 0,
  round: 0,
  counts: {},
  faults: [],
  planHash: "",
  indexes: [],
  ...facts,
});
