import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { parseDurationMs, toInstant } from '#kernel/time';
import { openBind } from '../query/bind.ts';
import { newestSql, type PointsQuestion, pointsSql } from './points.ts';

const METHODS = [
  'totalCount',
  'distinctCount',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'sumsq',
] as const;
export type Method = (typeof METHODS)[number];

/** Periods in one answer, over all attributes. */
const PERIODS_MAX = 10_000;

type Kind = 'number' | 'boolean' | 'array' | 'string' | 'object' | 'other';

/** Tables 4.5.19.1-1 to -3; times of day are texts here and have no average. */
const ALLOWED: Readonly<Record<Kind, ReadonlySet<Method>>> = {
  number: new Set(METHODS),
  boolean: new Set(METHODS),
  array: new Set<Method>(['totalCount', 'distinctCount', 'sum', 'avg', 'min', 'max']),
  string: new Set<Method>(['totalCount', 'distinctCount', 'min', 'max']),
  object: new Set<Method>(['totalCount', 'distinctCount']),
  other: new Set<Method>(['totalCount', 'distinctCount']),
};

export type Aggregation = {
  readonly methods: readonly Method[];
  /** 0 is the whole interval. */ readonly periodMs: number;
};

/** Clause 4.5.19.1; a month counts 30 days and a year 365. Throws Refusal('invalid'). */
export const parseAggregation = (
  aggrMethods: string | undefined,
  aggrPeriodDuration = 'PT0S',
): Aggregation => {
  const methods = (aggrMethods ?? '')
    .split(',')
    .map((name) => METHODS.find((method) => method === name.trim()));
  if (methods.includes(undefined))
    throw new Refusal(
      'invalid',
      `aggrMethods are some of ${METHODS.join(', ')} (clause 4.5.19.1).`,
    );
  const periodMs = parseDurationMs(aggrPeriodDuration);
  if (periodMs === undefined)
    throw new Refusal(
      'invalid',
      'aggrPeriodDuration is an ISO 8601 duration such as PT1H (clause 4.5.19.1).',
    );
  return { methods: [...new Set(methods as Method[])], periodMs };
};

export type Aggregated = {
  readonly entity: string;
  readonly name: string;
  readonly isRelationship: boolean;
  readonly start: string;
  readonly end: string;
  readonly values: Readonly<Partial<Record<Method, number | string>>>;
};

type Row = {
  entity: string;
  name: string;
  start: string;
  end: string;
  kinds: string[];
  relationship: boolean;
} & Record<Method, number> & {
    least: string | null;
    most: string | null;
  };

const refuseKind = (row: Row, method: Method): never => {
  throw new Refusal(
    'invalid',
    `${row.name} has values that ${method} cannot be made of (clause 5.7.4.4).`,
    { request: true },
  );
};

/** The value of a method, undefined where it is not made of such values (or refused, where the attribute was asked for). */
const valueOf = (row: Row, method: Method, strict: boolean): number | string | undefined => {
  const allowed = row.kinds.every((kind) => ALLOWED[kind as Kind].has(method));
  const texts = row.kinds.filter((kind) => kind === 'string').length;
  const isOrder = method === 'min' || method === 'max';
  if (!allowed || (isOrder && texts > 0 && row.kinds.length > 1))
    return strict ? refuseKind(row, method) : undefined;
  if (isOrder && texts > 0) return (method === 'min' ? row.least : row.most) ?? undefined;
  return Number(row[method]);
};

/**
 * Values aggregated over periods, in the database (clause 4.5.19): periods that hold no value are left out. They start at
 * the interval's start, or at the first value where it has none; the deviation is that of the whole population.
 */
export const aggregatePoints = async (
  database: Database,
  question: PointsQuestion,
  { methods, periodMs }: Aggregation,
): Promise<readonly Aggregated[]> => {
  const { bind, values } = openBind();
  const { from, to } = question.interval;
  const points = newestSql(
    pointsSql(question, `h.entity = any(${bind(question.ids)}::text[])`, bind),
    question.lastN,
    bind,
  );
  const start = from ? `${bind(from)}::timestamptz` : 'min(p.time) over ()';
  const period =
    periodMs > 0 ? `(${bind(periodMs)}::float8 * interval '1 millisecond')` : undefined;
  const end = to ? `${bind(to)}::timestamptz` : 'max(p.time) over ()';
  const rows = await database.query<Row>(
    `with p as (${points}), v as (
       select p.entity, p.name, p.time, ${start} as first, ${end} as last, p.instance ->> 'type' as type,
         coalesce(p.instance -> 'value', p.instance -> 'json', p.instance -> 'valueList', p.instance -> 'object',
           p.instance -> 'vocab', p.instance -> 'objectList', p.instance -> 'languageMap') as j from p
     ), n as (
       select v.*, v.type in ('Relationship', 'ListRelationship') as relationship,
         case when v.type in ('Property', 'ListProperty', 'JsonProperty') then jsonb_typeof(v.j) else 'other' end as kind
       from v
     ), k as (
       select n.*, ${period ? `date_bin(${period}, n.time, n.first)` : 'n.first'} as start,
         case n.kind when 'number' then (n.j #>> '{}')::numeric when 'boolean' then ((n.j #>> '{}')::boolean)::int::numeric
           when 'array' then jsonb_array_length(n.j)::numeric end as x,
         case when n.kind = 'string' then n.j #>> '{}' end as t
       from n
     )
     select k.entity, k.name, k.start, ${period ? `k.start + ${period}` : 'max(k.last)'} as end, bool_or(k.relationship) as relationship,
       array_agg(distinct case when k.kind = 'null' then 'other' else k.kind end) as kinds, count(*) as "totalCount", count(distinct k.j) as "distinctCount",
       sum(k.x) as sum, avg(k.x) as avg, min(k.x) as min, max(k.x) as max, stddev_pop(k.x) as stddev, sum(k.x * k.x) as sumsq,
       min(k.t collate "C") as least, max(k.t collate "C") as most
     from k group by k.entity, k.name, k.start order by k.entity, k.name, k.start limit ${bind(PERIODS_MAX + 1)}`,
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
    isRelationship: row.relationship,
    start: toInstant(new Date(row.start)),
    end: toInstant(new Date(row.end)),
    values: Object.fromEntries(
      methods.flatMap((method) => {
        const value = valueOf(row, method, strict);
        return value === undefined ? [] : [[method, value]];
      }),
    ),
  }));
};
