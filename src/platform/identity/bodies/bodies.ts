import { sql } from 'kysely';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import { type BodyKind, KEEPING_POSTS, type Post } from './catalogue.ts';
import type { Body, NewBody } from './contract.ts';

const BODIES_LISTED_MAX = 5000;
/** A city, its bureaus, their offices, their teams: nobody needs more. */
const DEPTH_MAX = 12;

const isAdministrator = (actor: Actor) => actor.roles.includes('administrator');
const keeps = (actor: Actor, bodies: ReadonlySet<string>) =>
  (actor.bodies ?? []).some(
    ({ body, post }) => bodies.has(body) && KEEPING_POSTS.includes(post as Post),
  );

/** A body and all above it, itself first. */
const withAncestors = async (db: Db, id: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    with recursive up as (
      select id, parent, 0 as steps from identity.bodies where id = ${id} and closed_at is null
      union all
      select b.id, b.parent, up.steps + 1 from identity.bodies b join up on b.id = up.parent where up.steps < ${DEPTH_MAX})
    select id from up order by steps`.execute(db);
  return rows.map((row) => row.id);
};

/**
 * Holds an actor to be a keeper of a body's members: its head or keeper, or one of a body above. With `ofKeepers` only
 * one from above, since nobody appoints their own peers. Throws Refusal('not-found' | 'forbidden').
 */
export const mustKeep = async (
  db: Db,
  actor: Actor,
  body: string,
  { ofKeepers = false } = {},
): Promise<void> => {
  const path = await withAncestors(db, body);
  if (path.length === 0) throw new Refusal('not-found', `There is no body ${body}.`);
  if (isAdministrator(actor)) return;
  if (!keeps(actor, new Set(ofKeepers ? path.slice(1) : path)))
    throw new Refusal(
      'forbidden',
      ofKeepers
        ? 'Heads and keepers are appointed from the body above.'
        : 'Only the head or the keeper of this body, or of one above, may do this.',
      { body },
    );
};

/** Every body that stands, in the order of the tree's ids, with what the caller may do there. */
export const listBodies = async (db: Db, actor: Actor, now: Date): Promise<Body[]> => {
  const at = toInstant(now);
  const { rows } = await sql<{
    id: string;
    name_zh: string;
    name_en: string;
    kind: BodyKind;
    parent: string | null;
    district: string | null;
    source: string;
    members: number;
  }>`
    select b.id, b.name_zh, b.name_en, b.kind, b.parent, b.district, b.source,
           (select count(distinct m.person)::int from identity.memberships m where m.body = b.id and m.ended_at is null
              and m.from_at <= ${at} and (m.until_at is null or m.until_at > ${at})) as members
    from identity.bodies b where b.closed_at is null order by b.id limit ${BODIES_LISTED_MAX}`.execute(
    db,
  );
  const parents = new Map(rows.map((row) => [row.id, row.parent]));
  const isKept = (id: string): boolean => {
    const path = new Set<string>();
    for (let at: string | null = id; at !== null && path.size <= DEPTH_MAX;)
      at = (path.add(at), parents.get(at) ?? null);
    return isAdministrator(actor) || keeps(actor, path);
  };
  return rows.map(({ name_zh, name_en, ...row }) => ({
    ...row,
    name: { zh: name_zh, en: name_en },
    mayKeep: isKept(row.id),
  }));
};

/** Adds a body under another. Throws Refusal: 'not-found' for the other, 'conflict' where the id is taken. */
export const addBody = async (db: Db, body: NewBody, now: Date): Promise<void> => {
  const path = await withAncestors(db, body.parent);
  if (path.length === 0) throw new Refusal('not-found', `There is no body ${body.parent}.`);
  if (path.length >= DEPTH_MAX)
    throw new Refusal('invalid', `Bodies stand at most ${DEPTH_MAX} deep.`);
  const { rows } = await sql`
    insert into identity.bodies (id, name_zh, name_en, kind, parent, source, created_at)
    values (${body.id}, ${body.name.zh}, ${body.name.en}, ${body.kind}, ${body.parent}, 'house', ${toInstant(now)})
    on conflict (id) do nothing returning id`.execute(db);
  if (rows.length === 0) throw new Refusal('conflict', `There is a body ${body.id} already.`);
};

/**
 * Closes a body that was made here and has none below it; its memberships end with it. Throws Refusal: 'not-found', or
 * 'conflict' where it is the city register's or has others below.
 */
export const closeBody = async (db: Db, id: string, by: string, now: Date): Promise<void> => {
  const at = toInstant(now);
  const { rows } = await sql<{ source: string; below: boolean }>`
    select source, exists (select 1 from identity.bodies c where c.parent = b.id and c.closed_at is null) as below
    from identity.bodies b where id = ${id} and closed_at is null for update`.execute(db);
  const [body] = rows;
  if (!body) throw new Refusal('not-found', `There is no body ${id}.`);
  if (body.source !== 'house')
    throw new Refusal('conflict', 'This body stands in the register of the city: change it there.');
  if (body.below) throw new Refusal('conflict', 'Other bodies stand below this one.');
  await sql`update identity.bodies set closed_at = ${at} where id = ${id}`.execute(db);
  await sql`update identity.memberships set ended_at = ${at}, ended_by = ${by} where body = ${id} and ended_at is null`.execute(
    db,
  );
};
