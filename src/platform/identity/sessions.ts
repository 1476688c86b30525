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

/** Opens a session and answers the secret that its cookie carries. */
export const openSession = async (
  db: Db,
  { person, userAgent }: { person: string; userAgent: string },
  now: Date,
): Promise<string> => {
  const secret = newSecret('session');
  await db
    .insertInto('sessions')
    .values({
      secret_hash: hashSecret(secret),
      person,
      user_agent: userAgent.slice(0, USER_AGENT_CHARACTERS_MAX),
      created_at: toInstant(now),
      expires_at: toInstant(now.getTime() + SESSION_SECONDS * 1000),
      revoked_at: null,
    })
    .execute();
  return secret;
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
