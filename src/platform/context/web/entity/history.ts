import { paths, type ChartPoint } from '#platform/ui/web';
import type { Fact } from './read-entity.ts';

/** How a period is asked for: every value while it is short, means of equal steps when it is long. */
export type HistoryQuestion = {
  readonly path: string;
  /** Length of a step, ISO 8601; undefined: every value. */
  readonly step: Step | undefined;
};

type Step = { readonly duration: string; readonly ms: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RAW_UP_TO_MS = 2 * HOUR_MS;
const RAW_MAX = 1_000; // the newest; two hours of a reading every seven seconds
const STEPS_WANTED = 300; // about one a four pixels

const STEPS: readonly Step[] = [
  { duration: 'PT5M', ms: 5 * MINUTE_MS },
  { duration: 'PT15M', ms: 15 * MINUTE_MS },
  { duration: 'PT1H', ms: HOUR_MS },
  { duration: 'PT3H', ms: 3 * HOUR_MS },
  { duration: 'P1D', ms: 24 * HOUR_MS },
  { duration: 'P7D', ms: 7 * 24 * HOUR_MS },
];

/** The shortest step that a period needs at most as many of as a chart shows. */
export const stepFor = (lengthMs: number): Step | undefined =>
  lengthMs <= RAW_UP_TO_MS
    ? undefined
    : (STEPS.find(({ ms }) => lengthMs / ms <= STEPS_WANTED) ?? STEPS.at(-1));

/** NGSI-LD temporal query of one attribute (clauses 5.7.3 and 6.19): `from` and `to` in milliseconds. */
export function historyQuestion(
  id: string,
  { name, observedAt }: Pick<Fact, 'name' | 'observedAt'>,
  from: number,
  to: number,
): HistoryQuestion {
  const step = stepFor(to - from);
  const query = {
    attrs: name,
    timerel: 'between',
    timeAt: new Date(from).toISOString(),
    endTimeAt: new Date(to).toISOString(),
    ...(observedAt ? {} : { timeproperty: 'modifiedAt' }),
    ...(step
      ? { options: 'aggregatedValues', aggrMethods: 'avg', aggrPeriodDuration: step.duration }
      : { options: 'temporalValues', lastN: RAW_MAX }),
  };
  return { path: paths.api.history(id, query), step };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The points of an answer, of one dataset: simplified temporal values (4.5.9: `[value, time]`), means (4.5.19:
 * `[value, start, end]`, put in the middle), or whole instances.
 */
export function readHistory(
  answer: unknown,
  { name, datasetId }: Pick<Fact, 'name' | 'datasetId'>,
): ChartPoint[] {
  const entity = (Array.isArray(answer) ? answer[0] : answer) as Json | undefined;
  const instances = [entity?.[name] ?? []].flat() as Json[];
  return instances
    .filter((instance) => instance['datasetId'] === datasetId)
    .flatMap((instance): ChartPoint[] => {
      if (Array.isArray(instance['values'])) return instance['values'].flatMap(valueAt);
      if (Array.isArray(instance['avg'])) return instance['avg'].flatMap(meanBetween);
      const at = instance['observedAt'] ?? instance['modifiedAt'] ?? instance['createdAt'];
      return valueAt([instance['value'], at]);
    });
}

const valueAt = (pair: unknown): ChartPoint[] => {
  const [value, at] = pair as [unknown, unknown];
  return typeof value === 'number' && typeof at === 'string' ? [[at, value]] : [];
};

const meanBetween = (triple: unknown): ChartPoint[] => {
  const [value, start, end] = triple as [unknown, string, string];
  const middle = (Date.parse(start) + Date.parse(end)) / 2;
  return typeof value === 'number' && !Number.isNaN(middle) ? [[middle, value]] : [];
};

/** Coarse points with those of a finer look put in their place. */
export function mergePoints(
  coarse: readonly ChartPoint[],
  fine: readonly ChartPoint[] | undefined,
  [from, to]: readonly [number, number],
): ChartPoint[] {
  if (!fine || fine.length === 0) return [...coarse];
  const outside = coarse.filter(([at]) => {
    const time = new Date(at).getTime();
    return time < from || time > to;
  });
  return [...outside, ...fine].sort((a, b) => new Date(a[0]).getTime() - new Date(b[0]).getTime());
}
