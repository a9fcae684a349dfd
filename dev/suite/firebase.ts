import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { setupError } from "../setup/say.mjs";
import { firebaseCli } from "./download-emulator.ts";
import type { Jdk } from "./java.ts";
import { root } from "./paths.ts";
import type { Ports } from "./ports.ts";
import { RUN_VARIABLE } from "./processes.ts";
import { EMULATORS, PROJECT } from "./project.ts";
import type { Run, Workers } from "./runs.ts";

const BOOT_MS = 240_000; // 20 s on a quiet machine, 70 s seen on a loaded one

export interface FirebaseOptions {
  run: Run;
  jdk: Jdk;
  ports: Ports;
  workers: Workers;
  storage: boolean;
  env: Record<string, string>;
}

/** The Firebase CLI of one run, in a session of its own so that a terminal's Ctrl-C does not reach it. */
export const spawnFirebase = ({ run, jdk, ports, workers, storage, env }: FirebaseOptions): ChildProcess => {
  const only = EMULATORS.filter((name) => name !== "hub" && name !== "logging" && (storage || name !== "storage"));
  const inspect = workers === "shared" ? ["--inspect-functions", String(ports.inspector)] : [];
  const log = openSync(logFile(run.dir), "w");
  const args = [
    "emulators:start",
    "--config",
    join(run.dir, "firebase.json"),
    "--project",
    PROJECT,
    "--only",
    only.join(","),
  ];
  return spawn(process.execPath, [firebaseCli, ...args, ...inspect], {
    cwd: run.dir,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...closedEnvironment(run), ...env, JAVA_HOME: jdk.home, PATH: pathFor(jdk), [RUN_VARIABLE]: run.id },
  });
};

/** Waits until every function is loaded. A start that fails says why, from the CLI's own log. */
export const untilReady = async (child: ChildProcess, run: Run): Promise<void> => {
  const deadline = Date.now() + BOOT_MS;
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  while (Date.now() < deadline) {
    const log = readFileSync(logFile(run.dir), "utf8");
    if (log.includes("Failed to load function definition")) throw failed("the functions do not load", log, run);
    if (hasEnded()) throw failed("the Firebase emulators ended while starting", log, run);
    if (log.includes("All emulators ready")) return;
    await wait(150);
  }
  throw failed(
    `the Firebase emulators were not ready after ${String(BOOT_MS / 1000)} s`,
    readFileSync(logFile(run.dir), "utf8"),
    run,
  );
};

export const logFile = (runDir: string): string => join(runDir, "firebase.log");

const failed = (what: string, log: string, run: Run): Error => {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !ROUTINE.test(line));
  const telling = lines.filter((line) => TELLING.test(line));
  const shown = (telling.length > 0 ? telling : lines).slice(-12).join("\n");
  return setupError(`${what}. The whole log is ${logFile(run.dir)}. It says:\n${shown}`);
};

const TELLING = /error|fail|not open|in use|cannot/i;
const ROUTINE = /Env variable override|rules runtime error|demo project ID|sun\.misc\.Unsafe/;

const pathFor = (jdk: Jdk): string =>
  [dirname(process.execPath), join(jdk.home, "bin"), join(root, "node_modules/.bin"), process.env["PATH"] ?? ""].join(
    delimiter,
  );

/**
 * The developer's environment without what could lead to a real project: credentials, log-ins and emulators of others
 * stay out, and the CLI neither asks Google's metadata server nor looks for news.
 */
const closedEnvironment = (run: Run): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !LEAVES_THE_MACHINE.test(name));
  return {
    ...Object.fromEntries(kept),
    CI: "1",
    // A third less work to start them: no optimising compiler, no parallel collector.
    JAVA_TOOL_OPTIONS: `-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${process.env["JAVA_TOOL_OPTIONS"] ?? ""}`,
    METADATA_SERVER_DETECTION: "none",
    NO_UPDATE_NOTIFIER: "1",
    TMPDIR: run.tempDir,
    XDG_CONFIG_HOME: join(run.dir, "config"),
    CLOUDSDK_CONFIG: join(run.dir, "config/gcloud"),
  };
};

const LEAVES_THE_MACHINE =
  /^(GOOGLE_APPLICATION_CREDENTIALS|FIREBASE_TOKEN|FIREBASE_CONFIG|GCLOUD_PROJECT|GOOGLE_CLOUD_PROJECT|FIREKEEP_.*|(?!JAVA).*_EMULATOR_HOST|FIREBASE_EMULATOR_HUB|NODE_OPTIONS)$/;
