import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { countProofs, faultsOf } from "../docs/asvs.ts";
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
  const faults = args.length === 0 ? checkAsvs(results) : [];
  rmSync(results, { force: true });
  for (const fault of faults) say(`docs/asvs.md: ${fault}`);
  if (counts.skipped > 0) say(`${String(counts.skipped)} skipped: see the lines above for what was absent`);
  const failed = counts.failed + (faults.length > 0 ? 1 : 0);
  say(`${String(counts.passed)} passed, ${String(failed)} failed`);
  return failed === 0 ? code : 1;
};

/** Holds docs/asvs.md against the tests of a whole run: every proof it names must have run and passed. */
const checkAsvs = (results: string): string[] => {
  if (!existsSync(results)) return [];
  const { testResults } = JSON.parse(readFileSync(results, "utf8")) as JestResults;
  const ran = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      file: relative(root, name),
      title: fullName,
      passed: status === "passed",
    })),
  );
  const markdown = readFileSync(join(root, "docs/asvs.md"), "utf8");
  const { rows, tests, inherited } = countProofs(markdown);
  const counts = `${String(rows)} requirements, ${String(tests)} proofs, ${String(inherited)} inherited`;
  say(`docs/asvs.md: ${counts}`);
  return faultsOf(markdown, ran);
};

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
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
