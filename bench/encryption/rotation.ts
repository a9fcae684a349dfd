import type { DocumentData } from "firebase-admin/firestore";
import type * as JobModule from "../../functions/src/encryption/rotation/job.ts";
import type * as RotationModule from "../../functions/src/encryption/rotation/rotation.ts";
import type * as RunModule from "../../functions/src/encryption/rotation/run-rotation.ts";
import type * as StartModule from "../../functions/src/encryption/rotation/start-rotation.ts";
import type { SweepDocuments, SweptDocument } from "../../functions/src/encryption/rotation/sweep-documents.ts";
import { lessIsBetter, withGoal, type Metric } from "../harness/report.ts";
import { cipherSweetRow } from "./blind-index.ts";
import { config, deployed, openGround, TEN } from "./ground.ts";
import { cpuMicroseconds, rounded, tell } from "./measure.ts";

const { memoryJobStore } = deployed("./encryption/rotation/job.js") as typeof JobModule;
const { rotation } = deployed("./encryption/rotation/rotation.js") as typeof RotationModule;
const { runRotation } = deployed("./encryption/rotation/run-rotation.js") as typeof RunModule;
const { moveIndex, rotateDataKeys, startRetire } = deployed(
  "./encryption/rotation/start-rotation.js",
) as typeof StartModule;

const PEOPLE = 30_000;

/**
 * All keys of 30 000 people turned over: 300 000 fields sealed anew under a new data key each, 30 000 blind indexes made with a
 * new root, the old keys destroyed. By the deployed sweep, page by page; databases and KMS are in memory, so that no network
 * is in it. Beside it ciphersweet-js: decrypting and encrypting as many fields and making as many indexes, reckoned from a few.
 */
export const measureRotation = async (): Promise<Record<string, Metric>> => {
  tell(`turning over the keys of ${String(PEOPLE * TEN.length)} fields`);
  let now = Date.now();
  const { deps: domain, seal, open } = openGround({ clock: () => now });
  const { documents, rows } = sweptDocuments();
  for (let person = 0; person < PEOPLE; person += 1) {
    const uid = `u${String(person).padStart(6, "0")}`;
    const path = `records/${uid}`;
    const data = await seal({ collection: "records", path, subject: uid, values: valuesOf(uid) });
    rows.set(path, { path, data, revision: 0 });
  }
  const tasks: { kind: JobModule.JobKind; dueAt: number }[] = [];
  const deps = rotation({
    domain,
    documents,
    jobs: memoryJobStore(),
    queue: {
      enqueue: (_, { data, delayMs = 0 }) => {
        tasks.push({ kind: (data as { kind: JobModule.JobKind }).kind, dueAt: now + delayMs });
        return Promise.resolve();
      },
    },
    record: () => Promise.resolve(),
    keyClasses: () => ["RED"],
    // No exports lie in a bucket here, so none is waited for.
    limits: { ...config.keys, ...config.rotation, objectsKeptMs: 0 },
  });
  const workOff = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      now = Math.max(now, task.dueAt);
      await runRotation(deps, task.kind);
    }
    now += SETTLED_MS;
  };
  const start = process.cpuUsage();
  await rotateDataKeys(deps);
  await workOff();
  await startRetire(deps);
  await workOff();
  for (const move of ["prepare", "switch", "finish"] as const) {
    await moveIndex(deps, move);
    await workOff();
  }
  const { user, system } = process.cpuUsage(start);
  const last = rows.get(`records/u${String(PEOPLE - 1).padStart(6, "0")}`);
  const data: Readonly<Record<string, unknown>> = last?.data ?? {};
  const opened = await open({ collection: "records", path: last?.path ?? "", data });
  if (data["_ek"] !== 2 || data["_bk"] !== 2 || opened["f1"] !== "x") throw new Error("the rotation did not arrive");
  const value = rounded((user + system) / 1_000_000);
  const metric = {
    value,
    unit: "s CPU",
    peer: "ciphersweet-js, reckoned",
    peerValue: rounded(await reckonCipherSweet()),
  };
  return { rotate300kCpuS: withGoal(lessIsBetter(metric), { atMost: 60 }) };
};

const SETTLED_MS = 2 * (config.keys.cacheMs + config.keys.staleMs);

const valuesOf = (uid: string): Record<string, string> => ({
  ...Object.fromEntries(TEN.slice(1).map((name) => [name, "x"])),
  email: `${uid}@bench.example`,
});

/** CPU seconds, from as many rows as take a moment: one field each, with and without the index. */
const reckonCipherSweet = async (): Promise<number> => {
  const { reseal, index } = cipherSweetRow();
  const often = (work: () => Promise<unknown>) => async (times: number) => {
    for (let time = 0; time < times; time += 1) await work();
  };
  const cpu = await cpuMicroseconds([{ name: "field", run: often(reseal) }], { rounds: 30, roundMicroseconds: 2_000 });
  const slow = await cpuMicroseconds([{ name: "index", run: often(index) }], { rounds: 5, roundMicroseconds: 1 });
  return ((cpu.get("field") ?? NaN) * PEOPLE * TEN.length + (slow.get("index") ?? NaN) * PEOPLE) / 1_000_000;
};

/** Documents in the order of their paths, as an index gives them: the memory store of the tests sorts all of them for each page. */
const sweptDocuments = (): { documents: SweepDocuments; rows: Map<string, SweptDocument> } => {
  const rows = new Map<string, SweptDocument>();
  let paths: string[] = [];
  const from = (after: string): number => {
    if (paths.length !== rows.size) paths = [...rows.keys()].sort();
    let [low, high] = [0, paths.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((paths[middle] ?? "") > after) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const markOf = ({ data }: SweptDocument, mark: string): number =>
    Number((data as Record<string, unknown>)[mark] ?? Infinity);
  const page = (after: string, limit: number, isWanted: (row: SweptDocument) => boolean) => {
    const found: SweptDocument[] = [];
    for (let at = from(after); at < paths.length && found.length <= limit; at += 1) {
      const row = rows.get(paths[at] ?? "");
      if (row !== undefined && isWanted(row)) found.push(row);
    }
    return { documents: found.slice(0, limit), more: found.length > limit };
  };
  const isOf = (group: string) => (row: SweptDocument) => row.path.startsWith(`${group}/`);
  const documents: SweepDocuments = {
    below: ({ group }, { mark, below, after, limit }) => {
      const found = page(after?.path ?? "", limit, (row) => isOf(group)(row) && markOf(row, mark) < below);
      const last = found.documents.at(-1);
      const next = found.more && last !== undefined ? { next: { at: markOf(last, mark), path: last.path } } : {};
      return Promise.resolve({ documents: found.documents, ...next });
    },
    all: ({ group }, { after = "", limit }) => {
      const found = page(after, limit, isOf(group));
      const last = found.documents.at(-1);
      return Promise.resolve({
        documents: found.documents,
        ...(found.more && last !== undefined && { next: last.path }),
      });
    },
    count: ({ group }, { mark, below }) =>
      Promise.resolve([...rows.values()].filter((row) => isOf(group)(row) && markOf(row, mark) < below).length),
    read: (path) => Promise.resolve(rows.get(path)),
    replace: ({ path, revision }, fields: DocumentData) => {
      const stored = rows.get(path);
      if (stored?.revision !== revision) return Promise.resolve(false);
      rows.set(path, { path, data: { ...stored?.data, ...fields }, revision: Number(revision) + 1 });
      return Promise.resolve(true);
    },
  };
  return { documents, rows };
};
