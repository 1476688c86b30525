import type { Database } from '#kernel/database';
import { livingAt } from '../entity/expiry.ts';
import { unpackStamps } from '../entity/stamps.ts';
import type { Entity } from '../model.ts';

const LIST_MAX = 1000;

export type EntityRow = Entity & { expiresAt: string | null; attributesExpireAt: string | null };

/** The columns of an entity, under the names of model.ts, of the table alias `e`. */
export const ENTITY_COLUMNS = `e.id, e.types, e.scopes, e.attributes, e.created_at as "createdAt",
  e.modified_at as "modifiedAt", e.expires_at as "expiresAt", e.attributes_expire_at as "attributesExpireAt"`;

/** A row with ENTITY_COLUMNS as the entity it holds, whatever of it has expired. */
export const toStored = ({
  id,
  types,
  scopes,
  attributes,
  createdAt,
  modifiedAt,
  expiresAt,
}: EntityRow): Entity => ({
  id,
  types,
  scopes,
  attributes: unpackStamps(attributes, { createdAt, modifiedAt }),
  createdAt,
  modifiedAt,
  ...(expiresAt ? { expiresAt } : {}),
});

/** The same for readers: without the attributes that have expired (clause 4.22). Rows are asked for by ALIVE. */
export const toEntity = (row: EntityRow): Entity => {
  const stored = toStored(row);
  return row.attributesExpireAt === null ? stored : (livingAt(stored, Date.now()) ?? stored);
};

/** An entity whose time has run out is gone for every reader, whether or not the job has come by (clause 5.2.4). */
export const ALIVE = '(e.expires_at is null or e.expires_at > now())';

export type ListQuestion = {
  readonly types?: readonly string[];
  readonly ids?: readonly string[];
  readonly afterId?: string;
  readonly limit?: number;
  readonly tenant?: string;
};

/** Entities in the order of their ids, for modules that walk through them. */
export const listEntitiesById = async (
  database: Database,
  { types, ids, afterId, limit = LIST_MAX, tenant = '' }: ListQuestion,
): Promise<Entity[]> => {
  const rows = await database.query<EntityRow>(
    `select ${ENTITY_COLUMNS} from context.entities e
     where e.tenant = $1 and ${ALIVE} and ($2::text[] is null or e.types && $2) and ($3::text[] is null or e.id = any($3))
       and ($4::text is null or e.id > $4)
     order by e.id limit $5`,
    [tenant, types ?? null, ids ?? null, afterId ?? null, Math.min(limit, LIST_MAX)],
  );
  return rows.map(toEntity);
};
