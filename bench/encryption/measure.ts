/** One thing to measure: `run(times)` does it that often. */
export interface Subject {
  readonly name: string;
  readonly run: (times: number) => Promise<void> | void;
}

export interface Effort {
  readonly rounds: number;
  /** CPU time of one subject in one round: short ones are done more often. */
  readonly roundMicroseconds: number;
}

const USUAL: Effort = { rounds: 600, roundMicroseconds: 1_000 };

/**
 * CPU time of one operation, µs by name: the best of interleaved rounds. CPU time, since other work on the machine stretches
 * the clock more than this; interleaved, since what it does stretch shall hit all alike; the best of many short ones, since
 * noise only adds, and a quiet moment is a short one.
 */
export const cpuMicroseconds = async (
  subjects: readonly Subject[],
  { rounds, roundMicroseconds }: Effort = USUAL,
): Promise<ReadonlyMap<string, number>> => {
  const best = new Map<string, number>();
  const times = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of subjects) {
      const often = times.get(name) ?? 1;
      // A little of it unmeasured: what the one before left behind is not its own cost.
      await run(Math.ceil(often / 4));
      const start = process.cpuUsage();
      await run(often);
      const { user, system } = process.cpuUsage(start);
      const each = (user + system) / often;
      best.set(name, Math.min(best.get(name) ?? Infinity, each));
      // As often as fills a round, but no more than ten times as often as before: the first ones are slow.
      times.set(name, Math.max(1, Math.min(often * 10, Math.round(roundMicroseconds / (best.get(name) ?? each)))));
    }
  }
  return best;
};

/** Work on the next item with every call. */
export const inTurn = <Item>(items: readonly Item[], work: (item: Item) => unknown): Subject["run"] => {
  let at = 0;
  return async (times) => {
    for (let index = 0; index < times; index += 1) {
      const item = items[(at = (at + 1) % items.length)];
      if (item !== undefined) await work(item);
    }
  };
};

/** The same for work that answers at once, so that nobody pays for a promise that they do not make. */
export const inTurnSync = <Item>(items: readonly Item[], work: (item: Item) => unknown): Subject["run"] => {
  let at = 0;
  return (times) => {
    for (let index = 0; index < times; index += 1) {
      const item = items[(at = (at + 1) % items.length)];
      if (item !== undefined) work(item);
    }
  };
};

/** A line for whoever waits. */
export const tell = (text: string): void => void process.stderr.write(`  ${text}\n`);

export const rounded = (value: number): number => Number(value.toPrecision(4));
