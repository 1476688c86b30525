import type { Database } from '#kernel/database';
import { openBind } from '../query/bind.ts';
import { type Sight, seenSql } from '../sight.ts';
import { ALIVE } from './read.ts';

/** The entities as somebody sees them, and the values of a statement that begins with these. */
const openSeen = (sight: Sight | undefined, ...first: unknown[]) => {
  const { bind, values } = openBind();
  for (const value of first) bind(value);
  return { values, entities: seenSql(sight, bind) };
};

/** Names in full. What there is, is told by the entities themselves (clause 5.7.5–5.7.10). */
export type AttributeUse = {
  readonly name: string;
  readonly count: number;
  readonly kinds: readonly string[];
  readonly types: readonly string[];
};

export const listTypeNames = async (
  database: Database,
  tenant: string,
  sight?: Sight,
): Promise<string[]> => {
  const { entities, values } = openSeen(sight, tenant);
  const rows = await database.query<{ type: string }>(
    `select distinct t.type from ${entities} cross join lateral unnest(e.types) as t (type)
     where e.tenant = $1 and ${ALIVE} order by t.type`,
    values,
  );
  return rows.map((row) => row.type);
};

/** Each type with the names of the attributes that its entities have. */
export const listTypesWithAttributes = (
  database: Database,
  tenant: string,
  sight?: Sight,
): Promise<{ type: string; attributes: string[] }[]> => {
  const { entities, values } = openSeen(sight, tenant);
  return database.query(
    `select t.type, coalesce(array_agg(distinct a.name order by a.name) filter (where a.name is not null), '{}') as attributes
     from ${entities} cross join lateral unnest(e.types) as t (type)
     left join lateral jsonb_object_keys(e.attributes) as a (name) on true
     where e.tenant = $1 and ${ALIVE} group by t.type order by t.type`,
    values,
  );
};

/** How many entities of a type there are, and the kinds of each of their attributes. */
export const findTypeUse = async (
  database: Database,
  tenant: string,
  type: string,
  sight?: Sight,
): Promise<{ count: number; attributes: { name: string; kinds: string[] }[] }> => {
  const { entities, values } = openSeen(sight, tenant, type);
  const [counted] = await database.query<{ count: number }>(
    `select count(*) as count from ${entities} where e.tenant = $1 and e.types @> array[$2] and ${ALIVE}`,
    values,
  );
  const attributes = await database.query<{ name: string; kinds: string[] }>(
    `select a.name, array_agg(distinct i.one ->> 'type' order by i.one ->> 'type') as kinds
     from ${entities} cross join lateral jsonb_each(e.attributes) as a (name, instances)
     cross join lateral jsonb_array_elements(a.instances) as i (one)
     where e.tenant = $1 and e.types @> array[$2] and ${ALIVE} group by a.name order by a.name`,
    values,
  );
  return { count: counted?.count ?? 0, attributes };
};

export const listAttributeNames = async (
  database: Database,
  tenant: string,
  sight?: Sight,
): Promise<string[]> => {
  const { entities, values } = openSeen(sight, tenant);
  const rows = await database.query<{ name: string }>(
    `select distinct a.name from ${entities} cross join lateral jsonb_object_keys(e.attributes) as a (name)
     where e.tenant = $1 and ${ALIVE} order by a.name`,
    values,
  );
  return rows.map((row) => row.name);
};

/** The attributes in use, or the one of this name: how many instances, of which kinds, on entities of which types. */
export const listAttributeUses = (
  database: Database,
  tenant: string,
  name?: string,
  sight?: Sight,
): Promise<AttributeUse[]> => {
  const { entities, values } = openSeen(sight, tenant, name ?? null);
  return database.query<AttributeUse>(
    `select u.name, sum(u.count) as count, array_agg(distinct u.type order by u.type) as types,
       (select array_agg(distinct k order by k) from jsonb_array_elements_text(jsonb_path_query_array(jsonb_agg(u.kinds), '$[*][*]')) as x (k)) as kinds
     from (
       select a.name, t.type, case when t.place = 1 then jsonb_array_length(a.instances) else 0 end as count,
         jsonb_path_query_array(a.instances, '$[*].type') as kinds
       from ${entities} cross join lateral unnest(e.types) with ordinality as t (type, place)
       cross join lateral jsonb_each(e.attributes) as a (name, instances)
       where e.tenant = $1 and ${ALIVE} and ($2::text is null or (e.attributes ? $2 and a.name = $2))) as u
     group by u.name order by u.name`,
    values,
  );
};
