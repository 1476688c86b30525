import { sql } from 'kysely';
import type { Actor } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret, newSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import { mayBeHere, type PersonRow, personColumns, personOf } from '../people/actors.ts';
import type { Db, Terms } from '../people/terms.ts';
import type { Session } from './contract.ts';

/** A working day and its evening. */
export const SESSION_SECONDS = 12 * 3600;
const USER_AGENT_CHARACTERS_MAX = 300;
const SESSIONS_LISTED_MAX = 200;

export type Method =
  | 'password'
  | 'password+code'
  | 'passkey'
  | 'provider'
  | 'demonstration'
  | 'recovery';

type NewSession = {
  readonly person: string;
  /** The epoch in which the person was proven; where it is over, no session is opened. */
  readonly epoch: number;
  readonly method: Method;
  readonly factors: 1 | 2;
  readonly userAgent: string;
  readonly address: string;
};

/**
 * Opens a session and answers the secret that its cookie carries; undefined where the password was changed since it was
 * compared, for a change ends all sessions of the old one.
 */
export const openSession = async (
  db: Db,
  { person, epoch, method, factors, userAgent, address }: NewSession,
  now: Date,
): Promise<string | undefined> => {
  const secret = newSecret('session');
  const until = toInstant(now.getTime() + SESSION_SECONDS * 1000);
  const { rows } = await sql<{ person: string }>`
    insert into identity.sessions (secret_hash, person, user_agent, created_at, expires_at, method, factors, address)
    select ${hashSecret(secret)}, id, ${userAgent.slice(0, USER_AGENT_CHARACTERS_MAX)}, ${toInstant(now)}::timestamptz,
           ${until}::timestamptz, ${method}, ${factors}::smallint, ${address}
    from identity.people where id = ${person} and epoch = ${epoch} and closed_at is null for share
    returning person`.execute(db);
  return rows[0] && secret;
};

/** Whose session this is, while it lasts. */
export const findBySession = async (
  db: Db,
  hash: string,
  terms: Terms,
): Promise<Actor | undefined> => {
  const now = terms.now();
  const { rows } = await sql<PersonRow & { factors: number }>`
    select ${personColumns(now)}, s.factors from identity.sessions s join identity.people p on p.id = s.person
    where s.secret_hash = ${hash} and s.revoked_at is null and s.expires_at > ${now} and ${mayBeHere(terms)}`.execute(
    db,
  );
  return rows[0] && personOf(rows[0], rows[0].factors, terms);
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

/** A person's sessions that last, newest first. */
export const listSessions = async (
  db: Db,
  person: string,
  currentHash: string,
  now: Date,
): Promise<Session[]> => {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('person', '=', person)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', toInstant(now))
    .orderBy('created_at', 'desc')
    .limit(SESSIONS_LISTED_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    method: row.method,
    factors: row.factors,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    current: row.secret_hash === currentHash,
  }));
};

/** Ends one of a person's own sessions. Answers the hash of its secret. Throws Refusal('not-found'). */
export const revokeSession = async (
  db: Db,
  person: string,
  id: string,
  now: Date,
): Promise<string> => {
  const ended = await db
    .updateTable('sessions')
    .set({ revoked_at: toInstant(now) })
    .where('id', '=', id)
    .where('person', '=', person)
    .where('revoked_at', 'is', null)
    .returning('secret_hash')
    .executeTakeFirst();
  if (!ended) throw new Refusal('not-found', 'You have no such session.');
  return ended.secret_hash;
};
