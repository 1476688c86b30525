import { sql } from 'kysely';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Db } from '../people/terms.ts';
import { mustKeep } from './bodies.ts';
import { KEEPING_POSTS } from './catalogue.ts';
import type { Mandate, NewMandate } from './contract.ts';

const MANDATES_EACH_MAX = 100;
const MANDATE_DAYS_MAX = 5 * 366;

/** Bodies of which an actor is head or keeper, directly. */
const keptBodies = (actor: Actor): string[] =>
  (actor.bodies ?? [])
    .filter(({ post }) => (KEEPING_POSTS as readonly string[]).includes(post))
    .map(({ body }) => body);

type Row = {
  id: string;
  from_person: string | null;
  from_body: string | null;
  agent: string;
  scopes: string[];
  note: string;
  from_at: string;
  until_at: string;
  ended_at: string | null;
  agent_name: string;
  zh: string;
  en: string;
};

/** Mandates that an actor gave, for themselves or for a body they head, and those that they received; newest first. */
export const listMandates = async (db: Db, actor: Actor, now: Date): Promise<Mandate[]> => {
  const { rows } = await sql<Row>`
    select m.*, coalesce(a.full_name, a.name) as agent_name,
           coalesce(b.name_zh, p.full_name, p.name) as zh, coalesce(b.name_en, p.full_name, p.name) as en
    from identity.mandates m join identity.people a on a.id = m.agent
    left join identity.people p on p.id = m.from_person left join identity.bodies b on b.id = m.from_body
    where m.agent = ${actor.id} or m.from_person = ${actor.id} or m.from_body = any(${keptBodies(actor)})
    order by m.made_at desc limit ${2 * MANDATES_EACH_MAX}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    principal: {
      kind: row.from_body === null ? 'person' : 'body',
      id: row.from_body ?? row.from_person ?? '',
      name: { zh: row.zh, en: row.en },
    },
    agent: { id: row.agent, name: row.agent_name },
    scopes: row.scopes,
    note: row.note,
    from: row.from_at,
    until: row.until_at,
    endedAt: row.ended_at,
    inForce:
      row.ended_at === null &&
      Date.parse(row.from_at) <= now.getTime() &&
      Date.parse(row.until_at) > now.getTime(),
    mine: row.agent === actor.id ? 'received' : 'given',
  }));
};

/**
 * Lets somebody act for the actor, or for a body that the actor keeps; call it in a transaction. Throws Refusal:
 * 'not-found' for the agent, 'forbidden' for the body, 'invalid' for a bad time, 'conflict' for too many.
 */
export const addMandate = async (
  db: Db,
  actor: Actor,
  asked: NewMandate,
  now: Date,
): Promise<string> => {
  if (actor.kind !== 'person')
    throw new Refusal('forbidden', 'Only a person who signed in gives a mandate.');
  if (actor.onBehalfOf)
    throw new Refusal('forbidden', 'A mandate cannot be handed on by who acts under one.');
  if (asked.body !== undefined) await mustKeep(db, actor, asked.body);
  const from = asked.from === undefined ? now.getTime() : Date.parse(asked.from);
  const until = Date.parse(asked.until);
  if (!(until > from && until > now.getTime()))
    throw new Refusal('invalid', 'until must lie after from and in the future.', { at: 'until' });
  if (until > now.getTime() + MANDATE_DAYS_MAX * 86_400_000)
    throw new Refusal('invalid', `A mandate lasts at most ${MANDATE_DAYS_MAX} days.`);
  const agent = await db
    .selectFrom('people')
    .select('id')
    .where('name', '=', asked.agent)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  if (!agent) throw new Refusal('not-found', `Nobody signs in as ${asked.agent}.`, { at: 'agent' });
  if (agent.id === actor.id && asked.body === undefined)
    throw new Refusal('invalid', 'You act for yourself already.', { at: 'agent' });
  const { held } = await db
    .selectFrom('mandates')
    .select((is) => is.fn.countAll<number>().as('held'))
    .where('made_by', '=', actor.id)
    .where('ended_at', 'is', null)
    .where('until_at', '>', toInstant(now))
    .executeTakeFirstOrThrow();
  if (held >= MANDATES_EACH_MAX)
    throw new Refusal('conflict', `You gave ${held} mandates already. End some first.`);
  const id = newId();
  await db
    .insertInto('mandates')
    .values({
      id,
      from_person: asked.body === undefined ? actor.id : null,
      from_body: asked.body ?? null,
      agent: agent.id,
      scopes: asked.scopes,
      note: asked.note,
      from_at: toInstant(from),
      until_at: toInstant(until),
      made_by: actor.id,
      made_at: toInstant(now),
      ended_by: null,
      ended_at: null,
    })
    .execute();
  return id;
};

/** Ends a mandate; the principal may, the agent may, and who keeps the body. Throws Refusal('not-found'). */
export const endMandate = async (db: Db, actor: Actor, id: string, now: Date): Promise<void> => {
  const { rows } = await sql`
    update identity.mandates set ended_at = ${toInstant(now)}, ended_by = ${actor.id}
    where id = ${id} and ended_at is null
      and (agent = ${actor.id} or from_person = ${actor.id} or from_body = any(${keptBodies(actor)})
           or ${actor.roles.includes('administrator')}::boolean)
    returning id`.execute(db);
  if (rows.length === 0) throw new Refusal('not-found', 'There is no such mandate in force.');
};

/** What a mandate in force lets its agent be. */
export type InForce = {
  readonly onBehalfOf: NonNullable<Actor['onBehalfOf']>;
  readonly scopes: readonly string[];
};

/** The mandate that an agent names, while it is in force and both sides are here. */
export const findMandate = async (
  db: Db,
  agent: string,
  id: string,
  now: string,
): Promise<InForce | undefined> => {
  const { rows } = await sql<{ principal: string; name: string; scopes: string[] }>`
    select coalesce(m.from_body, m.from_person) as principal, coalesce(b.name_zh, p.full_name, p.name) as name, m.scopes
    from identity.mandates m
    left join identity.people p on p.id = m.from_person left join identity.bodies b on b.id = m.from_body
    where m.id = ${id} and m.agent = ${agent} and m.ended_at is null and m.from_at <= ${now} and m.until_at > ${now}
      and (p.id is null or p.closed_at is null) and (b.id is null or b.closed_at is null)`.execute(
    db,
  );
  const [row] = rows;
  return (
    row && {
      onBehalfOf: { id: row.principal, name: row.name, mandate: id },
      scopes: row.scopes,
    }
  );
};
