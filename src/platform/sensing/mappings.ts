import type { Kysely } from 'kysely';
import { Refusal } from '#kernel/errors';
import type { Words } from '#kernel/module';
import type { KeptMapping, Mapping } from './contract.ts';
import { compileMapping } from './readings/mapped.ts';
import type { SensingTables } from './tables.ts';

type Db = Kysely<SensingTables>;
const MAPPINGS_MAX = 1000;

export const listMappings = async (db: Db): Promise<KeptMapping[]> => {
  const rows = await db
    .selectFrom('mappings')
    .selectAll()
    .orderBy('id')
    .limit(MAPPINGS_MAX)
    .execute();
  return rows.map(({ changed_at, ...row }) => ({ ...row, changedAt: changed_at }));
};

/** Makes or replaces a mapping. Throws Refusal('invalid') where a path, a unit or a name in it cannot work. */
export const putMapping = async (
  db: Db,
  mapping: { id: string; name: Words; document: Mapping },
  now: string,
): Promise<KeptMapping> => {
  compileMapping(mapping.document);
  const row = {
    name: JSON.stringify(mapping.name) as never,
    document: JSON.stringify(mapping.document) as never,
    changed_at: now,
  };
  await db
    .insertInto('mappings')
    .values({ id: mapping.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
  return { ...mapping, changedAt: now };
};

/** Throws Refusal('not-found'), or 'conflict' while a device uses it. */
export const removeMapping = async (db: Db, id: string): Promise<void> => {
  const used = await db
    .selectFrom('devices')
    .select('id')
    .where('mapping', '=', id)
    .executeTakeFirst();
  if (used)
    throw new Refusal('conflict', `The device ${used.id} uses this mapping.`, { device: used.id });
  const { numDeletedRows } = await db
    .deleteFrom('mappings')
    .where('id', '=', id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new Refusal('not-found', `There is no mapping ${id}.`);
};
