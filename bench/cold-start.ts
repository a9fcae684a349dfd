import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { lessIsBetter, median, type Metric, type Report } from "./harness/report.ts";

const DOMAINS = ["identity", "encryption", "detection", "privacy", "incidents", "audit"] as const;
const ROUNDS = 9;
const here = import.meta.dirname;
const functions = join(here, "../functions");

interface Cost {
  readonly cpuMs: number;
  readonly rssMiB: number;
  readonly modules: number;
}

/** CPU, memory and modules to load each domain's functions in a fresh process, against a hello-world callable. */
export const run = (): Promise<Report> => {
  // The peer resolves firebase-functions from the same node_modules as ours.
  const peerFolder = join(functions, "lib/.bench");
  mkdirSync(peerFolder, { recursive: true });
  const peer = join(peerFolder, "hello-world.cjs");
  copyFileSync(join(here, "cold-start/hello-world.cjs"), peer);
  const entry = join(functions, "lib/index.js");
  const samples = new Map<string, Cost[]>(["hello", ...DOMAINS].map((name) => [name, []]));
  // Rounds are interleaved, so that a busy moment of the machine hits everyone alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    samples.get("hello")?.push(load([peer, "hello"]));
    for (const domain of DOMAINS) samples.get(domain)?.push(load([entry, domain]));
  }
  const metrics: Record<string, Metric> = {};
  const hello = summarise(samples.get("hello") ?? []);
  for (const domain of DOMAINS) {
    const ours = summarise(samples.get(domain) ?? []);
    const against = { peer: "hello world (onCall)" };
    metrics[`${domain}.cpu`] = lessIsBetter({ value: ours.cpuMs, unit: "ms", ...against, peerValue: hello.cpuMs });
    metrics[`${domain}.rss`] = lessIsBetter({ value: ours.rssMiB, unit: "MiB", ...against, peerValue: hello.rssMiB });
    metrics[`${domain}.modules`] = lessIsBetter({
      value: ours.modules,
      unit: "modules",
      ...against,
      peerValue: hello.modules,
    });
  }
  return Promise.resolve({ name: "cold-start", metrics });
};

const load = (args: readonly string[]): Cost => {
  const env = { PATH: process.env["PATH"], GCLOUD_PROJECT: "demo-firekeep", FIREKEEP_KMS_LOCATION: "europe-west1" };
  const child = spawnSync(process.execPath, [join(here, "cold-start/load.cjs"), ...args], { encoding: "utf8", env });
  if (child.status !== 0) throw new Error(`could not load ${args.join(" ")}: ${child.stderr.slice(0, 500)}`);
  return JSON.parse(child.stdout) as Cost;
};

const summarise = (costs: readonly Cost[]): Cost => ({
  cpuMs: round(median(costs.map((cost) => cost.cpuMs))),
  rssMiB: round(median(costs.map((cost) => cost.rssMiB))),
  modules: median(costs.map((cost) => cost.modules)),
});

const round = (value: number): number => Math.round(value * 10) / 10;
