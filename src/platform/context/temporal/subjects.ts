import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { SCOPE } from '../jsonld/core-context.ts';
import { type Bind, openBind } from '../query/bind.ts';
import { geoToSql } from '../query/geo-to-sql.ts';
import { detailsToSql, type Filter } from '../query/question.ts';
import { hiddenSql, type Sight, visibleSql } from '../sight.ts';
import { queryToSql } from '../query/to-sql.ts';
import { hourlySql } from './hourly.ts';
import type { Interval } from './interval.ts';
import { pointsSql } from './points.ts';
import { hadScopesSql } from './scopes.ts';

/** An entity of which something is or was known; without its own times where it is not in the live picture. */
export type Subject = {
  readonly id: string;
  readonly types: readonly string[];
  /** Those that it has now. */
  readonly scopes: readonly string[];
  readonly createdAt: string | null;
  readonly modifiedAt: string | null;
  readonly deletedAt?: string | null;
  /** Names of what is not seen of it by who asks. */
  readonly hidden?: readonly string[];
};

export type SubjectsQuestion = {
  readonly filter: Filter;
  readonly interval: Interval;
  /** Full names: an entity has an instance of one of them in the interval. */
  readonly attributes?: readonly string[];
  readonly datasets?: readonly string[];
  readonly limit: number;
  readonly offset: number;
  readonly count: boolean;
  readonly descending?: boolean;
  /** Whether hours of which the values are gone count as instances. */
  readonly aggregated?: boolean;
  /** Only these, where an entity map chose them (clause 5.5.14). */
  readonly within?: readonly string[];
};
/** As many as an entity map holds. */
const IDS_MAX = 10_000;

const COLUMNS = 'e.id, e.types, e.scopes, e.created_at, e.modified_at';

/** The types that deletions and the temporal API tell of, in the order in which they came. */
const TOLD_TYPES = `array(select u.type from context.history g, unnest(g.types) with ordinality as u (type, n)
    where g.tenant = h.tenant and g.entity = h.entity and g.op in ('delete', 'told')
    group by u.type order by min(g.seq), min(u.n))`;

/** All that were ever known, as `e`: what is there, and what the history alone tells of, or tells more types of. */
const knownSql = ({ tenant = '', selectors = [] }: Filter, bind: Bind): string => {
  const details = () => ['true', ...detailsToSql({ selectors }, bind)].join(' and ');
  const named = selectors.map((selector) => selector.ids);
  const ids =
    named.length > 0 && named.every(Boolean) ? named.flatMap((list) => list ?? []) : undefined;
  return `select ${COLUMNS} from context.entities e where e.tenant = ${bind(tenant)} and ${details()}
      and not exists (select 1 from context.history h where h.tenant = e.tenant and h.entity = e.id and h.op = 'told')
    union all
    select ${COLUMNS} from (
      select h.entity as id, case when e.id is null then ${TOLD_TYPES} else e.types || array(select t from unnest(${TOLD_TYPES}) as t where t <> all (e.types)) end as types,
        coalesce(e.scopes, '{}') as scopes, e.created_at, e.modified_at
      from (
        select h.tenant, h.entity, bool_or(h.op = 'told') as told from context.history h
        where h.tenant = ${bind(tenant)} and h.op in ('delete', 'told')${ids ? ` and h.entity = any(${bind(ids)}::text[])` : ''}
        group by h.tenant, h.entity
      ) as h left join context.entities e on e.tenant = h.tenant and e.id = h.entity
      where e.id is null or h.told
    ) as e where ${details()}`;
};

/** Whose an entity is, is said by what it is now; what the history alone knows is nobody's. */
const nowSql = (tenant: string | undefined, bind: Bind) =>
  `(select o.attributes from context.entities o where o.tenant = ${bind(tenant ?? '')} and o.id = e.id)`;

/** That a part of an entity's history is of an attribute that is seen; `p` has its name. */
const seenNameSql = ({ sight, tenant }: Filter, bind: Bind): string =>
  sight ? ` and p.name <> all (${hiddenSql(sight, bind, 'e', nowSql(tenant, bind))})` : '';

/** What is hidden of each, as a column more. */
const hiddenColumn = (sight: Sight | undefined, tenant: string | undefined, bind: Bind): string =>
  sight ? `, ${hiddenSql(sight, bind, 'e', nowSql(tenant, bind))} as hidden` : '';

const visible = ({ sight, tenant }: Filter, bind: Bind): string =>
  sight ? ` and ${visibleSql(sight, bind, 'e', nowSql(tenant, bind))}` : '';

/** Whether what was there in the interval meets the query and the geo-query, taken together (clause 5.7.4.4, S2 and S3). */
const meetsSql = ({ filter, interval }: SubjectsQuestion, bind: Bind): string => {
  const { q, geo, tenant = '' } = filter;
  if (!q && !geo) return 'true';
  const points = pointsSql({ tenant, interval }, 'h.entity = e.id', bind);
  const conditions = [
    ...(q ? [queryToSql(q, bind, 'x')] : []),
    ...(geo ? [geoToSql(geo, bind, 'x', 'attributes')] : []),
  ];
  return `exists (select 1 from (
    select e.created_at, e.modified_at, (
      select jsonb_object_agg(g.name, g.list) from (select p.name, jsonb_agg(p.instance) as list from (${points}) as p
        where not p.instance ? 'deletedAt'${seenNameSql(filter, bind)} group by p.name) as g
    ) as attributes
  ) as x where ${conditions.join(' and ')})`;
};

/** Whether an attribute that was asked for has an instance in the interval (S1), and the scope was right then (S4). */
const wasThereSql = (question: SubjectsQuestion, bind: Bind): string => {
  const { filter, interval, attributes, datasets, aggregated } = question;
  const choice = {
    tenant: filter.tenant ?? '',
    interval,
    ...(attributes ? { attributes } : {}),
    ...(datasets ? { datasets } : {}),
  };
  const points = `exists (select 1 from (${pointsSql(choice, 'h.entity = e.id', bind)}) as p where p.name <> '${SCOPE}'${seenNameSql(filter, bind)})`;
  const hours = aggregated ? hourlySql({ ...choice, ids: [] }, bind, 'h.entity = e.id') : undefined;
  const scopes = filter.scopes
    ? ` and ${hadScopesSql(filter.scopes, interval, choice.tenant, bind)}`
    : '';
  return `(${points}${hours ? ` or exists (select 1 from (${hours}) as p where true${seenNameSql(filter, bind)})` : ''})${scopes}`;
};

/** The entities with a history in the interval that answers the question, in the order of their ids (clause 5.7.4). */
export const listSubjects = async (
  database: Database,
  question: SubjectsQuestion,
): Promise<{ subjects: Subject[]; more: boolean; count?: number }> => {
  const { filter, limit, offset, count, descending = false, within } = question;
  const selectSql = (bind: Bind): string =>
    `from (${knownSql(filter, bind)}) as e where ${within ? `e.id = any(${bind(within)}::text[]) and ` : ''}${wasThereSql(question, bind)} and ${meetsSql(question, bind)}${visible(filter, bind)}`;
  const listed = async (): Promise<Subject[]> => {
    if (limit === 0) return [];
    const { bind, values } = openBind();
    return database.query<Subject>(
      `select e.id, e.types, e.scopes, e.created_at as "createdAt", e.modified_at as "modifiedAt"${hiddenColumn(filter.sight, filter.tenant, bind)} ${selectSql(bind)}
       order by e.id ${descending ? 'desc' : 'asc'} limit ${bind(limit + 1)} offset ${bind(offset)}`,
      values,
    );
  };
  const counted = async (): Promise<number | undefined> => {
    if (!count) return undefined;
    const { bind, values } = openBind();
    const [row] = await database.query<{ count: number }>(
      `select count(*) as count ${selectSql(bind)}`,
      values,
    );
    return row?.count ?? 0;
  };
  const [found, total] = await Promise.all([listed(), counted()]);
  return {
    subjects: found.slice(0, limit),
    more: found.length > limit,
    ...(total === undefined ? {} : { count: total }),
  };
};

/** All that answer, for an entity map; Refusal('invalid') where they are too many for one. */
export const listSubjectIds = async (
  database: Database,
  question: Omit<SubjectsQuestion, 'limit' | 'offset' | 'count'>,
): Promise<string[]> => {
  const all = { ...question, limit: IDS_MAX, offset: 0, count: false };
  const { subjects, more } = await listSubjects(database, all);
  if (more)
    throw new Refusal('invalid', `An entity map holds at most ${IDS_MAX} entities; ask closer.`, {
      results: true,
    });
  return subjects.map(({ id }) => id);
};

/** One entity by its id, in the live picture or not; undefined where nothing was ever known of it (clause 5.7.3). */
export const findSubject = async (
  database: Database,
  id: string,
  tenant: string,
  sight?: Sight,
): Promise<Subject | undefined> => {
  const { bind, values } = openBind();
  const [row] = await database.query<Subject>(
    `select e.id, e.types, e.scopes, e.created_at as "createdAt", e.modified_at as "modifiedAt"${hiddenColumn(sight, tenant, bind)}
     from (${knownSql({ tenant, selectors: [{ ids: [id] }] }, bind)}) as e${sight ? ` where true${visible({ tenant, sight }, bind)}` : ''}`,
    values,
    sight ? undefined : 'context-find-subject',
  );
  return row;
};

/** The times of those that are not in the live picture, as far as rows of their history are kept. */
export const withTimes = async (
  database: Database,
  tenant: string,
  subjects: readonly Subject[],
): Promise<Subject[]> => {
  const ids = subjects.flatMap(({ id, createdAt }) => (createdAt === null ? [id] : []));
  if (ids.length === 0) return [...subjects];
  const rows = await database.query<Omit<Subject, 'types' | 'scopes'>>(
    `select h.entity as id, min(h.recorded_at) as "createdAt", max(h.recorded_at) as "modifiedAt",
       max(h.recorded_at) filter (where h.op = 'delete') as "deletedAt"
     from context.history h where h.tenant = $1 and h.entity = any($2::text[]) group by h.entity`,
    [tenant, ids],
  );
  const times = new Map(rows.map((row) => [row.id, row]));
  return subjects.map((subject) => ({ ...subject, ...times.get(subject.id) }));
};
