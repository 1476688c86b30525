import type { Database, Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { type Clock, toInstant } from '#kernel/time';
import type { Instance } from '../model.ts';
import { isDataError } from '../store/write.ts';
import { type AttributeChoice, removeAttribute, tellOfDeletion } from './forget.ts';
import { type InstanceChoice, replaceInstance, takeInstance } from './instances.ts';
import type { Told } from './parse-told.ts';
import { HOLD_STILL } from './settle.ts';
import { addTold, readKnown } from './tell.ts';

/** Our own number in the space of two-part advisory locks; the other part is the entity. */
const LOCK = 5_611;

export type Outcome = 'done' | 'entity-unknown' | 'attribute-unknown' | 'instance-unknown';

/**
 * Writes of the temporal API: each is one transaction on the history alone, one at a time for an entity. The live picture
 * stays as it is and nothing is announced; `store/commit.ts` goes on adding to the same history meanwhile.
 */
export const openEvolutions = (database: Database, clock: Clock) => {
  const alter = <T>(
    tenant: string,
    id: string,
    work: (sql: Sql, now: string) => Promise<T>,
  ): Promise<T> =>
    database
      .transaction(async ({ sql }) => {
        await sql.query(HOLD_STILL);
        await sql.query('select pg_advisory_xact_lock($1, hashtext($2))', [
          LOCK,
          `${tenant}\n${id}`,
        ]);
        return work(sql, toInstant(clock.now()));
      })
      .catch((error: unknown) => {
        throw isDataError(error)
          ? new Refusal('invalid', `The database cannot hold this: ${(error as Error).message}.`)
          : error;
      });

  const ofKnown = (
    tenant: string,
    id: string,
    work: (sql: Sql, now: string) => Promise<Outcome>,
  ): Promise<Outcome> =>
    alter(tenant, id, async (sql, now) => {
      const { live, any } = await readKnown(sql, tenant, id);
      return live || any ? work(sql, now) : 'entity-unknown';
    });

  return {
    /** Clause 5.6.11. */
    upsert: (tenant: string, told: Told): Promise<'created' | 'updated'> =>
      alter(tenant, told.id, async (sql, now) => {
        const known = await readKnown(sql, tenant, told.id);
        await addTold(sql, tenant, told, known, now);
        return known.live || known.any ? 'updated' : 'created';
      }),
    /** Clause 5.6.12. */
    append: (tenant: string, told: Told): Promise<Outcome> =>
      alter(tenant, told.id, async (sql, now) => {
        const known = await readKnown(sql, tenant, told.id);
        if (!known.live && !known.any) return 'entity-unknown';
        await addTold(sql, tenant, told, known, now);
        return 'done';
      }),
    /** Clause 5.6.13. */
    removeAttribute: (tenant: string, choice: AttributeChoice): Promise<Outcome> =>
      ofKnown(tenant, choice.id, (sql) => removeAttribute(sql, tenant, choice)),
    /** Clause 5.6.14. */
    replaceInstance: (
      tenant: string,
      choice: InstanceChoice,
      instance: Instance,
    ): Promise<Outcome> =>
      ofKnown(tenant, choice.id, (sql, now) => replaceInstance(sql, tenant, choice, instance, now)),
    /** Clause 5.6.15. */
    removeInstance: (tenant: string, choice: InstanceChoice): Promise<Outcome> =>
      ofKnown(tenant, choice.id, async (sql) => {
        const taken = await takeInstance(sql, tenant, choice);
        return typeof taken === 'string' ? taken : 'done';
      }),
    /** Clause 5.6.16: the whole history of an entity. */
    remove: (tenant: string, id: string): Promise<Outcome> =>
      ofKnown(tenant, id, async (sql) => {
        await sql.query('delete from context.history where tenant = $1 and entity = $2', [
          tenant,
          id,
        ]);
        await sql.query('delete from context.history_hourly where tenant = $1 and entity = $2', [
          tenant,
          id,
        ]);
        return 'done';
      }),
    /**
     * Clause 5.6.5, of an attribute that the history alone knows: that it was deleted is told there. False where it
     * knows of none, or of its deletion already.
     */
    tellOfDeletion: (tenant: string, choice: AttributeChoice): Promise<boolean> =>
      alter(tenant, choice.id, (sql, now) => tellOfDeletion(sql, tenant, choice, now)),
  };
};
export type Evolutions = ReturnType<typeof openEvolutions>;
