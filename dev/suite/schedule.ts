import { say } from "../setup/say.mjs";
import type { Suite } from "./start-suite.ts";

/**
 * Stands where Cloud Scheduler stands, as no emulator has a clock: calls every scheduled function of the suite, one
 * after the other, every `everyMs`. Answers how to stop.
 */
export const startSchedules = (suite: Pick<Suite, "urls" | "project">, everyMs: number): (() => void) => {
  let running = Promise.resolve();
  let stopped = false;
  const round = async (): Promise<void> => {
    for (const { id } of await scheduledFunctions(suite)) {
      await tick(suite, id).catch((error: unknown) => {
        if (!stopped) say(`schedule ${id}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  };
  // A round that takes longer than the interval delays the next one; rounds never overlap.
  const timer = setInterval(() => {
    running = running.then(round).catch(() => undefined);
  }, everyMs);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
};

/** Runs one scheduled function now and waits for its end. `id` as deployed: `audit-log-sequence`. */
export const tick = async (suite: Pick<Suite, "urls" | "project">, id: string): Promise<void> => {
  const found = (await scheduledFunctions(suite)).find((trigger) => trigger.id === id);
  if (found === undefined) throw new Error(`There is no scheduled function ${id}.`);
  const url = `${suite.urls.functions}/functions/projects/${suite.project}/triggers/${found.key}`;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jobName: id, scheduleTime: new Date().toISOString() }),
  });
  if (!response.ok)
    throw new Error(`${id} answered ${String(response.status)}: ${(await response.text()).slice(0, 300)}`);
};

interface Trigger {
  id: string;
  name: string;
  schedule?: object;
}

const scheduledFunctions = async (suite: Pick<Suite, "urls">): Promise<{ id: string; key: string }[]> => {
  const response = await fetch(`${suite.urls.functions}/backends`);
  const { backends } = (await response.json()) as { backends: { functionTriggers: Trigger[] }[] };
  return backends
    .flatMap((backend) => backend.functionTriggers)
    .filter((trigger) => trigger.schedule !== undefined)
    .map((trigger) => ({ id: trigger.name, key: `${trigger.id}-0` }));
};
