import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { EventRow } from "./events.tsx";

const HOUR = 3_600_000;
const SERIES = ["informational", "low", "medium", "high"] as const;

/** Events an hour, one line a severity (critical and fatal count as high). */
export const SeverityChart = ({ rows, since }: { rows: readonly EventRow[]; since: number }) => {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    const { current: element } = holder;
    if (element === null) return;
    const plot = new uPlot(optionsFor(element), countByHour(rows, since), element);
    chart.current = plot;
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 170 }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, []);
  useEffect(() => chart.current?.setData(countByHour(rows, since)), [rows, since]);
  return <div ref={holder} class="chart" role="img" aria-label={spoken(rows)} />;
};

const optionsFor = (element: HTMLElement): uPlot.Options => {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("muted"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { stroke: colour("line"), width: 1 },
  };
  return {
    width: element.clientWidth,
    height: 170,
    cursor: { drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(5, high)] } },
    axes: [axis, { ...axis, size: 40 }],
    series: [{}, ...SERIES.map((name) => ({ label: name, stroke: colour(name), width: 2, points: { show: false } }))],
  };
};

const countByHour = (rows: readonly EventRow[], since: number): uPlot.AlignedData => {
  const hours = Array.from({ length: 25 }, (_, index) => (since + index * HOUR) / 1_000);
  const counts = SERIES.map(() => Array<number>(25).fill(0));
  for (const row of rows) {
    const hour = Math.floor((row.time - since) / HOUR);
    const line =
      counts[
        Math.max(
          0,
          SERIES.indexOf((row.severity === "critical" || row.severity === "fatal" ? "high" : row.severity) as "high"),
        )
      ];
    if (line?.[hour] !== undefined) line[hour] += 1;
  }
  return [hours, ...counts];
};

const spoken = (rows: readonly EventRow[]): string => {
  const count = (name: string) => String(rows.filter((row) => row.severity === name).length);
  return `Events in the last 24 hours: ${count("high")} high, ${count("medium")} medium, ${count("low")} low, ${count("informational")} informational.`;
};
