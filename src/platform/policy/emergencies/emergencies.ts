import type { Kysely } from 'kysely';
import type { Actor } from '#kernel/actor';
import type { Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, toInstant } from '#kernel/time';
import type { Audit } from '#platform/audit';
import type { Emergency, NewEmergency, NewReview } from '../contract.ts';
import type { EmergenciesTable, PolicyTables } from '../tables.ts';

const LISTED_MAX = 200;
const MINUTE_MS = 60_000;

type Tx = { readonly db: Kysely<PolicyTables>; readonly sql: Sql };
type Needs = {
  readonly db: Kysely<PolicyTables>;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'record'>;
  readonly transact: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly look: () => Promise<void>;
};

const toEmergency = (row: EmergenciesTable): Emergency => ({
  id: row.id,
  actor: { id: row.actor, name: row.actor_name },
  reason: row.reason,
  beganAt: row.began_at,
  untilAt: row.until_at,
  reviewedBy:
    row.reviewed_by === null ? null : { id: row.reviewed_by, name: row.reviewed_by_name! },
  reviewedAt: row.reviewed_at,
  justified: row.justified,
  note: row.note,
});

/** Break-glass access: somebody says why, sees everything for a while, and answers for it to somebody else. */
export const openEmergencies = ({ db, clock, audit, transact, look }: Needs) => {
  const change = async (
    actor: Actor,
    action: string,
    work: (tx: Tx, now: string) => Promise<EmergenciesTable>,
  ): Promise<Emergency> => {
    const row = await transact(async (tx) => {
      const done = await work(tx, toInstant(clock.now()));
      await tx.sql.query('update policy.revision set revision = revision + 1');
      await audit.record(tx.sql, {
        actor,
        action,
        subject: { kind: 'emergency', id: done.id },
        outcome: 'done',
        after: toEmergency(done),
      });
      return done;
    });
    await look();
    return toEmergency(row);
  };
  const get = async ({ db: from }: Tx, id: string) => {
    const row = await from
      .selectFrom('emergencies')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new Refusal('not-found', `There is no emergency access ${id}.`);
    return row;
  };

  return {
    /** The newest first, at most 200; only one's own where `of` is given. */
    list: async (of?: string): Promise<Emergency[]> => {
      const rows = await db
        .selectFrom('emergencies')
        .selectAll()
        .$if(of !== undefined, (query) => query.where('actor', '=', of!))
        .orderBy('began_at', 'desc')
        .limit(LISTED_MAX)
        .execute();
      return rows.map(toEmergency);
    },
    /** Who is under way in one, and until when in milliseconds. */
    underWay: async (): Promise<ReadonlyMap<string, number>> => {
      const rows = await db
        .selectFrom('emergencies')
        .select(['actor', 'until_at'])
        .where('until_at', '>', toInstant(clock.now()))
        .orderBy('until_at')
        .execute();
      return new Map(rows.map((row) => [row.actor, Date.parse(row.until_at)]));
    },
    /** Throws Refusal('forbidden') for nobody in particular: an access has somebody who answers for it. */
    begin: ({ reason, minutes }: NewEmergency, actor: Actor): Promise<Emergency> => {
      if (actor.kind !== 'person')
        throw new Refusal('forbidden', 'Only a person who signed in answers for an emergency.');
      return change(actor, 'policy.emergency-begun', async (tx, now) => {
        const row = {
          id: newId(),
          actor: actor.id,
          actor_name: actor.name,
          reason,
          began_at: now,
          until_at: toInstant(Date.parse(now) + minutes * MINUTE_MS),
          reviewed_by: null,
          reviewed_by_name: null,
          reviewed_at: null,
          justified: null,
          note: null,
        };
        await tx.db.insertInto('emergencies').values(row).execute();
        return row;
      });
    },
    /** One's own, before its time. Throws Refusal: 'not-found', 'forbidden'. */
    end: (id: string, actor: Actor): Promise<Emergency> =>
      change(actor, 'policy.emergency-ended', async (tx, now) => {
        const row = await get(tx, id);
        if (row.actor !== actor.id)
          throw new Refusal('forbidden', 'Everybody ends their own emergency access.');
        if (row.until_at <= now) return row;
        await tx.db
          .updateTable('emergencies')
          .set({ until_at: now })
          .where('id', '=', id)
          .execute();
        return { ...row, until_at: now };
      }),
    /** Throws Refusal: 'not-found', 'forbidden' of one's own, 'conflict' while it lasts or where it was reviewed. */
    review: (id: string, { justified, note }: NewReview, actor: Actor): Promise<Emergency> =>
      change(actor, 'policy.emergency-reviewed', async (tx, now) => {
        const row = await get(tx, id);
        if (row.actor === actor.id)
          throw new Refusal('forbidden', 'Somebody else reviews an emergency access.');
        if (row.until_at > now) throw new Refusal('conflict', 'It is still under way.');
        if (row.reviewed_by !== null) throw new Refusal('conflict', 'It was reviewed before.');
        const seen = {
          reviewed_by: actor.id,
          reviewed_by_name: actor.name,
          reviewed_at: now,
          justified,
          note,
        };
        await tx.db.updateTable('emergencies').set(seen).where('id', '=', id).execute();
        return { ...row, ...seen };
      }),
  };
};
export type Emergencies = ReturnType<typeof openEmergencies>;
