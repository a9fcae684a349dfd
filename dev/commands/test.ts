import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { say } from "../setup/say.mjs";
import { onInterrupt, startSuite } from "../suite/index.ts";
import { cacheDir, root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";

/**
 * npm test -- [--unit] [what jest takes]
 *
 * Boots one suite, or reuses a running one of the same build, and runs every test beside it. `--unit` runs without a
 * suite and leaves out `*.suite.test.ts` and `*.emulator.test.ts`. The last line is `N passed, N failed`.
 */
runCommand(async (args) => {
  const unit = args.includes("--unit");
  const rest = args.filter((arg) => arg !== "--unit");
  if (unit)
    return runJest([...rest, "--testPathIgnorePatterns", "/node_modules/", "\\.(suite|emulator)\\.test\\.ts$"], {});
  const suite = await startSuite({ reuse: true, workers: "isolated" });
  try {
    return await runJest(rest, { ...suite.env, FIREKEEP_SUITE: suite.file });
  } finally {
    await suite.stop();
  }
});

const runJest = async (args: string[], env: Record<string, string>): Promise<number> => {
  mkdirSync(cacheDir, { recursive: true });
  const results = join(cacheDir, `jest-${String(process.pid)}.json`);
  const jest = [join(root, "node_modules/jest/bin/jest.js"), "--json", `--outputFile=${results}`, ...args];
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...jest], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<number>((done) => child.once("exit", (code) => done(code ?? 1)));
  const forget = onInterrupt(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const code = await ended;
  forget();
  const counts = readCounts(results);
  rmSync(results, { force: true });
  if (counts.skipped > 0) say(`${String(counts.skipped)} skipped: see the lines above for what was absent`);
  say(`${String(counts.passed)} passed, ${String(counts.failed)} failed`);
  return counts.failed === 0 ? code : 1;
};

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
}

/** A file that could not be loaded counts as one failure, and so does a jest that ended without results. */
const readCounts = (file: string): { passed: number; failed: number; skipped: number } => {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const results = JSON.parse(readFileSync(file, "utf8")) as JestResults;
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests,
  };
};
