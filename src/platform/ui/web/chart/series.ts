/** A value at a time; null says that there is none. */
export type ChartPoint = readonly [at: number | string, value: number | null];

/** One line, step or set of bars in a chart. */
export type ChartSeries = {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly ChartPoint[];
  readonly kind?: 'line' | 'step' | 'bar';
  /**
   * Silence longer than this is drawn as a gap, milliseconds. Left out: four times the usual
   * distance of the points. Zero: never.
   */
  readonly gapMs?: number;
};

const GAP_FACTOR = 4;

/** The points in time order, with a hole where the source was silent for too long. */
export function withGaps({ points, gapMs }: ChartSeries): [number, number | null][] {
  const sorted = points
    .map(([at, value]): [number, number | null] => [new Date(at).getTime(), value])
    .filter(([at]) => !Number.isNaN(at))
    .sort((a, b) => a[0] - b[0]);
  const limit = gapMs ?? usualDistance(sorted.map(([at]) => at)) * GAP_FACTOR;
  if (limit <= 0) return sorted;
  return sorted.flatMap((point, i) => {
    const before = sorted[i - 1];
    const silent = before !== undefined && point[0] - before[0] > limit;
    return silent ? [[before[0] + 1, null] as [number, null], point] : [point];
  });
}

/** Median distance of neighbouring times; 0 when there are fewer than three. */
function usualDistance(times: readonly number[]): number {
  if (times.length < 3) return 0;
  const steps = times.slice(1).map((at, i) => at - times[i]!);
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
}

/** The units in a chart, each with its own axis; more than two share the second. */
export function unitsOf(series: readonly ChartSeries[]): string[] {
  return [...new Set(series.map(({ unit }) => unit))];
}

/** One row a time, one value a series: the chart as a table, newest first. */
export function chartRows(
  series: readonly ChartSeries[],
): { at: number; values: (number | null)[] }[] {
  const rows = new Map<number, (number | null)[]>();
  series.forEach(({ points }, i) => {
    for (const [at, value] of points) {
      const time = new Date(at).getTime();
      const row = rows.get(time) ?? series.map(() => null);
      row[i] = value;
      rows.set(time, row);
    }
  });
  return [...rows].sort(([a], [b]) => b - a).map(([at, values]) => ({ at, values }));
}
