import type { Database } from '#kernel/database';
import { type Bind, openBind } from '../query/bind.ts';
import { preparedName } from '../query/prepared.ts';
import type { Aggregated, Aggregation, Triple } from './aggregate.ts';
import { hourlySql } from './hourly.ts';
import type { Method } from './methods.ts';
import { openSpelling, PERIODS_MAX, refusePeriods } from './period.ts';
import { askedSql, type PointsQuestion } from './points.ts';

/** Some megabytes of text; more are put together by the database. */
const POINTS_MAX = 50_000;
/** What sensors measure has no more; others are added up by the database, which does so exactly too. */
const DECIMALS_MAX = 9;

type Row = {
  readonly entity: string;
  readonly name: string;
  readonly count: number;
  /** Whether all are numbers. */ readonly plain: boolean;
  /** Whether there are hours besides, of which the values are gone. */ readonly rolled: boolean;
  /** In milliseconds. */ readonly times: string;
  readonly numbers: string;
};

type Series = { readonly times: readonly number[]; readonly numbers: readonly number[] };

/** Numbers and when they were, one text for an attribute: to write and read that takes half as long as to group in SQL. */
const plainSql = (question: PointsQuestion, bind: Bind): string => {
  const hours = hourlySql(question, bind);
  // One attribute of one entity, as is mostly asked for, need not be sorted into groups.
  const isOne = question.ids.length === 1 && question.attributes?.length === 1;
  const [entity, name] = isOne ? ['min(p.entity)', 'min(p.name)'] : ['p.entity', 'p.name'];
  return `select ${entity} as entity, ${name} as name, count(*) as count, count(p.number) = count(*) as plain,
      ${hours ? `exists (${hours})` : 'false'} as rolled,
      string_agg((date_part('epoch', p.time) * 1000)::bigint::text, ',') as times, string_agg(p.number, ',') as numbers
    from (
      select p.entity, p.name, p.time,
        case jsonb_typeof(p.instance -> 'value') when 'number' then p.instance ->> 'value' end as number
      from (${askedSql(question, bind)}) as p where not p.instance ? 'deletedAt' limit ${bind(POINTS_MAX + 1)}::int) as p
    ${isOne ? '' : 'group by p.entity, p.name order by p.entity, p.name'}`;
};

const listOf = (text: string): number[] => JSON.parse(`[${text}]`) as number[];

/** By what all of them become whole numbers that can be added up exactly; undefined where none is found. */
const scaleOf = (numbers: readonly number[]): number | undefined => {
  let scale = 1;
  let largest = 0;
  for (const value of numbers) {
    while (Math.round(value * scale) / scale !== value) {
      scale *= 10;
      if (scale > 10 ** DECIMALS_MAX) return undefined;
    }
    largest = Math.max(largest, Math.abs(value));
  }
  return largest * scale * numbers.length < Number.MAX_SAFE_INTEGER ? scale : undefined;
};

type Figures = { count: number; sum: number; min: number; max: number; distinct?: Set<number> };

const FIGURE: Partial<Record<Method, (figures: Figures, scale: number) => number>> = {
  totalCount: ({ count }) => count,
  distinctCount: ({ distinct }) => distinct!.size,
  sum: ({ sum }, scale) => sum / scale,
  avg: ({ sum, count }, scale) => sum / (count * scale),
  min: ({ min }) => min,
  max: ({ max }) => max,
};

/** The figures of each period, by when it begins: the period of `ms` since `first`, or the one that all are in. */
const periodsIn = (
  { times, numbers }: Series,
  { first, ms, scale, distinct }: { first: number; ms: number; scale: number; distinct: boolean },
): Map<number, Figures> => {
  const periods = new Map<number, Figures>();
  for (const [i, value] of numbers.entries()) {
    const start = ms === 0 ? first : first + Math.floor((times[i]! - first) / ms) * ms;
    let figures = periods.get(start);
    if (!figures) {
      figures = { count: 0, sum: 0, min: value, max: value };
      if (distinct) figures.distinct = new Set();
      periods.set(start, figures);
    }
    figures.count += 1;
    figures.sum += Math.round(value * scale);
    if (value < figures.min) figures.min = value;
    if (value > figures.max) figures.max = value;
    figures.distinct?.add(value);
  }
  return periods;
};

/** From when to when there is a value, where the interval does not say it. */
const spanOf = ({ from, to }: PointsQuestion['interval'], all: readonly Series[]) => {
  let [first, last] = [Infinity, -Infinity];
  if (!from || !to)
    for (const { times } of all)
      for (const time of times) {
        first = Math.min(first, time);
        last = Math.max(last, time);
      }
  return { first: from ? Date.parse(from) : first, last: to ? Date.parse(to) : last };
};

/**
 * What `aggregatePoints` makes of numbers alone, as most histories are, put together here; undefined where something else
 * is among them, where they are very many, or where what is asked for is more than counts, sums, means and extremes.
 */
export const aggregatePlain = async (
  database: Database,
  question: PointsQuestion,
  { methods, period: { months, ms } }: Aggregation,
): Promise<readonly Aggregated[] | undefined> => {
  if (months > 0 || !methods.every((method) => FIGURE[method])) return undefined;
  const { bind, values } = openBind();
  const text = plainSql(question, bind);
  const rows = await database.query<Row>(text, values, preparedName(text));
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  if (count === 0 || count > POINTS_MAX) return undefined;
  if (rows.some(({ plain, rolled }) => !plain || rolled)) return undefined;
  const all = rows.map(({ times, numbers }): Series => ({
    times: listOf(times),
    numbers: listOf(numbers),
  }));
  const { first, last } = spanOf(question.interval, all);
  const distinct = methods.includes('distinctCount');
  const spell = openSpelling();
  let periods = 0;
  const aggregated: Aggregated[] = [];
  for (const [n, { entity, name }] of rows.entries()) {
    const series = all[n]!;
    const scale = scaleOf(series.numbers);
    if (scale === undefined) return undefined;
    const found = periodsIn(series, { first, ms, scale, distinct });
    periods += found.size;
    if (periods > PERIODS_MAX) refusePeriods();
    const starts = Float64Array.from(found.keys()).sort();
    const triplesOf = (method: Method): Triple[] =>
      Array.from(starts, (start) => [
        FIGURE[method]!(found.get(start)!, scale),
        spell(start),
        spell(ms === 0 ? last : start + ms),
      ]);
    aggregated.push({
      entity,
      name,
      isRelationship: false,
      methods: Object.fromEntries(methods.map((method) => [method, triplesOf(method)])),
    });
  }
  return aggregated;
};
