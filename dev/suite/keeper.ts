/**
 * node dev/suite/keeper.ts RUN_ID TEMP_DIR
 *
 * Outlives its suite by a moment. It holds a pipe to the process that started the suite: when that process ends, for
 * whatever reason, the pipe closes, and the keeper ends everything that belongs to the run. The first line on the
 * pipe is the process id of the Firebase CLI.
 */
import { rmSync } from "node:fs";
import { killAll, runProcesses } from "./processes.ts";

const [runId = "", tempDir = ""] = process.argv.slice(2);
let text = "";
let watch: NodeJS.Timeout | undefined;
let run = runProcesses(runId, 0);

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => {
  text += chunk;
  if (watch !== undefined || !text.includes("\n")) return;
  run = runProcesses(runId, cliPid());
  watch = setInterval(() => run.find(), 2_000);
});
process.stdin.on("end", () => {
  clearInterval(watch);
  void killAll(run, cliPid()).then(() => rmSync(tempDir, { recursive: true, force: true }));
});

// A signal to the terminal's whole group must not end the one that cleans up.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

const cliPid = (): number => Number.parseInt(text, 10);
