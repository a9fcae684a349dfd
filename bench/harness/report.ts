/** One figure, ours beside a peer's from the same run. `ratio` > 1 always means that ours is better. */
export interface Metric {
  readonly value: number;
  readonly unit: string;
  readonly peer: string;
  readonly peerValue: number;
  readonly ratio: number;
  /** What it was to reach, and whether it did. */
  readonly goal?: Goal;
}

export interface Goal {
  /** Such as `≥ 1×` of the peer, or `≤ 0.1 ms`. */
  readonly says: string;
  readonly met: boolean;
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

/** The metric with its goal beside it: at most so much, or at least so many times the peer. */
export const withGoal = (metric: Metric, goal: { readonly atMost: number } | { readonly ratio: number }): Metric => {
  const judged =
    "ratio" in goal
      ? { says: `≥ ${String(goal.ratio)}×`, met: metric.ratio >= goal.ratio }
      : { says: `≤ ${String(goal.atMost)}`, met: metric.value <= goal.atMost };
  return { ...metric, goal: judged };
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
};
