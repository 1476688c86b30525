import type { Database } from '#kernel/database';
import { type Bind, openBind } from '../query/bind.ts';
import { geoToSql } from '../query/geo-to-sql.ts';
import { detailsToSql, type Filter } from '../query/question.ts';
import { queryToSql } from '../query/to-sql.ts';
import { ALIVE } from '../store/read.ts';
import type { Interval } from './interval.ts';
import { pointsSql } from './points.ts';
import type { Subject } from './present.ts';

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
};

const COLUMNS = 'e.id, e.types, e.scopes, e.created_at, e.modified_at';

/** All that were ever known: those that are there, and those that were deleted, as they were then. */
const knownSql = ({ tenant = '', selectors = [], scopes }: Filter, bind: Bind): string => {
  const details = () =>
    ['true', ...detailsToSql({ selectors, ...(scopes ? { scopes } : {}) }, bind)].join(' and ');
  const named = selectors.map((selector) => selector.ids);
  const ids =
    named.length > 0 && named.every(Boolean) ? named.flatMap((list) => list ?? []) : undefined;
  return `select ${COLUMNS} from context.entities e where e.tenant = ${bind(tenant)} and ${ALIVE} and ${details()}
    union all
    select ${COLUMNS} from (
      select distinct on (h.entity) h.entity as id, h.types, '{}'::text[] as scopes, null::timestamptz as created_at, null::timestamptz as modified_at
      from context.history h
      where h.tenant = ${bind(tenant)} and h.op = 'delete'${ids ? ` and h.entity = any(${bind(ids)}::text[])` : ''}
        and not exists (select 1 from context.entities e where e.tenant = h.tenant and e.id = h.entity and ${ALIVE})
      order by h.entity, h.seq desc
    ) as e where ${details()}`;
};

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
      select jsonb_object_agg(g.name, g.list) from (select p.name, jsonb_agg(p.instance) as list from (${points}) as p group by p.name) as g
    ) as attributes
  ) as x where ${conditions.join(' and ')})`;
};

/** The entities with a history in the interval that answers the question, in the order of their ids (clause 5.7.4). */
export const listSubjects = async (
  database: Database,
  question: SubjectsQuestion,
): Promise<{ subjects: Subject[]; more: boolean; count?: number }> => {
  const {
    filter,
    interval,
    attributes,
    datasets,
    limit,
    offset,
    count,
    descending = false,
  } = question;
  const selectSql = (bind: Bind): string => {
    const points = pointsSql(
      {
        tenant: filter.tenant ?? '',
        interval,
        ...(attributes ? { attributes } : {}),
        ...(datasets ? { datasets } : {}),
      },
      'h.entity = e.id',
      bind,
    );
    return `from (${knownSql(filter, bind)}) as e where exists (${points}) and ${meetsSql(question, bind)}`;
  };
  const listed = async (): Promise<Subject[]> => {
    if (limit === 0) return [];
    const { bind, values } = openBind();
    return database.query<Subject>(
      `select e.id, e.types, e.scopes, e.created_at as "createdAt", e.modified_at as "modifiedAt" ${selectSql(bind)}
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

/** One entity by its id, deleted or not; undefined where nothing was ever known of it (clause 5.7.3). */
export const findSubject = async (
  database: Database,
  id: string,
  tenant: string,
): Promise<Subject | undefined> => {
  const [row] = await database.query<Subject>(
    `(select e.id, e.types, e.scopes, e.created_at as "createdAt", e.modified_at as "modifiedAt"
      from context.entities e where e.tenant = $1 and e.id = $2 and ${ALIVE})
     union all
     (select h.entity, h.types, '{}', null, null from context.history h where h.tenant = $1 and h.entity = $2
      order by h.seq desc limit 1)
     limit 1`,
    [tenant, id],
    'context-find-subject',
  );
  return row;
};
