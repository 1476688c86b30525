import type { Database } from '#kernel/database';
import { SCOPE } from '../jsonld/core-context.ts';
import type { Instance } from '../model.ts';
import { type Bind, openBind } from '../query/bind.ts';
import { type ScopeQuery, scopesToSql } from '../query/scope.ts';
import type { Interval } from './interval.ts';
import type { Span } from './points.ts';

/** The scopes of an instance: none where it tells of their deletion. */
const SCOPES = `case when i.j ? 'deletedAt' then '{}'::text[]
    when jsonb_typeof(i.j -> 'value') = 'array' then array(select jsonb_array_elements_text(i.j -> 'value'))
    else array[i.j ->> 'value'] end`;

/**
 * A scope holds from when it was set until the next was, or it was deleted (clause 4.18). Where the history tells of no
 * scope, the entity has always had those that it has now.
 */
const spansSql = (tenant: string, entity: string, scopes: string): string => `
  select s.at as since, lead(s.at) over (order by s.at, s.seq) as until, s.scopes
  from (select h.at, h.seq, ${SCOPES} as scopes from context.history h, jsonb_array_elements(h.attributes -> '${SCOPE}') as i (j)
    where h.tenant = ${tenant} and h.entity = ${entity} and h.attributes ? '${SCOPE}') as s
  union all
  select '-infinity'::timestamptz, null, ${scopes} where not exists (
    select 1 from context.history h where h.tenant = ${tenant} and h.entity = ${entity} and h.attributes ? '${SCOPE}')`;

const overlaps = ({ from, to }: Interval, bind: Bind): string =>
  (to ? ` and e.since < ${bind(to)}::timestamptz` : '') +
  (from ? ` and (e.until is null or e.until > ${bind(from)}::timestamptz)` : '');

/** Whether an entity `e` had such scopes in the interval (clause 5.7.4.4, S4). */
export const hadScopesSql = (
  scopes: ScopeQuery,
  interval: Interval,
  tenant: string,
  bind: Bind,
): string => `exists (select 1 from (${spansSql(bind(tenant), 'e.id', 'e.scopes')}) as e
    where ${scopesToSql(scopes, bind)}${overlaps(interval, bind)})`;

/** When the entities had such scopes, within the interval: nothing else of them is shown (annex C.5.16). */
export const listSpans = async (
  database: Database,
  tenant: string,
  subjects: readonly { id: string; scopes: readonly string[] }[],
  scopes: ScopeQuery,
  interval: Interval,
): Promise<readonly Span[]> => {
  const { bind, values } = openBind();
  const [whose, now] = [
    bind(subjects.map(({ id }) => id)),
    bind(JSON.stringify(subjects.map((subject) => subject.scopes))),
  ];
  return database.query<Span>(
    `select w.entity, e.since as "from", e.until
     from unnest(${whose}::text[]) with ordinality as w (entity, n)
     cross join lateral (${spansSql(bind(tenant), 'w.entity', `array(select jsonb_array_elements_text(${now}::jsonb -> (w.n - 1)::int))`)}) as e
     where ${scopesToSql(scopes, bind)}${overlaps(interval, bind)}`,
    values,
  );
};

/** The scope that held when the interval began, of those entities that had one (annex C.5.16). */
export const listScopesBefore = async (
  database: Database,
  tenant: string,
  ids: readonly string[],
  before: string,
): Promise<ReadonlyMap<string, { seq: number; instance: Instance }>> => {
  const rows = await database.query<{ entity: string; seq: number; instance: Instance }>(
    `select distinct on (h.entity) h.entity, h.seq, i.j as instance
     from context.history h, jsonb_array_elements(h.attributes -> '${SCOPE}') as i (j)
     where h.tenant = $1 and h.entity = any($2::text[]) and h.at < $3::timestamptz and h.attributes ? '${SCOPE}'
     order by h.entity, h.at desc, h.seq desc`,
    [tenant, ids, before],
    'context-scopes-before',
  );
  return new Map(
    rows.flatMap(({ entity, ...held }) =>
      held.instance.deletedAt === undefined ? [[entity, held] as const] : [],
    ),
  );
};
