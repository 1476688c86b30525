import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import { coreNames } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
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
export const listTypes = async (database: Database): Promise<TypeCount[]> => {
  const rows = await database.query<TypeCount>(
    `select t.type, count(*)::int as count, count(*) filter (where e.attributes ? $1)::int as demo, max(e.modified_at) as newest
     from context.entities e cross join lateral unnest(e.types) as t (type)
     where e.tenant = '' and ${ALIVE} group by t.type order by count desc, t.type`,
    [coreNames.expand('demo')],
  );
  return rows.map((row) => ({ ...row, type: coreNames.compact(row.type) }));
};

const NAME = coreNames.expand('name');

/** Entities whose name or id holds the text, in either language; shorter names first, as the nearer match. */
export const searchEntities = async (database: Database, text: string, limit: number) => {
  const rows = await database.query<Entity>(
    `select ${ENTITY_COLUMNS} from context.entities e
     where e.tenant = '' and ${ALIVE} and (e.id ilike $1 or (e.attributes -> $2)::text ilike $1)
     order by length((e.attributes -> $2)::text), e.id limit $3`,
    [`%${text.replace(/[\\%_]/g, '\\$&')}%`, NAME, limit],
  );
  return rows.map((entity) => {
    const { id, geometry, properties } = toFeature(entity);
    return { id, type: properties.type, name: properties.name, location: geometry };
  });
};
