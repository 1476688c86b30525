import type { Database } from '#kernel/database';
import { SCOPE } from '../jsonld/core-context.ts';
import type { Instance } from '../model.ts';
import { type Bind, openBind } from '../query/bind.ts';
import { preparedName } from '../query/prepared.ts';
import type { Interval } from './interval.ts';

/** A time in which an entity's scope was one that was asked for (clause 4.18); open where it still is. */
export type Span = {
  readonly entity: string;
  readonly from: string;
  readonly until: string | null;
};

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
  /** Only what was in one of these (clause 5.7.4.4, S4). */
  readonly spans?: readonly Span[];
  /** What is not seen of some of them by who asks. */
  readonly hidden?: readonly { readonly entity: string; readonly name: string }[];
  /** What other sources told, of these entities or others, in the interval and chosen as above. */
  readonly others?: readonly Other[];
};

/** An instance that another source told of (clause 5.7.3.4). */
export type Other = {
  readonly entity: string;
  readonly name: string;
  readonly time: string;
  /** Whether it only fills a gap in time. */
  readonly auxiliary: boolean;
  readonly instance: Instance;
};

export type Point = {
  readonly entity: string;
  readonly name: string;
  readonly time: string;
  readonly seq: number;
  readonly instance: Instance;
};

const TIME: Readonly<Record<Interval['property'], string>> = {
  observedAt: 'h.at',
  modifiedAt: 'h.recorded_at',
  createdAt: `coalesce((i.j ->> 'createdAt')::timestamptz, h.recorded_at)`,
  deletedAt: `(i.j ->> 'deletedAt')::timestamptz`,
};

/** Whether an instance has the time property that was asked for; without an interval all but deletedAt will do. */
const conveys = ({ property, relation }: Interval): string => {
  if (property === 'deletedAt') return ` and i.j ? 'deletedAt'`;
  return relation && property === 'observedAt' ? ` and i.j ? 'observedAt'` : '';
};

/** Which rows, and instances within them, lie in the interval. What has not the time property does not match (clause 4.11). */
const inInterval = (interval: Interval, bind: Bind): string => {
  const time = TIME[interval.property];
  const { from, to } = interval;
  return (
    (from ? ` and ${time} >= ${bind(from)}::timestamptz` : '') +
    (to ? ` and ${time} < ${bind(to)}::timestamptz` : '') +
    conveys(interval)
  );
};

type Choice = Omit<PointsQuestion, 'ids' | 'lastN'>;

/** That a part is none of those that are hidden; `entity` and `name` as SQL. */
export const seenPartSql = (
  { hidden = [] }: Pick<PointsQuestion, 'hidden'>,
  bind: Bind,
  name: string,
): string =>
  hidden.length > 0
    ? ` and (h.entity, ${name}) not in (select * from unnest(${bind(hidden.map(({ entity }) => entity))}::text[], ${bind(hidden.map((one) => one.name))}::text[]))`
    : '';

const chosen = (choice: Choice, bind: Bind, name = 'a.name'): string => {
  const { interval, datasets, spans } = choice;
  return (
    inInterval(interval, bind) +
    seenPartSql(choice, bind, name) +
    (datasets
      ? ` and coalesce(i.j ->> 'datasetId', '@none') = any(${bind(datasets)}::text[])`
      : '') +
    (spans
      ? ` and exists (select 1 from unnest(${bind(spans.map(({ entity }) => entity))}::text[],
        ${bind(spans.map(({ from }) => from))}::timestamptz[], ${bind(spans.map(({ until }) => until))}::timestamptz[]) as s (entity, since, until)
        where s.entity = h.entity and ${TIME[interval.property]} >= s.since and (s.until is null or ${TIME[interval.property]} < s.until))`
      : '')
  );
};

const columns = (interval: Interval, name = 'a.name') =>
  `h.entity, ${name} as name, ${TIME[interval.property]} as time, h.seq, i.n, i.j as instance`;

/** The instances of an entity's history, as `entity, name, time, seq, n, instance`; `whose` picks rows of `h`. */
export const pointsSql = (choice: Choice, whose: string, bind: Bind): string => {
  const { tenant, interval, attributes } = choice;
  const one = attributes?.length === 1 ? `${bind(attributes[0])}::text` : undefined;
  const instances = one
    ? `jsonb_array_elements(h.attributes -> ${one})`
    : attributes
      ? `unnest(${bind(attributes)}::text[]) as a (name), jsonb_array_elements(h.attributes -> a.name)`
      : 'jsonb_each(h.attributes) as a (name, list), jsonb_array_elements(a.list)';
  return `select ${columns(interval, one)} from context.history h, ${instances} with ordinality as i (j, n)
    where h.tenant = ${bind(tenant)} and ${whose}${chosen(choice, bind, one)}`;
};

/** The newest n of some attributes of each entity, walked to from the end of an index of the rows that may hold them. */
const walkedSql = (
  question: PointsQuestion,
  names: readonly string[],
  lastN: number,
  rows: string,
  bind: Bind,
): string => {
  const { tenant, ids, interval } = question;
  return `select p.* from unnest(${bind(ids)}::text[]) as w (entity) cross join unnest(${bind(names)}::text[]) as a (name)
      cross join lateral (
        select ${columns(interval)}
        from context.history h, jsonb_array_elements(h.attributes -> a.name) with ordinality as i (j, n)
        where h.tenant = ${bind(tenant)} and h.entity = w.entity${rows}${chosen(question, bind)}
        order by ${TIME[interval.property]} desc, h.seq desc, i.n desc limit ${bind(lastN)}::int) as p`;
};

/** The newest n of each attribute; scopes are few among all rows and have an index of their own. */
const newestSql = (question: PointsQuestion, lastN: number, bind: Bind): string => {
  const { ids, attributes } = question;
  if (attributes) {
    const others = attributes.filter((name) => name !== SCOPE);
    return [
      ...(others.length > 0 ? [walkedSql(question, others, lastN, '', bind)] : []),
      ...(others.length < attributes.length
        ? [walkedSql(question, [SCOPE], lastN, ` and h.attributes ? '${SCOPE}'`, bind)]
        : []),
    ].join(' union all ');
  }
  const points = pointsSql(question, `h.entity = any(${bind(ids)}::text[])`, bind);
  return `select p.entity, p.name, p.time, p.seq, p.n, p.instance from (
      select p.*, row_number() over (partition by p.entity, p.name order by p.time desc, p.seq desc, p.n desc) as rank
      from (${points}) as p) as p where p.rank <= ${bind(lastN)}::int`;
};

/**
 * What is here and what other sources told, as one: of those that say the same dataset at the same time the one that was
 * modified last, ours where neither says it (clause 4.5.5.3), and what is auxiliary where nothing else is (5.7.3.4).
 */
const unitedSql = (
  own: string,
  { others = [], lastN }: PointsQuestion,
  bind: Bind,
): string => `select p.entity, p.name, p.time, p.seq, p.n, p.instance from (
    select p.*, row_number() over (partition by p.entity, p.name order by p.time desc, p.seq desc, p.n desc) as rank
    from (
      select p.*, bool_or(p.seq < 0) over slot as shared,
        row_number() over (slot order by p.auxiliary, (p.instance ->> 'modifiedAt')::timestamptz desc nulls last, p.seq desc) as place
      from (
        select o.entity, o.name, o.time, o.seq, o.n, o.instance, false as auxiliary from (${own}) as o
        union all
        select o.entity, o.name, o.time, -1, row_number() over (), o.instance, o.auxiliary
        from jsonb_to_recordset(${bind(JSON.stringify(others))}::jsonb) as o (entity text, name text, time timestamptz, auxiliary boolean, instance jsonb)
      ) as p window slot as (partition by p.entity, p.name, coalesce(p.instance ->> 'datasetId', ''), p.time)
    ) as p where p.place = 1 or not p.shared
  ) as p${lastN === undefined ? '' : ` where p.rank <= ${bind(lastN)}::int`}`;

/** The instances that a question asks for, no more than the newest n of each attribute where it says so. */
export const askedSql = (question: PointsQuestion, bind: Bind): string => {
  const own =
    question.lastN === undefined
      ? pointsSql(question, `h.entity = any(${bind(question.ids)}::text[])`, bind)
      : newestSql(question, question.lastN, bind);
  return question.others ? unitedSql(own, question, bind) : own;
};

export type Points = {
  readonly points: readonly Point[];
  /** Where there was more than fits: the newest time given, or with lastN the oldest. Others are given whole. */
  readonly cutAt?: string;
};

/**
 * The instances in an interval (clauses 5.7.3.4, 5.7.4.4), oldest first. At most `max`: the rest is cut, for all entities
 * and attributes at one time, the newest of it or with `lastN` the oldest (clause 6.3.10).
 */
export const listPoints = async (
  database: Database,
  question: PointsQuestion,
  max: number,
): Promise<Points> => {
  if (question.ids.length === 0 && !question.others) return { points: [] };
  const { bind, values } = openBind();
  const way = question.lastN === undefined ? 'asc' : 'desc';
  const text = `select p.entity, p.name, p.time, p.seq, p.instance from (${askedSql(question, bind)}) as p
     order by p.time ${way}, p.seq ${way}, p.n ${way} limit ${bind(max + 1)}`;
  const found = await database.query<Point>(text, values, preparedName(text));
  const inOrder = (points: readonly Point[]) => (way === 'asc' ? points : points.toReversed());
  if (found.length <= max) return { points: inOrder(found) };
  const next = found[max]!.time;
  const whole = found.filter(({ time }) => time !== next);
  const kept = whole.length > 0 ? whole : found.slice(0, max);
  return { points: inOrder(kept), cutAt: kept.at(-1)!.time };
};
