import type { Database } from '#kernel/database';
import type { Instance } from '../model.ts';
import { type Bind, openBind } from '../query/bind.ts';
import type { Interval } from './interval.ts';

/** Some megabytes of instances; the rest follows by time (clause 6.3.10). */
const INSTANCES_MAX = 10_000;

export type PointsQuestion = {
  readonly tenant: string;
  readonly ids: readonly string[];
  readonly interval: Interval;
  /** Full names; every attribute where there are none. */
  readonly attributes?: readonly string[];
  /** `@none` is the default instance. */
  readonly datasets?: readonly string[];
  /** The newest n of each attribute of each entity. */
  readonly lastN?: number;
};

export type Point = {
  readonly entity: string;
  readonly name: string;
  readonly time: string;
  readonly instance: Instance;
};

const TIME: Readonly<Record<Interval['property'], string>> = {
  observedAt: 'h.at',
  modifiedAt: 'h.recorded_at',
  createdAt: `(i.j ->> 'createdAt')::timestamptz`,
};

/** Whether a row, and an instance within it, lies in the interval. What has not the time property does not match (clause 4.11). */
const inInterval = ({ property, relation, from, to }: Interval, bind: Bind): string => {
  const time = TIME[property];
  return [
    ...(from ? [`${time} >= ${bind(from)}::timestamptz`] : []),
    ...(to ? [`${time} < ${bind(to)}::timestamptz`] : []),
    ...(relation ? [`i.j ? ${bind(property)}`] : []),
  ]
    .map((condition) => ` and ${condition}`)
    .join('');
};

/** The instances of an entity's history, as `entity, name, time, seq, n, instance`; `whose` picks rows of `h`. */
export const pointsSql = (
  { tenant, interval, attributes, datasets }: Omit<PointsQuestion, 'ids'>,
  whose: string,
  bind: Bind,
): string => `
  select h.entity, a.name, ${interval.relation ? TIME[interval.property] : 'h.at'} as time, h.seq, i.n, i.j as instance
  from context.history h, jsonb_each(h.attributes) as a(name, list), jsonb_array_elements(a.list) with ordinality as i(j, n)
  where h.tenant = ${bind(tenant)} and ${whose}${inInterval(interval, bind)}
    ${attributes ? `and a.name = any(${bind(attributes)}::text[])` : ''}
    ${datasets ? `and coalesce(i.j ->> 'datasetId', '@none') = any(${bind(datasets)}::text[])` : ''}`;

/** The newest n of each attribute of each entity, where n is asked for. */
export const newestSql = (points: string, lastN: number | undefined, bind: Bind): string =>
  lastN === undefined
    ? points
    : `select p.entity, p.name, p.time, p.seq, p.n, p.instance from (
        select p.*, row_number() over (partition by p.entity, p.name order by p.time desc, p.seq desc, p.n desc) as rank
        from (${points}) as p) as p where p.rank <= ${bind(lastN)}::int`;

export type Points = {
  readonly points: readonly Point[];
  /** Where there was more than fits: the newest time given, or with lastN the oldest. Others are given whole. */
  readonly cutAt?: string;
};

/** The instances in an interval (clauses 5.7.3.4, 5.7.4.4), oldest first; with `lastN` newest first. All are cut at one time. */
export const listPoints = async (database: Database, question: PointsQuestion): Promise<Points> => {
  const { bind, values } = openBind();
  const points = pointsSql(question, `h.entity = any(${bind(question.ids)}::text[])`, bind);
  const way = question.lastN === undefined ? 'asc' : 'desc';
  const found = await database.query<Point>(
    `select p.entity, p.name, p.time, p.instance from (${newestSql(points, question.lastN, bind)}) as p
     order by p.time ${way}, p.seq ${way}, p.n ${way} limit ${bind(INSTANCES_MAX + 1)}`,
    values,
  );
  if (found.length <= INSTANCES_MAX) return { points: found };
  const next = found[INSTANCES_MAX]!.time;
  const whole = found.filter(({ time }) => time !== next);
  const kept = whole.length > 0 ? whole : found.slice(0, INSTANCES_MAX);
  return { points: kept, cutAt: kept.at(-1)!.time };
};
