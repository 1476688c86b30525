import type { Kysely } from 'kysely';
import type { Actor } from '#kernel/actor';
import { hashSecret, newSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { toPerson } from './people.ts';
import type { IdentityTables } from './tables.ts';

type Db = Kysely<IdentityTables>;

/** A working day and its evening. */
export const SESSION_SECONDS = 12 * 3600;
const USER_AGENT_CHARACTERS_MAX = 300;

/**
 * Opens a session and answers the secret that its cookie carries; undefined where the password was changed since it was
 * compared, for a change ends all sessions of the old one.
 */
export const openSession = async (
  db: Db,
  { person, passwordHash, userAgent }: { person: string; passwordHash: string; userAgent: string },
  now: Date,
): Promise<string | undefined> => {
  const secret = newSecret('session');
  const opened = await db
    .insertInto('sessions')
    .columns(['secret_hash', 'person', 'user_agent', 'created_at', 'expires_at'])
    .expression(
      db
        .selectFrom('people')
        .select((is) => [
          is.val(hashSecret(secret)).as('secret_hash'),
          'id',
          is.val(userAgent.slice(0, USER_AGENT_CHARACTERS_MAX)).as('user_agent'),
          is.cast<string>(is.val(toInstant(now)), 'timestamptz').as('created_at'),
          is
            .cast<string>(is.val(toInstant(now.getTime() + SESSION_SECONDS * 1000)), 'timestamptz')
            .as('expires_at'),
        ])
        .where('id', '=', person)
        .where('password_hash', '=', passwordHash)
        .forShare(),
    )
    .returning('person')
    .executeTakeFirst();
  return opened && secret;
};

/** Whose session this is, while it lasts. */
export const findBySession = async (
  db: Db,
  hash: string,
  now: Date,
): Promise<Actor | undefined> => {
  const row = await db
    .selectFrom('sessions as s')
    .innerJoin('people as p', 'p.id', 's.person')
    .select(['p.id', 'p.name', 'p.roles'])
    .where('s.secret_hash', '=', hash)
    .where('s.revoked_at', 'is', null)
    .where('s.expires_at', '>', toInstant(now))
    .executeTakeFirst();
  return row && toPerson(row);
};

/** Ends a session; one that ended before stays as it is. */
export const closeSession = async (db: Db, hash: string, now: Date): Promise<void> => {
  await db
    .updateTable('sessions')
    .set({ revoked_at: toInstant(now) })
    .where('secret_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .execute();
};
