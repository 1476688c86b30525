import type { Database } from '#kernel/database';
import type { Clock } from '#kernel/time';
import { toInstant } from '#kernel/time';
import type { Operation, Outcome } from '../operations.ts';

/** One write each; more rounds follow at once, up to the limit, the rest the next time. */
const ROUND_ENTITIES_MAX = 250;
const ROUNDS_MAX = 40;

const EXPIRED = `
  select tenant, id from context.entities where expires_at <= $1::timestamptz
  union select tenant, id from context.entities where attributes_expire_at <= $1::timestamptz
  limit ${ROUND_ENTITIES_MAX}`;

/**
 * Deletes the entities and attributes that have expired (clause 4.22), by the one write path: with history and event.
 * Nobody reads them meanwhile.
 */
export const sweepExpired = async (
  database: Database,
  write: (operations: readonly Operation[], tenant: string) => Promise<Outcome[]>,
  clock: Clock,
): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const rows = await database.query<{ tenant: string; id: string }>(EXPIRED, [
      toInstant(clock.now()),
    ]);
    const tenants = Map.groupBy(rows, ({ tenant }) => tenant);
    for (const [tenant, found] of tenants)
      await write(
        found.map(({ id }) => ({ kind: 'expire', id, local: true })),
        tenant,
      );
    if (rows.length < ROUND_ENTITIES_MAX) return;
  }
};
