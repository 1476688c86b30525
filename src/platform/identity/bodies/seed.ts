import { sql } from 'kysely';
import { toInstant } from '#kernel/time';
import type { Body } from '#platform/registers';
import type { Db } from '../people/terms.ts';

/**
 * Brings the bodies of the city's register in: new ones are added, renamed ones renamed, ended ones closed, all else is
 * left alone. Those without a parent stand beside the tree's root.
 */
export const followRegister = async (db: Db, bodies: readonly Body[], now: Date): Promise<void> => {
  const at = toInstant(now);
  const rows = bodies.map(({ id, name, kind, parent, district }) => ({
    id,
    zh: name.zh,
    en: name.en,
    kind,
    parent: parent !== undefined && bodies.some((b) => b.id === parent) ? parent : null,
    district: district ?? null,
  }));
  const given = sql`json_to_recordset(${JSON.stringify(rows)}::json)
    as r (id text, zh text, en text, kind text, parent text, district text)`;
  await sql`
    insert into identity.bodies as b (id, name_zh, name_en, kind, district, source, created_at)
    select id, zh, en, kind, district, 'city', ${at}::timestamptz from ${given}
    on conflict (id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, kind = excluded.kind,
      district = excluded.district, closed_at = null where b.source = 'city'`.execute(db);
  // Parents second: the register may name a body before the one above it.
  await sql`
    update identity.bodies b set parent = r.parent from ${given}
    where r.id = b.id and b.source = 'city' and b.parent is distinct from r.parent`.execute(db);
  await sql`
    update identity.bodies set closed_at = ${at}
    where source = 'city' and closed_at is null and not id = any(${bodies.map((b) => b.id)})`.execute(
    db,
  );
};
