import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { type Bind, openBind } from '../query/bind.ts';
import { hourlySql } from './hourly.ts';
import { type Figures, type Method, parseMethods, valueOf } from './methods.ts';
import { type Period, PERIODS_MAX, parsePeriod, startsOf } from './period.ts';
import { askedSql, type PointsQuestion } from './points.ts';
import { KIND, valuedSql } from './valued.ts';

export type Aggregation = {
  readonly methods: readonly Method[];
  /** The whole interval where it has no length. */ readonly period: Period;
};

/** Clause 4.5.19.1. Throws Refusal('invalid'). */
export const parseAggregation = (
  aggrMethods: string | undefined,
  aggrPeriodDuration = 'PT0S',
): Aggregation => ({
  methods: parseMethods(aggrMethods ?? ''),
  period: parsePeriod(aggrPeriodDuration),
});

export type Aggregated = {
  readonly entity: string;
  readonly name: string;
  readonly isRelationship: boolean;
  readonly start: string;
  readonly end: string;
  readonly values: Readonly<Partial<Record<Method, number | string>>>;
};

type Row = Figures & { entity: string; start: string; end: string };

/** Points, each a sum of one, and the hours of which nothing else is left, as one table. */
const partsSql = (question: PointsQuestion, bind: Bind): string => {
  const hours = hourlySql(question, bind);
  return `select v.entity, v.name, v.time, v.kind as kinds, false as rolled, v.j, 1 as count, (v.x is not null)::int as numbers,
      v.x as sum, v.x * v.x as sumsq, v.x as min, v.x as max, v.t as least, v.t as most
    from (${valuedSql(askedSql(question, bind))}) as v${hours ? ` union all ${hours}` : ''}`;
};

const FIGURES: Readonly<Record<Method, string>> = {
  totalCount: 'sum(k.count)',
  distinctCount: 'bool_or(k.rolled) as rolled, count(distinct k.j)',
  sum: 'sum(k.sum)',
  avg: 'sum(k.sum) / nullif(sum(k.numbers), 0)',
  min: 'min(k.min)',
  max: 'max(k.max)',
  // One division, last: the difference of two rounded means would be all error where values are large and alike.
  stddev:
    'sqrt(greatest(sum(k.sumsq) * sum(k.numbers) - sum(k.sum) * sum(k.sum), 0)) / nullif(sum(k.numbers), 0)',
  sumsq: 'sum(k.sumsq)',
};

/** From when to when there is anything, where the interval does not say it and the periods depend on it. */
const readSpan = async (
  database: Database,
  question: PointsQuestion,
  { months, ms }: Period,
): Promise<{ first: string; last: string } | undefined> => {
  const { from, to } = question.interval;
  if (from && (to || (months === 0 && ms > 0))) return { first: from, last: to ?? from };
  const { bind, values } = openBind();
  const [span] = await database.query<{ first: string | null; last: string | null }>(
    `select min(k.time) as first, max(k.time) as last from (${partsSql(question, bind)}) as k`,
    values,
  );
  if (!span?.first || !span.last) return undefined;
  return { first: from ?? span.first, last: to ?? span.last };
};

/** When the period of `k.time` begins, and when one that begins at `k.start` ends. */
const periodSql = (
  period: Period,
  { first, last }: { first: string; last: string },
  bind: Bind,
): { start: string; end: string } => {
  if (period.months > 0) {
    const starts = `${bind(startsOf(period, first, last))}::timestamptz[]`;
    const startOf = (time: string, next = '') =>
      `(${starts})[width_bucket(${time}, ${starts})${next}]`;
    return { start: startOf('k.time'), end: startOf('k.start', ' + 1') };
  }
  const begin = `${bind(first)}::timestamptz`;
  if (period.ms === 0) return { start: begin, end: `${bind(last)}::timestamptz` };
  const length = `(${bind(period.ms)}::float8 * interval '1 millisecond')`;
  return { start: `date_bin(${length}, k.time, ${begin})`, end: `k.start + ${length}` };
};

/**
 * Values aggregated over periods, in the database (clause 4.5.19): periods that hold no value are left out. They start at
 * the interval's start, or at the first value where it has none; the deviation is that of the whole population. Hours of
 * which the values themselves are gone count where they begin.
 */
export const aggregatePoints = async (
  database: Database,
  question: PointsQuestion,
  { methods, period }: Aggregation,
): Promise<readonly Aggregated[]> => {
  const span = question.ids.length > 0 ? await readSpan(database, question, period) : undefined;
  if (!span) return [];
  const { bind, values } = openBind();
  const parts = partsSql(question, bind);
  const { start, end } = periodSql(period, span, bind);
  const texts =
    methods.includes('min') || methods.includes('max')
      ? ', min(k.least collate "C") as least, max(k.most collate "C") as most'
      : '';
  const figures = methods.map((method) => `${FIGURES[method]} as "${method}"`).join(', ');
  const rows = await database.query<Row>(
    `select k.*, ${end} as end from (
       select k.entity, k.name, ${start} as start, bit_or(k.kinds) as kinds${texts}, ${figures}
       from (${parts}) as k group by 1, 2, 3) as k order by k.entity, k.name, k.start limit ${bind(PERIODS_MAX + 1)}`,
    values,
  );
  if (rows.length > PERIODS_MAX)
    throw new Refusal(
      'too-large',
      `That makes more than ${PERIODS_MAX} periods; ask for longer ones or a shorter time.`,
      { results: true },
    );
  const strict = question.attributes !== undefined;
  return rows.map((row) => ({
    entity: row.entity,
    name: row.name,
    isRelationship: (row.kinds & KIND.relationship) !== 0,
    start: row.start,
    end: row.end,
    values: Object.fromEntries(
      methods.flatMap((method) => {
        const value = valueOf(row, method, strict);
        return value === undefined ? [] : [[method, value]];
      }),
    ),
  }));
};
