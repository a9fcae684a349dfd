import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Metric, Report } from "../../bench/harness/report.ts";
import { say, setupError } from "../setup/say.mjs";
import { buildFunctions } from "../suite/build.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";

interface Benchmark {
  run: (options: { json: boolean }) => Promise<Report>;
}

/** npm run bench -- NAME [--json]: a table, and with --json the result as the last line. */
runCommand(async (args) => {
  const json = args.includes("--json");
  const name = args.find((arg) => !arg.startsWith("--"));
  const names = benchmarkNames();
  if (name === undefined || !names.includes(name)) {
    throw setupError(`say which benchmark: npm run bench -- NAME, with one of ${names.join(", ") || "(none exist)"}.`);
  }
  await buildFunctions();
  const { run } = (await import(join(root, "bench", `${name}.ts`))) as Benchmark;
  const result = await run({ json });
  printTable(result.metrics);
  if (json) say(JSON.stringify({ name: result.name, metrics: result.metrics }));
  return 0;
});

/** Every bench/NAME.ts that is not a test; helpers live in folders of bench/. */
const benchmarkNames = (): string[] => {
  const folder = join(root, "bench");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^[a-z][a-z-]*\.ts$/.test(file))
    .map((file) => file.slice(0, -3));
};

const printTable = (metrics: Record<string, Metric>): void => {
  const rows = Object.entries(metrics).map(([key, metric]) => [
    key,
    `${figure(metric.value)} ${metric.unit}`,
    metric.peer,
    `${figure(metric.peerValue)} ${metric.unit}`,
    `${figure(metric.ratio)}×`,
    metric.goal === undefined ? "" : `${metric.goal.says} ${metric.goal.met ? "met" : "MISSED"}`,
  ]);
  const table = [["metric", "ours", "peer", "peer's", "ratio", "goal"], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    say(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
};

const figure = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
