import { SYSTEM } from '#kernel/actor';
import type { Database } from '#kernel/database';
import { must } from '#kernel/errors';
import { type Clock, toInstant } from '#kernel/time';
import { insertEntry, toEntry } from './entries.ts';
import { openSigningKey, type SigningKey } from './key.ts';

/** What the log calls itself in its heads: one name a house, for ever. */
export const originOf = async (database: Database): Promise<string> => {
  const [house] = await database.query<{ id: string }>('select id from kernel.house');
  must(house, 'a house has an id');
  return `sanjiang/${house.id}/audit`;
};

type Needs = { readonly database: Database; readonly clock: Clock; readonly origin: string };

/**
 * The key that signs from now on. One that was not used before is published, and stands in the log itself, so that nobody
 * can begin to sign with another unseen.
 */
export const ensureKey = async (
  { database, clock, origin }: Needs,
  where: { dataDir: string; given: string | undefined },
): Promise<SigningKey> => {
  const key = await openSigningKey(origin, where);
  const now = clock.now();
  await database.transaction(async ({ sql }) => {
    const { rowCount } = await sql.query(
      'insert into audit.keys (id, verifier, made_at) values ($1, $2, $3) on conflict do nothing',
      [key.id, key.verifier, toInstant(now)],
    );
    if (rowCount !== 1) return;
    const act = {
      actor: SYSTEM,
      action: 'audit.key-taken-up',
      subject: { kind: 'audit-key', id: key.id },
      outcome: 'done',
      after: { verifier: key.verifier },
    } as const;
    await sql.query(insertEntry(toEntry(act, now)));
  });
  return key;
};
