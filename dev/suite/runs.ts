import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../setup/lock.mjs";
import type { KmsAddress } from "./local-kms.ts";
import type { MailAddress } from "./local-mail.ts";
import { runsDir } from "./paths.ts";
import type { Ports } from "./ports.ts";
import { killAll, runProcesses } from "./processes.ts";
import type { SuiteUrls } from "./project.ts";

/** What a run tells other processes: the content of its `run.json`. */
export interface RunFile {
  id: string;
  /** The process that started it and stops it. */
  pid: number;
  project: string;
  region: string;
  example: string;
  workers: Workers;
  /** Of what was built; a run is reused only for the same. */
  fingerprint: string;
  storage: boolean;
  ports: Ports;
  urls: SuiteUrls;
  /** What an Admin SDK client or the product's own code in another process needs in its environment. */
  env: Record<string, string>;
  kms: KmsAddress | undefined;
  mail: MailAddress;
  runDir: string;
}

/**
 * `shared`: every function in one worker, one call at a time; light, but a function must not wait for another.
 * `isolated`: one process a function, calls in parallel; about 130 MB each.
 */
export type Workers = "shared" | "isolated";

export interface Run {
  id: string;
  dir: string;
  /** For sockets and the emulators' temporary files. Short, as a socket's path has at most 103 characters. */
  tempDir: string;
}

export const createRun = (): Run => {
  const id = `${Date.now().toString(36)}-${String(process.pid)}`;
  const dir = join(runsDir, id);
  const inside = join(dir, "tmp");
  const tempDir = inside.length <= 70 ? inside : join(tmpdir(), `firekeep-${id}`);
  mkdirSync(dir, { recursive: true });
  mkdirSync(tempDir, { recursive: true });
  writeFileSync(join(dir, "pid"), String(process.pid));
  return { id, dir, tempDir };
};

export const runFile = (dir: string): string => join(dir, "run.json");

export const readRun = (file: string): RunFile | undefined => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RunFile;
  } catch {
    return undefined;
  }
};

/** Runs of this checkout whose owner lives and which are ready. */
export const liveRuns = (): RunFile[] =>
  runDirs()
    .map((dir) => readRun(runFile(dir)))
    .filter((run) => run !== undefined)
    .filter((run) => isAlive(run.pid));

/** Removes what runs left whose owner is dead, their processes too. */
export const removeDeadRuns = async (): Promise<void> => {
  for (const dir of runDirs()) {
    const pid = Number(readOr(join(dir, "pid"), "0"));
    if (pid > 0 && isAlive(pid)) continue;
    await killAll(runProcesses(idOf(dir), -1), -1);
    rmSync(dir, { recursive: true, force: true });
  }
};

const runDirs = (): string[] => (existsSync(runsDir) ? readdirSync(runsDir).map((name) => join(runsDir, name)) : []);

const idOf = (dir: string): string => dir.slice(runsDir.length + 1);

const readOr = (file: string, absent: string): string => (existsSync(file) ? readFileSync(file, "utf8") : absent);
