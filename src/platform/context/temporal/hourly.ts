import type { Sql } from '#kernel/database';
import type { Bind } from '../query/bind.ts';
import { type PointsQuestion, seenPartSql } from './points.ts';
import { valuedSql } from './valued.ts';

/**
 * Hours of which the values themselves are gone, as parts of an aggregate; undefined where the question is of single
 * instances, or of a time that is not kept with them.
 */
export const hourlySql = (
  question: PointsQuestion,
  bind: Bind,
  whose?: string,
): string | undefined => {
  const { tenant, interval, attributes, datasets, lastN, spans } = question;
  const { property, relation, from, to } = interval;
  if (property !== 'observedAt' || lastN !== undefined || spans) return undefined;
  return `select h.entity, h.name, h.hour as time, h.kinds, true as rolled, null::jsonb as j, h.count::int, h.numbers::int,
      h.sum, h.sumsq, h.min, h.max, h.least, h.most
    from context.history_hourly h where h.tenant = ${bind(tenant)} and ${whose ?? `h.entity = any(${bind(question.ids)}::text[])`}
      ${attributes ? `and h.name = any(${bind(attributes)}::text[])` : ''}
      ${datasets ? `and coalesce(nullif(h.dataset, ''), '@none') = any(${bind(datasets)}::text[])` : ''}
      ${seenPartSql(question, bind, 'h.name')} ${relation ? 'and h.observed' : ''}${from ? ` and h.hour >= ${bind(from)}::timestamptz` : ''}${to ? ` and h.hour < ${bind(to)}::timestamptz` : ''}`;
};

/** Rows of entities that are older than they are kept; those by which the past finds entities and scopes stay. */
const OLD = `
  select h.tenant, h.entity, h.at, h.seq, h.attributes, h.tableoid as part, h.ctid as place
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as k (tenant, entity, before)
  join context.history h on h.tenant = k.tenant and h.entity = k.entity and h.at < k.before
  where h.op in ('create', 'update') and not h.attributes ? 'https://uri.etsi.org/ngsi-ld/scope'
  limit $4::int for update of h skip locked`;

const INSTANCES = `
  select o.tenant || chr(10) || o.entity as entity, a.name, o.at as time, o.seq, i.n, i.j as instance
  from old o, jsonb_each(o.attributes) as a (name, list), jsonb_array_elements(a.list) with ordinality as i (j, n)`;

const ROLL = `
  with old as materialized (${OLD}),
  gone as (delete from context.history h using old o where h.tableoid = o.part and h.ctid = o.place returning 1),
  kept as (
    insert into context.history_hourly as t (tenant, entity, name, dataset, observed, hour, kinds, count, numbers,
      sum, sumsq, min, max, least, most, first, first_at, last, last_at)
    select split_part(v.entity, chr(10), 1), split_part(v.entity, chr(10), 2), v.name, coalesce(v.dataset, ''), v.observed,
      date_trunc('hour', v.time, 'UTC'), bit_or(v.kind), count(*), count(v.x),
      sum(v.x), sum(v.x * v.x), min(v.x), max(v.x), min(v.t collate "C"), max(v.t collate "C"),
      (array_agg(v.j order by v.time, v.seq))[1], min(v.time), (array_agg(v.j order by v.time desc, v.seq desc))[1], max(v.time)
    from (${valuedSql(INSTANCES)}) as v group by 1, 2, 3, 4, 5, 6
    on conflict (tenant, entity, name, hour, dataset, observed) do update set
      kinds = t.kinds | excluded.kinds, count = t.count + excluded.count, numbers = t.numbers + excluded.numbers,
      sum = coalesce(t.sum + excluded.sum, t.sum, excluded.sum), sumsq = coalesce(t.sumsq + excluded.sumsq, t.sumsq, excluded.sumsq),
      min = least(t.min, excluded.min), max = greatest(t.max, excluded.max),
      least = least(t.least collate "C", excluded.least collate "C"), most = greatest(t.most collate "C", excluded.most collate "C"),
      first = case when excluded.first_at < t.first_at then excluded.first else t.first end, first_at = least(t.first_at, excluded.first_at),
      last = case when excluded.last_at >= t.last_at then excluded.last else t.last end, last_at = greatest(t.last_at, excluded.last_at)
    returning 1)
  select (select count(*) from gone) as gone`;

export type Keeping = {
  readonly tenant: string;
  readonly id: string;
  /** Whole hours. */ readonly before: string;
};

/** One bounded step: at most `max` rows become hours; how many did. */
export const rollHours = async (
  sql: Sql,
  keepings: readonly Keeping[],
  max: number,
): Promise<number> => {
  const { rows } = await sql.query<{ gone: number }>(ROLL, [
    keepings.map(({ tenant }) => tenant),
    keepings.map(({ id }) => id),
    keepings.map(({ before }) => before),
    max,
  ]);
  return rows[0]?.gone ?? 0;
};
