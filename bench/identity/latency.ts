/** One thing to time: each call of `run` is one sample. */
export interface Timed {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds by name. Samples are interleaved, so that what else the machine does hits all alike. */
export const latencies = async (subjects: readonly Timed[], samples: number): Promise<ReadonlyMap<string, Latency>> => {
  const taken = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -WARM_UP; round < samples; round += 1) {
    for (const { name, run } of subjects) {
      const began = performance.now();
      await run();
      if (round >= 0) taken.get(name)?.push(performance.now() - began);
    }
  }
  return new Map([...taken].map(([name, all]) => [name, { p50: quantile(all, 0.5), p99: quantile(all, 0.99) }]));
};

const WARM_UP = 300;

export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
  return Math.round(found * 1_000) / 1_000;
};
