import type { ExpressionBuilder, Kysely } from 'kysely';
import { type Actor, narrowScopes, type Role } from '#kernel/actor';
import { Refusal } from '#kernel/errors';
import { hashSecret, newId, newSecret } from '#kernel/ids';
import { toInstant } from '#kernel/time';
import type { NewToken, Token } from './contract.ts';
import type { IdentityTables, TokensTable } from './tables.ts';

type Db = Kysely<IdentityTables>;

const DAY_MS = 86_400_000;
const LIFE_DAYS_DEFAULT = 365;
const LIFE_DAYS_MAX = 5 * 365;
const TOKENS_LISTED_MAX = 1000;
/** An actor's valid tokens; more is a leak or a loop. */
const TOKENS_EACH_MAX = 100;

const isAdministrator = (actor: Actor) => actor.roles.includes('administrator');

const toToken = (row: Omit<TokensTable, 'secret_hash'>): Token => ({
  id: row.id,
  name: row.name,
  roles: row.roles,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  scopes: row.scopes,
  sandbox: row.sandbox,
});

const expiryOf = (asked: string | undefined, now: Date): string => {
  if (asked === undefined) return toInstant(now.getTime() + LIFE_DAYS_DEFAULT * DAY_MS);
  const at = Date.parse(asked);
  if (at > now.getTime() && at <= now.getTime() + LIFE_DAYS_MAX * DAY_MS) return toInstant(at);
  throw new Refusal('invalid', `expiresAt must lie in the next ${LIFE_DAYS_MAX / 365} years.`, {
    at: 'expiresAt',
  });
};

const mustMayGive = (actor: Actor, roles: readonly string[]) => {
  const missing = roles.filter((role) => !actor.roles.includes(role as Role));
  if (missing.length > 0 && !isAdministrator(actor))
    throw new Refusal('forbidden', `You cannot give what you do not have: ${missing.join(', ')}.`);
};

/** When the token that asks ends; what it makes ends with it. Holds it, so that it is not revoked meanwhile. */
const endOfAsking = async (db: Db, actor: Actor, now: Date): Promise<string | undefined> => {
  if (actor.kind !== 'application') return undefined;
  const own = await db
    .selectFrom('tokens')
    .select('expires_at')
    .where('id', '=', actor.id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', toInstant(now))
    .forShare()
    .executeTakeFirst();
  if (!own) throw new Refusal('unauthenticated', 'This token is not valid any more.');
  return own.expires_at;
};

/**
 * Makes an application's token; call it in a transaction. One made by an application ends no later than that
 * application's own, and within its limits. Throws Refusal('forbidden') for roles beyond the actor's own, 'invalid' for a bad expiry.
 */
export const addToken = async (
  db: Db,
  actor: Actor,
  { name, roles, expiresAt, scopes }: NewToken,
  now: Date,
  { sandbox = false } = {},
): Promise<Token & { secret: string }> => {
  mustMayGive(actor, roles);
  const end = await endOfAsking(db, actor, now);
  const { held } = await db
    .selectFrom('tokens')
    .select((is) => is.fn.countAll<number>().as('held'))
    .where('created_by', '=', actor.id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', toInstant(now))
    .executeTakeFirstOrThrow();
  if (held >= TOKENS_EACH_MAX)
    throw new Refusal('conflict', `You hold ${held} tokens already. Revoke some first.`);
  const secret = newSecret(sandbox ? 'sandbox' : 'token');
  const limits = narrowScopes(actor.scopes, scopes);
  const asked = expiryOf(expiresAt, now);
  const row = {
    id: newId(),
    name,
    roles: roles as Role[],
    created_by: actor.id,
    created_at: toInstant(now),
    expires_at: end !== undefined && Date.parse(end) < Date.parse(asked) ? end : asked,
    revoked_at: null,
    scopes: limits === undefined ? null : [...limits],
    sandbox,
  };
  await db
    .insertInto('tokens')
    .values({ ...row, secret_hash: hashSecret(secret) })
    .execute();
  return { ...toToken(row), secret };
};

/** An administrator sees all tokens, others their own; newest first. */
export const listTokens = async (db: Db, actor: Actor): Promise<Token[]> => {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .$if(!isAdministrator(actor), (own) => own.where('created_by', '=', actor.id))
    .orderBy('created_at', 'desc')
    .limit(TOKENS_LISTED_MAX)
    .execute();
  return rows.map(toToken);
};

/**
 * Ends a token and, with it, those that it made and those that they made; call it in a transaction. Answers the hashes
 * of their secrets. Throws Refusal('not-found') where the actor has no such token.
 */
export const revokeToken = async (
  db: Db,
  actor: Actor,
  id: string,
  now: Date,
): Promise<string[]> => {
  const revoked = (is: ExpressionBuilder<IdentityTables, 'tokens'>) => ({
    revoked_at: is.fn.coalesce('revoked_at', is.val(toInstant(now))),
  });
  let ended = await db
    .updateTable('tokens')
    .set(revoked)
    .where('id', '=', id)
    .$if(!isAdministrator(actor), (own) => own.where('created_by', '=', actor.id))
    .returning(['id', 'secret_hash'])
    .execute();
  if (ended.length === 0) throw new Refusal('not-found', 'There is no such token.');
  const hashes: string[] = [];
  // Generation by generation: each statement sees what the one before it had to wait for.
  while (ended.length > 0) {
    hashes.push(...ended.map((token) => token.secret_hash));
    ended = await db
      .updateTable('tokens')
      .set(revoked)
      .where(
        'created_by',
        'in',
        ended.map((token) => token.id),
      )
      .where('revoked_at', 'is', null)
      .returning(['id', 'secret_hash'])
      .execute();
  }
  return hashes;
};

/** The application that carries a secret, while its token is valid. */
export const findByToken = async (db: Db, hash: string, now: Date): Promise<Actor | undefined> => {
  const row = await db
    .selectFrom('tokens')
    .select(['id', 'name', 'roles', 'scopes'])
    .where('secret_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', toInstant(now))
    .executeTakeFirst();
  return (
    row && {
      kind: 'application',
      id: row.id,
      name: row.name,
      roles: ['anyone', ...row.roles],
      ...(row.scopes && { scopes: row.scopes }),
    }
  );
};
