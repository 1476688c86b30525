import type { Kysely } from 'kysely';
import type { Actor } from '#kernel/actor';
import type { Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, toInstant } from '#kernel/time';
import type { Audit } from '#platform/audit';
import type { Change, NewChange, NewVerdict } from '../contract.ts';
import type { ChangesTable, PolicyTables } from '../tables.ts';

const LISTED_MAX = 200;

type Tx = { readonly db: Kysely<PolicyTables>; readonly sql: Sql };
type Needs = {
  readonly db: Kysely<PolicyTables>;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly transact: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Throws Refusal('invalid') where a module's text would not hold. */
  readonly check: (module: string, text: string) => void;
  /** Puts in force what is written down. */
  readonly look: () => Promise<void>;
};

const toChange = (row: Omit<ChangesTable, 'number'>): Change => ({
  id: row.id,
  module: row.module,
  text: row.text,
  reason: row.reason,
  state: row.state,
  proposedBy: { id: row.proposed_by, name: row.proposed_by_name },
  proposedAt: row.proposed_at,
  decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decided_by_name! },
  decidedAt: row.decided_at,
});

const DECIDED = { approved: 'approval', rejected: 'rejection', withdrawn: 'withdrawal' } as const;

/** Changes of rights: each is proposed by one person and approved by another. */
export const openChanges = ({ db, clock, audit, transact, check, look }: Needs) => {
  const get = async (from: Kysely<PolicyTables>, id: string) => {
    const row = await from
      .selectFrom('changes')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new Refusal('not-found', `There is no change ${id}.`);
    return row;
  };

  /** Throws Refusal: 'forbidden' to approve one's own, 'conflict' where it was decided, 'not-found', 'invalid'. */
  const decide = async (id: string, state: NewVerdict['state'], actor: Actor): Promise<Change> => {
    const decided = await transact(async (tx) => {
      const row = await get(tx.db, id);
      const isOwn = row.proposed_by === actor.id;
      if (state === 'approved' && isOwn)
        throw new Refusal('forbidden', 'Somebody else than who proposed it approves a change.');
      if (state === 'withdrawn' && !isOwn)
        throw new Refusal('forbidden', 'Only who proposed a change withdraws it.');
      if (state === 'approved') check(row.module, row.text);
      const now = toInstant(clock.now());
      const [done] = await tx.db
        .updateTable('changes')
        .set({ state, decided_by: actor.id, decided_by_name: actor.name, decided_at: now })
        .where('id', '=', id)
        .where('state', '=', 'proposed')
        .returningAll()
        .execute();
      if (!done) throw new Refusal('conflict', `This change was ${row.state} before.`);
      await tx.sql.query('update policy.revision set revision = revision + 1');
      await audit.record(tx.sql, {
        actor,
        action: `policy.change-${DECIDED[state]}`,
        subject: { kind: 'rights', id: row.module },
        outcome: 'done',
        after: row.text,
        facts: { change: id },
      });
      return toChange(done);
    });
    await look();
    return decided;
  };

  return {
    /** The newest first, at most 200. */
    list: async (): Promise<Change[]> => {
      const rows = await db
        .selectFrom('changes')
        .selectAll()
        .orderBy('proposed_at', 'desc')
        .limit(LISTED_MAX)
        .execute();
      return rows.map(toChange);
    },
    /** Throws Refusal: 'invalid' where the text does not hold, 'conflict' where one waits for this module. */
    propose: ({ module, text, reason }: NewChange, actor: Actor): Promise<Change> => {
      check(module, text);
      return transact(async (tx) => {
        const [row] = await tx.db
          .insertInto('changes')
          .values({
            id: newId(),
            module,
            text,
            reason,
            state: 'proposed',
            proposed_by: actor.id,
            proposed_by_name: actor.name,
            proposed_at: toInstant(clock.now()),
            decided_by: null,
            decided_by_name: null,
            decided_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .execute();
        if (!row)
          throw new Refusal('conflict', `A change of ${module} waits for its decision already.`);
        await audit.record(tx.sql, {
          actor,
          action: 'policy.change-proposal',
          subject: { kind: 'rights', id: module },
          outcome: 'done',
          after: text,
          facts: { change: row.id },
        });
        return toChange(row);
      });
    },
    decide,
  };
};
export type Changes = ReturnType<typeof openChanges>;
