import type { Database } from '#kernel/database';
import { type Bind, openBind } from '../query/bind.ts';
import { preparedName } from '../query/prepared.ts';
import { hourlySql } from './hourly.ts';
import { type Method, parseMethods, valueOf } from './methods.ts';
import {
  openSpelling,
  type Period,
  PERIODS_MAX,
  parsePeriod,
  periodsOf,
  refusePeriods,
  type Span,
} from './period.ts';
import { aggregatePlain } from './plain.ts';
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

/** A value, and when its period begins and ends. */
export type Triple = readonly [value: number | string, start: string, end: string];

/** The figures of one attribute, by method and in the order of time. */
export type Aggregated = {
  readonly entity: string;
  readonly name: string;
  readonly isRelationship: boolean;
  readonly methods: Readonly<Partial<Record<Method, readonly Triple[]>>>;
};

/** One attribute, its periods side by side: a year of hours is one row to read instead of 8,760. */
type Row = {
  entity: string;
  name: string;
  starts: number[];
  kinds: number[];
  rolled?: boolean[];
  least?: (string | null)[];
  most?: (string | null)[];
} & Partial<Record<Method, (number | null)[]>>;

/** Points, each a sum of one, and the hours of which nothing else is left, as one table. */
const partsSql = (question: PointsQuestion, bind: Bind): string => {
  const hours = hourlySql(question, bind);
  return `select v.entity, v.name, v.time, v.kind as kinds, false as rolled, v.j, 1 as count, (v.x is not null)::int as numbers,
      v.x as sum, v.x * v.x as sumsq, v.x as min, v.x as max, v.t as least, v.t as most
    from (${valuedSql(askedSql(question, bind))}) as v${hours ? ` union all ${hours}` : ''}`;
};

const FIGURES: Readonly<Record<Method, string>> = {
  totalCount: 'sum(k.count)',
  distinctCount: 'count(distinct k.j)',
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
): Promise<Span | undefined> => {
  const { from, to } = question.interval;
  if (from && (to || (months === 0 && ms > 0))) return { first: from, last: to ?? from };
  const { bind, values } = openBind();
  const text = `select min(k.time) as first, max(k.time) as last from (${partsSql(question, bind)}) as k`;
  const [span] = await database.query<{ first: string | null; last: string | null }>(
    text,
    values,
    preparedName(text),
  );
  if (!span?.first || !span.last) return undefined;
  return { first: from ?? span.first, last: to ?? span.last };
};

const arraysOf = (methods: readonly Method[]): readonly string[] => [
  ...methods.map((method) => `json_agg(k."${method}") as "${method}"`),
  ...(methods.includes('distinctCount') ? ['json_agg(k.rolled) as rolled'] : []),
  ...(methods.some(isExtreme) ? ['json_agg(k.least) as least', 'json_agg(k.most) as most'] : []),
];

const figuresOf = (methods: readonly Method[]): readonly string[] => [
  ...methods.map((method) => `${FIGURES[method]} as "${method}"`),
  ...(methods.includes('distinctCount') ? ['bool_or(k.rolled) as rolled'] : []),
  ...(methods.some(isExtreme)
    ? ['min(k.least collate "C") as least, max(k.most collate "C") as most']
    : []),
];

const isExtreme = (method: Method): boolean => method === 'min' || method === 'max';

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
  if (question.ids.length === 0 && !question.others) return [];
  const plain = question.others
    ? undefined
    : await aggregatePlain(database, question, { methods, period });
  if (plain) return plain;
  const span = await readSpan(database, question, period);
  if (!span) return [];
  const { bind, values } = openBind();
  const parts = partsSql(question, bind);
  const { start, endOf } = periodsOf(period, span, bind);
  const text = `select k.entity, k.name, json_agg((date_part('epoch', k.start) * 1000)::bigint) as starts,
       json_agg(k.kinds) as kinds, ${arraysOf(methods).join(', ')}
     from (
       select k.entity, k.name, ${start} as start, bit_or(k.kinds) as kinds, ${figuresOf(methods).join(', ')}
       from (${parts}) as k group by 1, 2, 3 limit ${bind(PERIODS_MAX + 1)}) as k
     group by k.entity, k.name order by k.entity, k.name`;
  const rows = await database.query<Row>(text, values, preparedName(text));
  if (rows.reduce((count, { starts }) => count + starts.length, 0) > PERIODS_MAX) refusePeriods();
  const spell = openSpelling();
  const strict = question.attributes !== undefined;
  return rows.map((row) => {
    const order = row.starts.map((_, i) => i).sort((a, b) => row.starts[a]! - row.starts[b]!);
    const ofMethod = (method: Method): Triple[] => {
      const triples: Triple[] = [];
      const texts = method === 'min' ? row.least : row.most;
      const figures = row[method]!;
      const { name, rolled: hours, kinds: flags, starts } = row;
      for (const i of order) {
        const [kinds, rolled, begin] = [flags[i]!, hours?.[i] ?? false, starts[i]!];
        // Numbers alone, as nearly always, are what the database made of them.
        const value =
          kinds === KIND.number && !rolled
            ? figures[i]!
            : valueOf(
                { name, kinds, value: figures[i]!, rolled, text: texts?.[i] },
                method,
                strict,
              );
        if (value !== undefined) triples.push([value, spell(begin), spell(endOf(begin))]);
      }
      return triples;
    };
    return {
      entity: row.entity,
      name: row.name,
      isRelationship: row.kinds.some((kinds) => (kinds & KIND.relationship) !== 0),
      methods: Object.fromEntries(methods.map((method) => [method, ofMethod(method)])),
    };
  });
};
