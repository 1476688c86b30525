import { sql } from 'kysely';
import type { Actor, Role } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { hashPassword, isPassword, newPassword } from '../sign-in/passwords.ts';
import { mayBeHere, type PersonRow, personColumns, personOf } from './actors.ts';
import type { Db, Terms } from './terms.ts';

const FIRST_ADMINISTRATOR = 'admin';

export type NewPerson = {
  readonly name: string;
  readonly password?: string;
  readonly fullName?: string;
  readonly roles: readonly Role[];
};

/** Adds a person; one without a password signs in by other means. Answers the id, or undefined where the name is taken. */
export const addPerson = async (
  db: Db,
  { name, password, fullName, roles }: NewPerson,
  now: Date,
): Promise<string | undefined> => {
  const added = await db
    .insertInto('people')
    .values({
      id: newId(),
      name,
      password_hash: password === undefined ? null : await hashPassword(password),
      full_name: fullName ?? null,
      roles: [...roles],
      created_at: toInstant(now),
      assurance: 'anonymous',
      contact: null,
      demo: false,
      closed_at: null,
      epoch: 0,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added?.id;
};

/** Makes the first administrator where there is none. Of several processes that start at once, one makes it. */
export const ensureFirstAdministrator = async (
  db: Db,
  now: Date,
): Promise<{ name: string; password: string } | undefined> => {
  const present = await db
    .selectFrom('people')
    .select('id')
    .where((is) => is('roles', '@>', is.val(['administrator'] as Role[])))
    .executeTakeFirst();
  if (present) return undefined;
  const first = { name: FIRST_ADMINISTRATOR, password: newPassword() };
  const made = await addPerson(db, { ...first, roles: ['administrator'] }, now);
  return made === undefined ? undefined : first;
};

/** Compared with when nobody has the name, so that the answer takes as long. */
let nobodysHash: Promise<string> | undefined;

/** Prepares what makes an unknown name cost as much as a known one. */
export const prepareDecoy = (): Promise<string> => (nobodysHash ??= hashPassword(newPassword()));

/** Who proved to be whom: a session may be opened for them while their epoch lasts. */
export type Proven = { readonly person: Actor; readonly epoch: number };

/** The person with this name and password, or undefined; whether the name exists does not show in the time it takes. */
export const findByPassword = async (
  db: Db,
  name: string,
  password: string,
  terms: Terms,
): Promise<Proven | undefined> => {
  const { rows } = await sql<PersonRow & { password_hash: string | null; epoch: number }>`
    select ${personColumns(terms.now())}, p.password_hash, p.epoch from identity.people p
    where p.name = ${name} and ${mayBeHere(terms)}`.execute(db);
  const [row] = rows;
  const hash = row?.password_hash ?? undefined;
  const matches = await isPassword(hash ?? (await prepareDecoy()), password);
  return row && hash !== undefined && matches
    ? { person: personOf(row, 1, terms), epoch: row.epoch }
    : undefined;
};

/** Ends all sessions of a person but the one that `keepHash` names; call it in a transaction. */
export const endSessions = async (
  db: Db,
  person: string,
  keepHash: string | undefined,
  now: Date,
): Promise<void> => {
  // First the epoch: whoever signs in meanwhile with what was known before waits for this row, and then finds it changed.
  await db
    .updateTable('people')
    .set((is) => ({ epoch: is('epoch', '+', 1) }))
    .where('id', '=', person)
    .execute();
  await db
    .updateTable('sessions')
    .set({ revoked_at: toInstant(now) })
    .where('person', '=', person)
    .where('secret_hash', '!=', keepHash ?? '')
    .where('revoked_at', 'is', null)
    .execute();
};

/** Changes a person's password and ends all sessions but the one that `keepHash` names; call it in a transaction. */
export const changePassword = async (
  db: Db,
  person: string,
  { password, keepHash }: { password: string; keepHash?: string },
  now: Date,
): Promise<void> => {
  await db
    .updateTable('people')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', person)
    .execute();
  await endSessions(db, person, keepHash, now);
};
