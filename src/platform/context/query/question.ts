import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Entity } from '../model.ts';
import { holdsSeenSql, seen, type Sight, seenSql } from '../sight.ts';
import { ALIVE, ENTITY_COLUMNS, toEntity } from '../store/read.ts';
import { type Bind, openBind } from './bind.ts';
import type { GeoQuestion } from './geo.ts';
import { geoToSql, nearbyToSql } from './geo-to-sql.ts';
import { type OrderTerm, orderToSql, ranksOf, textSql } from './order.ts';
import type { Pattern } from './pattern.ts';
import type { Query } from './q.ts';
import { type ScopeQuery, scopesToSql } from './scope.ts';
import { isMonotone, queryToSql } from './to-sql.ts';
import { type TypeSelector, typesToSql } from './type-selector.ts';

/** Some megabytes of entities; more come page by page. */
export const PAGE_ITEMS_MAX = 1_000;
export const PAGE_ITEMS_DEFAULT = 20;
/** Rows passed over are read all the same; who wants more walks by id or asks closer. */
export const PAGE_OFFSET_MAX = 1_000_000;

/** Within this distance place tells more than type. */
const NEAR_METERS_MAX = 10_000;

/** Which entities by what they are (clause 5.2.33); all that is given must hold. */
export type Selector = {
  readonly types?: TypeSelector;
  readonly ids?: readonly string[];
  readonly idPattern?: Pattern;
};

/** What an entity must be to be found, apart from pages and order (clause 5.7.2.4). */
export type Filter = {
  readonly tenant?: string;
  /** Any of these. */
  readonly selectors?: readonly Selector[];
  readonly q?: Query;
  readonly geo?: GeoQuestion;
  readonly scopes?: ScopeQuery;
  /** Full names; an entity has at least one of them. */
  readonly attributes?: readonly string[];
  /** The only ids there are to be considered: those that an entity map holds (clause 5.5.14). */
  readonly within?: readonly string[];
  /** What who asks does not see: to the question it is not there. */
  readonly sight?: Sight | undefined;
  /** Which context sources may be asked besides (clause 5.7.2.4): those that this holds of, and whether any. */
  readonly csf?: Query;
  readonly local?: boolean;
  /** Whether one entity may be spread over several sources, so that only what is put together can be filtered. */
  readonly split?: boolean;
};

export type EntityQuestion = Filter & {
  readonly order?: readonly OrderTerm[];
  /** What texts are put in order by; by code point where there is none (clause 4.23.3). */
  readonly collator?: Intl.Collator;
  readonly limit?: number;
  readonly offset?: number;
  /** Whether to count all that match, whatever the page. */
  readonly count?: boolean;
};

/** As many ids as one entity map holds. */
export const IDS_MAX = 10_000;

const selectorToSql = ({ types, ids, idPattern }: Selector, bind: Bind): string => {
  const conditions = [
    ...(types ? [typesToSql(types, bind)] : []),
    ...(ids ? [`e.id = any(${bind(ids)}::text[])`] : []),
    ...(idPattern ? [`e.id ~ ${bind(idPattern.source)}`] : []),
  ];
  return conditions.length > 0 ? `(${conditions.join(' and ')})` : 'true';
};

/** What of a filter the type and the value of an entity decide, over the alias `e`. */
export const detailsToSql = (
  { selectors = [], q, scopes, attributes, within, sight }: Filter,
  bind: Bind,
): readonly string[] => [
  ...(selectors.length > 0
    ? [`(${selectors.map((one) => selectorToSql(one, bind)).join(' or ')})`]
    : []),
  ...(within ? [`e.id = any(${bind(within)}::text[])`] : []),
  ...(attributes ? [`e.attributes ?| ${bind(attributes)}::text[]`] : []),
  ...(scopes ? [scopesToSql(scopes, bind)] : []),
  ...(q ? [queryToSql(q, bind, 'e', { tenant: 'e.tenant', ...(sight ? { sight } : {}) })] : []),
];

const all = (conditions: readonly string[]): string =>
  conditions.length > 0 ? conditions.join(' and ') : 'true';

/** What the types alone say of which entities are meant; nothing where some selector names none. */
const typesOf = ({ selectors = [] }: Filter, bind: Bind): readonly string[] => {
  const named = selectors.flatMap(({ types }) => types ?? []);
  return named.length > 0 && named.length === selectors.length
    ? [`(${named.map((types) => typesToSql(types, bind)).join(' or ')})`]
    : [];
};

/**
 * The living entities that pass a filter, as a table `e`. Few things of a type are near: those are found by place and
 * type, which both have an index, and looked at then. The planner, who counts each distance as dear, would do it the
 * other way round.
 */
const storedSql = (filter: Filter, bind: Bind): string => {
  const { tenant = '', geo } = filter;
  const living = [`e.tenant = ${bind(tenant)}`, ALIVE];
  const details = [...(geo ? [geoToSql(geo, bind)] : []), ...detailsToSql(filter, bind)];
  const nearby = geo && nearbyToSql(geo, NEAR_METERS_MAX, bind);
  return nearby
    ? `(select e.* from (select e.* from context.entities e where ${all([...living, nearby, ...typesOf(filter, bind)])} offset 0) as e where ${all(details)} offset 0) as e`
    : `(select e.* from context.entities e where ${all([...living, ...details])}) as e`;
};

/**
 * The same as somebody sees them: of the few entities that have something to hide, what is left after hiding it is asked
 * again. `order` is what they are to be put in order by; else what is hidden is still in the rows.
 */
const foundSql = (filter: Filter & Pick<EntityQuestion, 'order'>, bind: Bind): string => {
  const { sight, q, geo, attributes, order = [] } = filter;
  if (!sight) return storedSql(filter, bind);
  const { q: _q, ...wider } = filter;
  const isSure = !q || isMonotone(q);
  const links = (alias: string) => ({ tenant: `${alias}.tenant`, sight });
  const again = (alias: string) => [
    ...(geo ? [geoToSql(geo, bind, alias)] : []),
    ...(attributes ? [`${alias}.attributes ?| ${bind(attributes)}::text[]`] : []),
    ...(q ? [queryToSql(q, bind, alias, links(alias))] : []),
  ];
  const open = isSure ? [] : [queryToSql(q, bind, 'e', links('e'))];
  const seen = `(select e.* from ${storedSql(isSure ? filter : wider, bind)}
    where ${holdsSeenSql(sight, bind, open, again)}) as e`;
  const readsHidden = order.some((term) => !('column' in term) && !('list' in term));
  return readsHidden ? seenSql(sight, bind, 'e', seen) : seen;
};

/** Texts put in order by a collation are read for it, all of them. */
const COLLATED_TEXTS_MAX = 10_000;

/** The ranks in the collation asked for of what each term orders by. */
const ranksIn = async (
  database: Database,
  { order = [], collator, ...filter }: EntityQuestion,
): Promise<(string | undefined)[]> => {
  if (!collator) return [];
  const ranks: (string | undefined)[] = [];
  for (const term of order) {
    const { bind, values } = openBind();
    const text = textSql(term, bind);
    if (text === undefined) {
      ranks.push(undefined);
      continue;
    }
    const found = await database.query<{ t: string }>(
      `select distinct x.t from (select ${text} as t from ${foundSql({ ...filter, order: [term] }, bind)}) as x
       where x.t is not null limit ${COLLATED_TEXTS_MAX + 1}`,
      values,
    );
    if (found.length > COLLATED_TEXTS_MAX)
      throw new Refusal(
        'invalid',
        `More than ${COLLATED_TEXTS_MAX} texts to put in order by a collation: ask closer.`,
        { results: true },
      );
    ranks.push(
      ranksOf(
        found.map(({ t }) => t),
        collator,
      ),
    );
  }
  return ranks;
};

export type Page = {
  readonly entities: Entity[];
  readonly count?: number;
  /** Whether there are entities after this page. */ readonly more: boolean;
};

/**
 * The entities that answer a question (clause 5.7.2), in the order asked for, else of their ids. Throws
 * Refusal('invalid') where a limit is passed.
 */
export const listEntities = async (database: Database, question: EntityQuestion): Promise<Page> => {
  const { order = [], limit = PAGE_ITEMS_DEFAULT, offset = 0, count = false } = question;
  if (!Number.isSafeInteger(limit) || limit < 0 || limit > PAGE_ITEMS_MAX)
    throw new Refusal('invalid', `limit is a number from 0 to ${PAGE_ITEMS_MAX} (clause 6.3.10).`);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > PAGE_OFFSET_MAX)
    throw new Refusal(
      'invalid',
      `offset is a number from 0 to ${PAGE_OFFSET_MAX} (clause 6.3.10).`,
    );
  const listed = async (): Promise<Entity[]> => {
    if (limit === 0) return [];
    const ranks = await ranksIn(database, question);
    const { bind, values } = openBind();
    const text = `select ${ENTITY_COLUMNS} from ${foundSql(question, bind)}
      order by ${orderToSql(order, bind, 'e', ranks)} limit ${bind(limit + 1)} offset ${bind(offset)}`;
    const rows = await database.query<Parameters<typeof toEntity>[0]>(text, values);
    return rows.map(toEntity);
  };
  const counted = async (): Promise<number | undefined> => {
    if (!count) return undefined;
    const { bind, values } = openBind();
    const [row] = await database.query<{ count: number }>(
      `select count(*) as count from ${foundSql({ ...question, order: [] }, bind)}`,
      values,
    );
    return row?.count ?? 0;
  };
  const [found, total] = await Promise.all([listed(), counted()]);
  return {
    entities: found.slice(0, limit).flatMap((entity) => seen(entity, question.sight) ?? []),
    more: found.length > limit,
    ...(total === undefined ? {} : { count: total }),
  };
};

/**
 * The ids of all entities that answer a question, in the order of their ids. Throws Refusal('invalid') where there are
 * more than IDS_MAX.
 */
export const listIds = async (database: Database, filter: Filter): Promise<string[]> => {
  const { bind, values } = openBind();
  const found = await database.query<{ id: string }>(
    `select e.id from ${foundSql(filter, bind)} order by e.id limit ${bind(IDS_MAX + 1)}`,
    values,
  );
  if (found.length > IDS_MAX)
    throw new Refusal('invalid', `More than ${IDS_MAX} entities: ask closer.`, { results: true });
  return found.map(({ id }) => id);
};

/** The ids of those entities that come after one, in the order of their ids: how to walk through all of them. */
export const listIdsAfter = async (
  database: Database,
  filter: Filter,
  limit: number,
  afterId = '',
): Promise<string[]> => {
  const { bind, values } = openBind();
  const found = await database.query<{ id: string }>(
    `select e.id from ${foundSql(filter, bind)} where e.id > ${bind(afterId)} order by e.id limit ${bind(limit)}`,
    values,
  );
  return found.map(({ id }) => id);
};
