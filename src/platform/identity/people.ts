import type { Kysely } from 'kysely';
import type { Actor, Role } from '#kernel/actor';
import { newId } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { hashPassword, isPassword, newPassword } from './passwords.ts';
import type { IdentityTables, PeopleTable } from './tables.ts';

type Db = Kysely<IdentityTables>;

const FIRST_ADMINISTRATOR = 'admin';

export const toPerson = ({
  id,
  name,
  roles,
}: Pick<PeopleTable, 'id' | 'name' | 'roles'>): Actor => ({
  kind: 'person',
  id,
  name,
  roles: ['anyone', 'person', ...roles],
});

type NewPerson = { name: string; password: string; roles: readonly Role[] };

/** Adds a person. Answers undefined where the name is taken. */
export const addPerson = async (
  db: Db,
  { name, password, roles }: NewPerson,
  now: Date,
): Promise<Actor | undefined> => {
  const person = {
    id: newId(),
    name,
    password_hash: await hashPassword(password),
    roles: [...roles],
    created_at: toInstant(now),
  };
  const added = await db
    .insertInto('people')
    .values(person)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added && toPerson(person);
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
  return made && first;
};

/** Compared with when nobody has the name, so that the answer takes as long. */
let nobodysHash: Promise<string> | undefined;

/** Prepares what makes an unknown name cost as much as a known one. */
export const prepareDecoy = (): Promise<string> => (nobodysHash ??= hashPassword(newPassword()));

/**
 * The person with this name and password, and the hash that it was compared with, or undefined; whether the name exists
 * does not show in the time it takes.
 */
export const findByPassword = async (
  db: Db,
  name: string,
  password: string,
): Promise<{ person: Actor; passwordHash: string } | undefined> => {
  const row = await db.selectFrom('people').selectAll().where('name', '=', name).executeTakeFirst();
  const matches = await isPassword(row?.password_hash ?? (await prepareDecoy()), password);
  return row && matches ? { person: toPerson(row), passwordHash: row.password_hash } : undefined;
};

/** Changes a person's password and ends all sessions but the one that `keepHash` names; call it in a transaction. */
export const changePassword = async (
  db: Db,
  person: string,
  { password, keepHash }: { password: string; keepHash: string },
  now: Date,
): Promise<void> => {
  await db
    .updateTable('people')
    .set({ password_hash: await hashPassword(password) })
    .where('id', '=', person)
    .execute();
  await db
    .updateTable('sessions')
    .set({ revoked_at: toInstant(now) })
    .where('person', '=', person)
    .where('secret_hash', '!=', keepHash)
    .where('revoked_at', 'is', null)
    .execute();
};
