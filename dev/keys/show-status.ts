import type { JobStatus, KeyStatus } from "../../functions/src/encryption/rotation/key-status.js";
import { dollarsOf, PACE, PRICES, resealWork, rewrapWork } from "./prices.ts";

/** A version of a KMS key, as its service tells. */
export interface KekVersion {
  /** `red`, `amber@us-east1` … */
  readonly key: string;
  readonly version: number;
  readonly state: string;
  readonly protection: "SOFTWARE" | "HSM";
  readonly primary: boolean;
  readonly createdAt: number;
}

export const showStatus = (status: KeyStatus, versions: readonly KekVersion[]): string[] => [
  `data keys: epoch ${String(status.epoch)}, ${ageOf(status.at, status.epochStartedAt)}; ${String(status.subjects)} subjects, ` +
    `${String(status.subjectsBelowEpoch)} of them with keys of older epochs`,
  ...status.classes.flatMap(({ name, primary, byVersion }) => [
    `  ${name}: wrapped by version ${byVersion.map((row) => `${String(row.version)} (${String(row.subjects)})`).join(", ")}` +
      `; KMS encrypts with ${primary === 0 ? "a version that could not be asked for" : `version ${String(primary)}`}`,
  ]),
  `index keys: ${status.index.phase}; root ${String(status.index.write)} writes, ${status.index.read.map(String).join(" and ")} ` +
    `read; the next phase ${status.index.nextAt <= status.at ? "may begin" : `from ${timeOf(status.index.nextAt)}`}`,
  ...status.collections.map(
    ({ name, belowEpoch, belowRoot }) =>
      `  ${name}: ${String(belowEpoch)} documents of older epochs, ${String(belowRoot)} of the older root`,
  ),
  ...(status.jobs.length === 0 ? ["no sweep has run yet"] : status.jobs.flatMap((job) => showJob(status.at, job))),
  ...versions.map(
    ({ key, version, state, protection, primary, createdAt }) =>
      `KMS ${key} version ${String(version)}: ${state}${primary ? ", primary" : ""}, ${protection}, ${ageOf(status.at, createdAt)}`,
  ),
];

const showJob = (now: number, job: JobStatus): string[] => {
  const done = `${String(job.worked)} of ${String(Math.max(job.total, job.worked))}`;
  const why = job.state === "waiting" ? ` for ${job.reason} until ${timeOf(job.dueAt)}` : "";
  const since = job.state === "done" ? `ended ${ageOf(now, job.finishedAt)}` : `began ${ageOf(now, job.startedAt)}`;
  return [
    `${job.kind}: ${job.state}${why}, ${String(job.percent)} % (${done}), round ${String(job.round)}, ${since}`,
    ...job.troubles.map(({ code, documents }) => `  could not be worked on: ${String(documents)} (${code})`),
  ];
};

/** What keys cost a month, and what the rotations would, in money and time. Estimates, all of them. */
export const showCost = (status: KeyStatus, versions: readonly KekVersion[]): string[] => {
  const live = versions.filter(({ state }) => state !== "DESTROYED");
  const month = live.reduce((sum, { protection }) => sum + PRICES.kmsVersionMonth[protection], 0);
  const keys = status.classes.reduce(
    (sum, row) => sum + row.byVersion.reduce((all, { subjects }) => all + subjects, 0),
    0,
  );
  const documents = status.collections.reduce((sum, { belowEpoch }) => sum + belowEpoch, 0);
  const rewrap = dollarsOf(rewrapWork(status.subjects, keys));
  const reseal = dollarsOf(resealWork(status.subjects, keys, documents));
  return [
    `${String(live.length)} versions of KMS keys: ${money(month)} a month`,
    `rewrap, all ${String(keys)} keys: ${money(rewrap)}, ${durationOf(keys / PACE.keysPerSecond)}`,
    `reseal, the ${String(documents)} documents of older epochs: ${money(reseal)}, ${durationOf(documents / PACE.documentsPerSecond)}`,
    `(list prices of ${PRICES.asOf}; Firestore's free quota and your discounts are not in it)`,
  ];
};

const money = (dollars: number): string => `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;

const durationOf = (seconds: number): string =>
  seconds < 90
    ? `${String(Math.ceil(seconds))} s`
    : seconds < 5_400
      ? `${String(Math.ceil(seconds / 60))} min`
      : `${String(Math.ceil(seconds / 3_600))} h`;

const ageOf = (now: number, at: number): string => {
  if (at === 0) return "from the beginning";
  const hours = (now - at) / 3_600_000;
  return hours < 48 ? `${String(Math.max(0, Math.round(hours)))} h ago` : `${String(Math.round(hours / 24))} days ago`;
};

const timeOf = (at: number): string =>
  at === 0 ? "now" : new Date(at).toISOString().slice(0, 16).replace("T", " ") + " UTC";
