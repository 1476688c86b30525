import type { Database } from '#kernel/database';
import type { Entity } from '../model.ts';
import { openBind } from '../query/bind.ts';
import { geoToSql } from '../query/geo-to-sql.ts';
import { detailsToSql, type Filter } from '../query/question.ts';

/** Whether an entity at hand passes a filter: asked of the database, which need not hold the entity (any more). */
export const passesFilter = async (
  database: Database,
  filter: Filter,
  { id, types, scopes, attributes, createdAt, modifiedAt }: Entity,
): Promise<boolean> => {
  const { bind, values } = openBind();
  const entity = `select ${bind(filter.tenant ?? '')}::text as tenant, ${bind(id)}::text as id, ${bind(types)}::text[] as types,
    ${bind(scopes)}::text[] as scopes, ${bind(JSON.stringify(attributes))}::jsonb as attributes,
    ${bind(createdAt)}::timestamptz as created_at, ${bind(modifiedAt)}::timestamptz as modified_at`;
  const conditions = [
    ...(filter.geo ? [geoToSql(filter.geo, bind, 'e', 'attributes')] : []),
    ...detailsToSql(filter, bind),
  ];
  const [row] = await database.query<{ passes: boolean }>(
    `select ${conditions.length > 0 ? conditions.join(' and ') : 'true'} as passes from (${entity}) as e`,
    values,
  );
  return row?.passes ?? false;
};
