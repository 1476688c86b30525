import { sql } from 'kysely';
import type { Actor, Role } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import { mustKeep } from './bodies.ts';
import { KEEPING_POSTS, type Post } from './catalogue.ts';
import type { Member, NewMember } from './contract.ts';

const MEMBERS_LISTED_MAX = 2000;
const YEARS_MAX = 50;

/** Who belongs to a body now or will, by name. */
export const listMembers = async (db: Db, body: string, now: Date): Promise<Member[]> => {
  const at = toInstant(now);
  const { rows } = await sql<{
    id: string;
    person: string;
    name: string;
    full_name: string | null;
    roles: Role[];
    assurance: string;
    post: Post;
    from_at: string;
    until_at: string | null;
    made_by: string;
  }>`
    select m.id, m.person, p.name, p.full_name, p.roles, p.assurance, m.post, m.from_at, m.until_at, m.made_by
    from identity.memberships m join identity.people p on p.id = m.person
    where m.body = ${body} and m.ended_at is null and (m.until_at is null or m.until_at > ${at}) and p.closed_at is null
    order by p.name, m.post limit ${MEMBERS_LISTED_MAX}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    person: { id: row.person, name: row.full_name ?? row.name, signInName: row.name },
    post: row.post,
    roles: row.roles,
    assurance: row.assurance,
    from: row.from_at,
    until: row.until_at,
    madeBy: row.made_by,
  }));
};

/** From now on unless said, and at most for a working life. Throws Refusal('invalid'). */
const termOf = ({ from, until }: Pick<NewMember, 'from' | 'until'>, now: Date) => {
  const begins = from === undefined ? now.getTime() : Date.parse(from);
  const ends = until === undefined ? undefined : Date.parse(until);
  if (ends !== undefined && !(ends > begins && ends > now.getTime()))
    throw new Refusal('invalid', 'until must lie after from and in the future.', { at: 'until' });
  if (Math.abs((ends ?? begins) - now.getTime()) > YEARS_MAX * 366 * 86_400_000)
    throw new Refusal('invalid', `A term lies within ${YEARS_MAX} years of today.`);
  return { from: toInstant(begins), until: ends === undefined ? null : toInstant(ends) };
};

/**
 * Makes a person a member of a body with a post; call it in a transaction. Throws Refusal: 'forbidden' for who does not
 * keep the body, 'not-found' for the body or the person, 'conflict' where the person holds the post already.
 */
export const addMember = async (
  db: Db,
  actor: Actor,
  body: string,
  asked: NewMember,
  now: Date,
): Promise<{ id: string; person: string }> => {
  await mustKeep(db, actor, body, { ofKeepers: KEEPING_POSTS.includes(asked.post) });
  const term = termOf(asked, now);
  const person = await db
    .selectFrom('people')
    .select('id')
    .where('name', '=', asked.person)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  if (!person)
    throw new Refusal('not-found', `Nobody signs in as ${asked.person}.`, { at: 'person' });
  // A term that ran out makes room for the next one.
  await sql`update identity.memberships set ended_at = until_at, ended_by = 'term'
    where person = ${person.id} and body = ${body} and post = ${asked.post} and ended_at is null and until_at <= ${toInstant(now)}`.execute(
    db,
  );
  const id = newId();
  const { rows } = await sql`
    insert into identity.memberships (id, person, body, post, from_at, until_at, made_by, made_at)
    values (${id}, ${person.id}, ${body}, ${asked.post}, ${term.from}, ${term.until}, ${actor.id}, ${toInstant(now)})
    on conflict (person, body, post) where ended_at is null do nothing returning id`.execute(db);
  if (rows.length === 0)
    throw new Refusal('conflict', `${asked.person} holds this post here already.`);
  return { id, person: person.id };
};

/** Ends a membership; call it in a transaction. Throws Refusal: 'not-found', 'forbidden' for who does not keep the body. */
export const endMembership = async (
  db: Db,
  actor: Actor,
  id: string,
  now: Date,
): Promise<{ person: string; body: string; post: string }> => {
  const held = await db
    .selectFrom('memberships')
    .select(['person', 'body', 'post'])
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!held) throw new Refusal('not-found', 'There is no such membership.');
  const ofKeepers = KEEPING_POSTS.includes(held.post as Post);
  // Whoever holds a post may lay it down.
  if (held.person !== actor.id) await mustKeep(db, actor, held.body, { ofKeepers });
  await db
    .updateTable('memberships')
    .set({ ended_at: toInstant(now), ended_by: actor.id })
    .where('id', '=', id)
    .execute();
  return held;
};
