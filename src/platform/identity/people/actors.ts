import { type RawBuilder, sql } from 'kysely';
import type { Actor, Belonging, Role } from '#kernel/actor';
import { STAFF_KINDS } from '../bodies/catalogue.ts';
import type { Db, Terms } from './terms.ts';

/** A person as an actor is made of, with what they belong to at the moment of asking. */
export type PersonRow = {
  id: string;
  name: string;
  full_name: string | null;
  roles: Role[];
  assurance: 'anonymous' | 'contact' | 'real-name';
  bodies: Belonging[];
  staff: boolean;
};

const MEMBERSHIP_NOW = (now: string) =>
  sql`m.ended_at is null and m.from_at <= ${now} and (m.until_at is null or m.until_at > ${now}) and b.closed_at is null`;

/** The columns of a PersonRow, of `identity.people p`. */
export const personColumns = (now: string): RawBuilder<unknown> => sql`
  p.id, p.name, p.full_name, p.roles, p.assurance,
  (select coalesce(json_agg(json_build_object('body', m.body, 'post', m.post) order by m.body, m.post), '[]')
     from identity.memberships m join identity.bodies b on b.id = m.body
    where m.person = p.id and ${MEMBERSHIP_NOW(now)}) as bodies,
  exists (select 1 from identity.memberships m join identity.bodies b on b.id = m.body
    where m.person = p.id and b.kind = any(${STAFF_KINDS}) and ${MEMBERSHIP_NOW(now)}) as staff`;

/** Who may be here at all: a closed account may not, nor a demonstration person where there is no demonstration. */
export const mayBeHere = ({ demo }: Terms): RawBuilder<boolean> =>
  sql<boolean>`p.closed_at is null and (${demo}::boolean or not p.demo)`;

/** Staff only where the sign-in had as many factors as the house asks of staff. */
export const personOf = (row: PersonRow, factors: number, { staffFactors }: Terms): Actor => ({
  kind: 'person',
  id: row.id,
  name: row.full_name ?? row.name,
  roles: ['anyone', 'person', ...row.roles],
  assurance: row.staff && factors >= staffFactors ? 'staff' : row.assurance,
  bodies: row.bodies,
});

/** The person of an id, while the account is open. */
export const findPerson = async (
  db: Db,
  id: string,
  factors: number,
  terms: Terms,
): Promise<Actor | undefined> => {
  const { rows } = await sql<PersonRow>`
    select ${personColumns(terms.now())} from identity.people p
    where p.id = ${id} and ${mayBeHere(terms)}`.execute(db);
  return rows[0] && personOf(rows[0], factors, terms);
};

/** The ids of people who may be here, in their order, after one. */
export const listPeople = async (
  db: Db,
  afterId: string,
  limit: number,
  terms: Terms,
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select p.id from identity.people p where p.id > ${afterId} and ${mayBeHere(terms)}
    order by p.id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
};
