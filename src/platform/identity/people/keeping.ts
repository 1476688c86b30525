import { sql } from 'kysely';
import type { Actor, Role } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret, newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { Sealing } from '../sealing.ts';
import { newPassword } from '../sign-in/passwords.ts';
import type { DocumentCheck, Person } from './contract.ts';
import { endSessions } from './people.ts';
import type { Db, Terms } from './terms.ts';

const PEOPLE_LISTED_MAX = 200;
/** Somebody who was at the counter is home again within a day. */
const CODE_MS = 86_400_000;

/** Accounts whose names hold a text, by name. */
export const listPeople = async (db: Db, text: string, { demo }: Terms): Promise<Person[]> => {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const rows = await db
    .selectFrom('people')
    .selectAll()
    .where((is) => is.or([is('name', 'ilike', pattern), is('full_name', 'ilike', pattern)]))
    .$if(!demo, (real) => real.where('demo', '=', false))
    .orderBy('name')
    .limit(PEOPLE_LISTED_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    signInName: row.name,
    name: row.full_name ?? row.name,
    roles: row.roles,
    assurance: row.assurance,
    demo: row.demo,
    createdAt: row.created_at,
    closedAt: row.closed_at,
  }));
};

/** Throws Refusal('not-found') where there is no such open account. */
const mustBeOpen = async (db: Db, id: string): Promise<{ roles: Role[] }> => {
  const row = await db
    .selectFrom('people')
    .select('roles')
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .where('demo', '=', false)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such account.');
  return row;
};

/** A code by which a person gets in, or in again; it ends those before it. Call it in a transaction. */
export const giveCode = async (db: Db, by: Actor, person: string, now: Date): Promise<string> => {
  await mustBeOpen(db, person);
  const code = newPassword();
  await sql`delete from identity.recovery_codes where person = ${person} and purpose = 'account' and used_at is null`.execute(
    db,
  );
  await db
    .insertInto('recovery_codes')
    .values({
      code_hash: hashSecret(code),
      person,
      purpose: 'account',
      made_by: by.id,
      made_at: toInstant(now),
      expires_at: toInstant(now.getTime() + CODE_MS),
      used_at: null,
    })
    .execute();
  return code;
};

/**
 * Records that an official saw a person's document: the account is known by its real name from then on. Call it in a
 * transaction. Throws Refusal: 'not-found', 'conflict' where the document is another account's.
 */
export const recordCheck = async (
  db: Db,
  sealing: Sealing,
  by: Actor,
  person: string,
  { kind, number, name }: DocumentCheck,
  now: Date,
): Promise<void> => {
  await mustBeOpen(db, person);
  if (by.id === person) throw new Refusal('forbidden', 'Nobody checks their own document.');
  const digest = await sealing.digest(`${kind} ${number.toUpperCase().replaceAll(/\s/g, '')}`);
  const { rows } = await sql<{ person: string }>`
    insert into identity.document_checks as c (id, person, kind, digest, checked_by, checked_at)
    values (${newId()}, ${person}, ${kind}, ${digest}, ${by.id}, ${toInstant(now)})
    on conflict (kind, digest) do update set checked_by = excluded.checked_by, checked_at = excluded.checked_at
      where c.person = excluded.person returning person`.execute(db);
  if (rows.length === 0)
    throw new Refusal('conflict', 'This document belongs to another account already.');
  await db
    .updateTable('people')
    .set({ assurance: 'real-name', full_name: name })
    .where('id', '=', person)
    .execute();
};

/** Closes an account: nobody signs in to it, its sessions end. Call it in a transaction. Throws Refusal. */
export const closePerson = async (db: Db, by: Actor, person: string, now: Date): Promise<void> => {
  await mustBeOpen(db, person);
  if (by.id === person) throw new Refusal('forbidden', 'Nobody closes their own account here.');
  await endSessions(db, person, undefined, now);
  const at = toInstant(now);
  await sql`update identity.people set closed_at = ${at} where id = ${person}`.execute(db);
  await sql`update identity.memberships set ended_at = ${at}, ended_by = ${by.id} where person = ${person} and ended_at is null`.execute(
    db,
  );
  await sql`update identity.tokens set revoked_at = ${at} where created_by = ${person} and revoked_at is null`.execute(
    db,
  );
  await sql`delete from identity.oidc_artifacts where account = ${person}`.execute(db);
};
