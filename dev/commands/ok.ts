import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { say } from "../setup/say.mjs";
import { onInterrupt } from "../suite/interrupt.ts";
import { root } from "../suite/paths.ts";
import { runCommand } from "../suite/run-command.ts";

interface Step {
  label: string;
  args: string[];
  cwd?: string;
}

/** npm run ok [-- --no-test]: everything that must hold before a change lands. Runs all of it, then fails if any did. */
runCommand(async (args) => {
  const steps = [...typeSteps(), ...CHECKS, ...generatedSteps()];
  let failed = 0;
  for (const step of steps) if (!(await runStep(step))) failed += 1;
  const lastLine = args.includes("--no-test") ? undefined : await runTests();
  if (lastLine !== undefined && !lastLine.endsWith(" 0 failed")) failed += 1;
  say(
    failed === 0
      ? "ok"
      : `not ok: ${String(failed)} of ${String(steps.length + (lastLine === undefined ? 0 : 1))} steps failed`,
  );
  if (lastLine !== undefined) say(lastLine);
  return failed === 0 ? 0 : 1;
});

const bin = (path: string): string => join(root, "node_modules", path);

/** One `tsc` for every folder that has a configuration of its own. */
const typeSteps = (): Step[] =>
  ["", "functions", "client", "console", "infra"]
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(join(folder, "tsconfig.json")))
    .map((folder) => ({
      label: `types ${folder === join(root, "") ? "root" : folder.slice(root.length + 1)}`,
      args: [bin("typescript/bin/tsc"), "-p", join(folder, "tsconfig.json"), "--noEmit"],
    }));

const CHECKS: Step[] = [
  { label: "lint", args: [bin("eslint/bin/eslint.js"), "."] },
  {
    label: "import rules",
    args: [
      bin("dependency-cruiser/bin/dependency-cruise.mjs"),
      "--ts-config",
      join(root, "functions/tsconfig.json"), // absolute, or its `extends` is looked for in the wrong folder
      ...["functions/src", "client", "dev", "bench"],
    ],
  },
  { label: "dead code", args: [bin("knip/bin/knip.js")] },
  { label: "format", args: [bin("prettier/bin/prettier.cjs"), "--check", "."] },
];

/** What is generated from the schemas and the data map must be what is committed. */
const generatedSteps = (): Step[] =>
  ["docs", "rules"].map((name) => ({
    label: `generated ${name}`,
    args: [QUIET, join(root, `dev/commands/${name}.ts`), "--check"],
  }));

const QUIET = "--disable-warning=ExperimentalWarning";

const runStep = async ({ label, args, cwd }: Step): Promise<boolean> => {
  const began = Date.now();
  const { code, output } = await capture(args, cwd ?? root);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  say(`${code === 0 ? "ok  " : "FAIL"} ${label} ${seconds} s`);
  if (code !== 0) say(output);
  return code === 0;
};

/** Answers the test command's last line. */
const runTests = async (): Promise<string> => {
  const began = Date.now();
  const args = [QUIET, join(root, "dev/commands/test.ts")];
  const { code, output } = await capture(args, root);
  const lastLine = output.trimEnd().split("\n").at(-1) ?? "";
  const counted = /^\d+ passed, \d+ failed$/.test(lastLine);
  say(`${code === 0 ? "ok  " : "FAIL"} test ${((Date.now() - began) / 1000).toFixed(1)} s`);
  if (code !== 0) say(output);
  return counted ? lastLine : "0 passed, 1 failed";
};

const capture = async (args: string[], cwd: string): Promise<{ code: number; output: string }> => {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? 1)));
  const forget = onInterrupt(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const code = await ended;
  forget();
  return { code, output };
};
