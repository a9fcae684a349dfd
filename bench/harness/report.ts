/** One figure, ours beside a peer's from the same run. `ratio` > 1 always means that ours is better. */
export interface Metric {
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  readonly peerValue: number;
  readonly ratio: number;
}

export interface Report {
  readonly name: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** For figures where less is better: time, memory, modules. */
export const lessIsBetter = (figure: Omit<Metric, "ratio">): Metric => ({
  ...figure,
  ratio: figure.peerValue / figure.value,
});

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
};
