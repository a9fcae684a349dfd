/** One thing's value, drawn as a bar of text. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Ours stands out. */
  readonly ours?: boolean;
}

const WIDTH = 48;

/**
 * Bars in the order of their values, as lines of text. They are drawn to a logarithmic scale where the longest is more than
 * fifty times the shortest, which the title then says: else nothing would be seen of the small ones.
 */
export const drawBars = (title: string, unit: string, bars: readonly Bar[]): string[] => {
  const sorted = [...bars].filter(({ value }) => value > 0).sort((a, b) => a.value - b.value);
  const [least = 1, most = 1] = [sorted[0]?.value, sorted.at(-1)?.value];
  const logarithmic = most / least > 50;
  const lengthOf = (value: number): number =>
    logarithmic ? 4 + ((WIDTH - 4) * Math.log(value / least)) / Math.log(most / least) : (WIDTH * value) / most;
  const names = Math.max(...sorted.map(({ name }) => name.length));
  const lines = sorted.map(({ name, value, ours }) => {
    const bar = (ours === true ? "█" : "░").repeat(Math.max(1, Math.round(lengthOf(value))));
    return `  ${name.padEnd(names)}  ${bar} ${shown(value)}`;
  });
  return ["", `${title}, ${unit}${logarithmic ? ", logarithmic" : ""}: less is better`, ...lines];
};

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));
