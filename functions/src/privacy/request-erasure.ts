import { createHash } from "node:crypto";
import type { DataMap } from "../kernel/data-map/map.js";
import type { SecurityEvent } from "../kernel/event.js";
import { randomId, type RandomBytes } from "../kernel/random.js";
import type { Accounts } from "./accounts.js";
import { planErasure, planHash } from "./erasure-plan.js";
import { privacyEvent } from "./events.js";
import type { Job } from "./job.js";
import { newJob } from "./request-export.js";
import { ERASURE_RUN } from "./run-erasure.js";
import { enqueueSlice, type SliceDeps } from "./slices.js";

export interface RequestErasureDeps extends SliceDeps {
  readonly map: () => DataMap;
  readonly accounts: Accounts;
  readonly blindIndex: (collection: string, field: string, value: string) => Promise<Uint8Array[]>;
  readonly random: RandomBytes;
  readonly record: (event: SecurityEvent) => Promise<void>;
}

/**
 * Starts the person's erasure, from which there is no way back. Asking again while it runs gives the same receipt, and
 * wakes the job if it sleeps.
 *
 * @returns id of the receipt: the only way to ask afterwards, since there will be no account to ask with
 */
export const requestErasure = async (deps: RequestErasureDeps, uid: string): Promise<{ receipt: string }> => {
  const id = erasureJobId(uid);
  const running = await deps.jobs.find(id);
  if (running === undefined) await begin(deps, uid, id);
  const job = running ?? (await deps.jobs.find(id));
  if (job === undefined) throw new Error("the job that was just begun is not there");
  await enqueueSlice(deps, ERASURE_RUN, job);
  return { receipt: job.receipt };
};

/** One erasure at a time: its job's id follows from the account's, and does not tell it. */
const erasureJobId = (uid: string): string => createHash("sha256").update(`erasure\n${uid}`).digest("base64url");

const begin = async (deps: RequestErasureDeps, uid: string, id: string): Promise<void> => {
  const at = deps.clock();
  const plan = planErasure(deps.map());
  const [request, receipt] = [randomId(deps.random), randomId(deps.random)];
  const job = newJob({
    id,
    uid,
    kind: "erasure",
    request,
    receipt,
    at,
    plan: JSON.stringify(plan),
    planHash: planHash(plan),
    indexes: await emailIndexes(deps, uid),
  });
  await deps.record({ type: privacyEvent["erasure-requested"], outcome: "success", subject: uid });
  // False when another request began it meanwhile: then that one's receipt is the receipt.
  await deps.jobs.begin(
    job,
    { id: request, uid, kind: "erasure", at, status: "running", receipt },
    { at, status: "running" },
  );
};

/** Made now, because later nothing knows the address any more. */
const emailIndexes = async (deps: RequestErasureDeps, uid: string): Promise<Job["indexes"]> => {
  const email = (await deps.accounts.find(uid))?.email;
  if (email === undefined) return [];
  const lookups = deps
    .map()
    .collections.flatMap(({ name, fields, subject }) =>
      subject.by === "none"
        ? []
        : Object.values(fields).flatMap((field) => (field.lookup === "email" ? [{ name, field: field.name }] : [])),
    );
  const rows = await Promise.all(
    lookups.map(async ({ name, field }) =>
      (await deps.blindIndex(name, field, email)).map((value) => {
        return { collection: name, field, value: Buffer.from(value).toString("base64") };
      }),
    ),
  );
  return rows.flat();
};
