import type { Row } from './row.ts';

/** The value below which `share` of the sorted values lie. */
const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export const percentiles = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) };
};

/** p50, p95 and p99 of times in milliseconds as three rows. */
export const percentileRows = (metric: string, values: readonly number[]): Row[] =>
  Object.entries(percentiles(values)).map(([name, value]) => ({
    metric: `${metric} ${name}`,
    value,
    unit: 'ms',
  }));
