import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import { coreNames } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import { openBind } from '../query/bind.ts';
import { type Sight, seenSql } from '../sight.ts';
import { ALIVE, ENTITY_COLUMNS } from '../store/read.ts';
import { toFeature } from './feature.ts';

export const TypeCount = Type.Object({
  type: Type.String(),
  count: Type.Integer(),
  demo: Type.Integer({ description: 'How many of them the simulator made' }),
  newest: Type.String(),
});

export type TypeCount = Static<typeof TypeCount>;

/** How many entities of each type there are, and when one of them last changed. */
export const listTypes = async (database: Database, sight?: Sight): Promise<TypeCount[]> => {
  const { bind, values } = openBind();
  bind(coreNames.expand('demo'));
  const rows = await database.query<TypeCount>(
    `select t.type, count(*)::int as count, count(*) filter (where e.attributes ? $1)::int as demo, max(e.modified_at) as newest
     from ${seenSql(sight, bind)} cross join lateral unnest(e.types) as t (type)
     where e.tenant = '' and ${ALIVE} group by t.type order by count desc, t.type`,
    values,
  );
  return rows.map((row) => ({ ...row, type: coreNames.compact(row.type) }));
};

const NAME = coreNames.expand('name');

/** Entities whose name or id holds the text, in either language; shorter names first, as the nearer match. */
export const searchEntities = async (
  database: Database,
  text: string,
  limit: number,
  sight?: Sight,
) => {
  const { bind, values } = openBind();
  for (const value of [`%${text.replace(/[\\%_]/g, '\\$&')}%`, NAME, limit]) bind(value);
  const rows = await database.query<Entity>(
    `select ${ENTITY_COLUMNS} from ${seenSql(sight, bind)}
     where e.tenant = '' and ${ALIVE} and (e.id ilike $1 or (e.attributes -> $2)::text ilike $1)
     order by length((e.attributes -> $2)::text), e.id limit $3`,
    values,
  );
  return rows.map((entity) => {
    const { id, geometry, properties } = toFeature(entity);
    return { id, type: properties.type, name: properties.name, location: geometry };
  });
};
