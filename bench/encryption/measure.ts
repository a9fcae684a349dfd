/** One thing to measure: `run(times)` does it that often. */
export interface Subject {
  readonly name: string;
  readonly run: (times: number) => Promise<void> | void;
}

const TIMES = 300;
const ROUNDS = 200;

/**
 * CPU time of one operation, µs by name: the best of interleaved rounds. CPU time, since other work on the machine stretches
 * the clock but hardly this; interleaved, since what it does stretch shall hit all alike; the best, since noise only adds.
 */
export const cpuMicroseconds = async (subjects: readonly Subject[]): Promise<ReadonlyMap<string, number>> => {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, run } of subjects) {
      const start = process.cpuUsage();
      await run(TIMES);
      const { user, system } = process.cpuUsage(start);
      best.set(name, Math.min(best.get(name) ?? Infinity, (user + system) / TIMES));
    }
  }
  return best;
};
