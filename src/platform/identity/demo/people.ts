import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { KindName, PostName } from '../bodies/contract.ts';
import type { Proven } from '../people/people.ts';
import { mayBeHere, type PersonRow, personColumns, personOf } from '../people/actors.ts';
import type { Db, Terms } from '../people/terms.ts';

const CITIES = fileURLToPath(new URL('../../../../cities', import.meta.url));
const closed = { additionalProperties: false } as const;
const Slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
const Words = Type.Object(
  { zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  closed,
);

/** `cities/<city>/demo/people.json`: made-up people for who wants to see the faces of the house. */
const DemoPeople = Type.Object(
  {
    bodies: Type.Array(
      Type.Object({ id: Slug, name: Words, kind: KindName, parent: Slug }, closed),
    ),
    people: Type.Array(
      Type.Object(
        {
          id: Slug,
          name: Words,
          title: Words,
          assurance: Type.Union([Type.Literal('contact'), Type.Literal('real-name')]),
          roles: Type.Array(Type.Literal('developer')),
          posts: Type.Array(Type.Object({ body: Slug, post: PostName }, closed)),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type DemoPeople = Static<typeof DemoPeople>;

/** The made-up people of a city; nobody where its folder has none. Throws Refusal('invalid') for a bad file. */
export const readDemoPeople = (city: string): DemoPeople => {
  const file = join(isAbsolute(city) ? city : join(CITIES, city), 'demo', 'people.json');
  if (!existsSync(file)) return { bodies: [], people: [] };
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (Value.Check(DemoPeople, read)) return read;
  const [fault] = Value.Errors(DemoPeople, read);
  throw new Refusal('invalid', `${file}${fault?.instancePath} ${fault?.message}.`);
};

const demoId = (id: string) => `demo-${id}`;

/** Makes the demonstration people as the file has them; call it in a transaction. */
const ensureDemoPeople = async (db: Db, demo: DemoPeople, now: Date): Promise<void> => {
  const at = toInstant(now);
  for (const { id, name, kind, parent } of demo.bodies)
    await sql`
      insert into identity.bodies as b (id, name_zh, name_en, kind, parent, source, created_at)
      values (${id}, ${name.zh}, ${name.en}, ${kind}, ${parent}, 'demo', ${at})
      on conflict (id) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, closed_at = null
        where b.source = 'demo'`.execute(db);
  for (const { id, name, assurance, roles, posts } of demo.people) {
    await sql`
      insert into identity.people (id, name, password_hash, full_name, roles, created_at, assurance, demo)
      values (${demoId(id)}, ${demoId(id)}, null, ${name.zh}, ${roles}, ${at}, ${assurance}, true)
      on conflict (name) do nothing`.execute(db);
    for (const { body, post } of posts)
      await sql`
        insert into identity.memberships (id, person, body, post, from_at, made_by, made_at)
        select ${newId()}, ${demoId(id)}, b.id, ${post}, ${at}::timestamptz, 'demonstration', ${at}::timestamptz
        from identity.bodies b join identity.people p on p.id = ${demoId(id)} and p.demo
        where b.id = ${body} on conflict (person, body, post) where ended_at is null do nothing`.execute(
        db,
      );
  }
};

/** Without a demonstration its people are not even in the table, and its bodies are closed; call it in a transaction. */
const removeDemoPeople = async (db: Db, now: Date): Promise<void> => {
  await sql`delete from identity.people where demo`.execute(db);
  await sql`update identity.bodies set closed_at = ${toInstant(now)} where source = 'demo' and closed_at is null`.execute(
    db,
  );
};

/** Brings the table in line with whether there is a demonstration; call it in a transaction. */
export const followDemonstration = (
  db: Db,
  demo: DemoPeople,
  { on, now }: { on: boolean; now: Date },
): Promise<void> => (on ? ensureDemoPeople(db, demo, now) : removeDemoPeople(db, now));

/** A demonstration person, where there is a demonstration. Throws Refusal('not-found'). */
export const findDemoPerson = async (db: Db, id: string, terms: Terms): Promise<Proven> => {
  const { rows } = await sql<PersonRow & { epoch: number }>`
    select ${personColumns(terms.now())}, p.epoch from identity.people p
    where p.id = ${demoId(id)} and p.demo and ${mayBeHere(terms)}`.execute(db);
  const [row] = rows;
  if (!row) throw new Refusal('not-found', 'There is no such demonstration person here.');
  // Whoever looks on is shown all of the face: no second factor stands in the way.
  return { person: personOf(row, 2, terms), epoch: row.epoch };
};
