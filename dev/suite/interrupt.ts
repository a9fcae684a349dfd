import { say } from "../setup/say.mjs";

const cleanups = new Set<() => Promise<void>>();
let installed = false;
let stopping = false;

/**
 * Runs `cleanup` when this process is told to stop (Ctrl-C, SIGTERM, a closed terminal, the death of its parent), and
 * ends it afterwards. Answers how to take `cleanup` back.
 */
export const onInterrupt = (cleanup: () => Promise<void>): (() => void) => {
  cleanups.add(cleanup);
  install();
  return () => cleanups.delete(cleanup);
};

const install = (): void => {
  if (installed) return;
  installed = true;
  process.on("SIGINT", () => void stop(130));
  process.on("SIGTERM", () => void stop(143));
  process.on("SIGHUP", () => void stop(129));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(129);
  }, 1_000).unref();
};

/** A terminal, npm and our own launcher each pass on the same Ctrl-C, so that repetitions mean nothing. */
const stop = async (code: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  say("\nstopping …");
  await Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
  say("stopped.");
  process.exit(code);
};
