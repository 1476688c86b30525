import type { Database } from '#kernel/database';
import type { Operation, Outcome, Purge } from '../operations.ts';
import { listIdsAfter } from '../query/question.ts';

/** Ids read and entities written at once: a purge of everything holds nobody up for long. */
const ROUND_ENTITIES_MAX = 250;

/**
 * Carries out a purge on what is here (clause 5.6.21), in the order of the ids, by the one write path. What is made
 * meanwhile may stay. Throws what writing throws, and what was purged before is purged then.
 */
export const openPurge =
  (
    database: Database,
    write: (operations: readonly Operation[], tenant: string) => Promise<Outcome[]>,
  ) =>
  async ({ filter, reduce }: Purge, tenant: string): Promise<Outcome[]> => {
    const outcomes: Outcome[] = [];
    let afterId: string | undefined;
    for (;;) {
      const ids = await listIdsAfter(database, { ...filter, tenant }, ROUND_ENTITIES_MAX, afterId);
      afterId = ids.at(-1);
      if (afterId === undefined) return outcomes;
      const done = await write(
        ids.map((id) =>
          reduce
            ? { kind: 'reduce', id, ...reduce, local: true }
            : { kind: 'delete', id, local: true },
        ),
        tenant,
      );
      // Whoever deleted one of them meanwhile did what was wanted.
      outcomes.push(...done.filter((one) => one.done !== 'refused' || one.reason !== 'not-found'));
    }
  };
