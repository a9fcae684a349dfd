import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Every process of a run carries this variable: it is how they are found again, whoever their parent is now. */
export const RUN_VARIABLE = "FIREKEEP_RUN";

export interface RunProcesses {
  /** Looks who belongs to the run now. */
  find: () => number[];
}

/**
 * The processes of a run. Linux tells each one's environment; elsewhere the descendants of the Firebase CLI are
 * remembered every time somebody looks, so that those whose parent has ended are still known.
 */
export const runProcesses = (runId: string, cliPid: number): RunProcesses => {
  if (existsSync("/proc/self/environ")) return { find: () => marked(`${RUN_VARIABLE}=${runId}`) };
  const known = new Set([cliPid]);
  return {
    find: () => {
      for (const { pid, parent } of processTable()) if (known.has(parent)) known.add(pid);
      for (const pid of known) if (!isRunning(pid)) known.delete(pid);
      return [...known];
    },
  };
};

/** Ends them all, by id: the CLI first, so that its own clean-up does not run. Nothing in them is worth saving. */
export const killAll = async (processes: RunProcesses, cliPid: number): Promise<void> => {
  const deadline = Date.now() + 10_000;
  if (processes.find().includes(cliPid)) kill(cliPid);
  for (let left = processes.find(); left.length > 0 && Date.now() < deadline; left = processes.find()) {
    left.forEach(kill);
    await wait(50);
  }
};

const marked = (mark: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(mark));

const environmentOf = (pid: number): string[] => {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, "utf8").split("\0");
  } catch {
    return []; // it has ended, or is another user's
  }
};

const processTable = (): { pid: number; parent: number }[] =>
  execFileSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0]) => ({ pid, parent }));

const kill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
