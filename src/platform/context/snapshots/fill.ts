import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { toLdProblem } from '../ngsi-ld/errors.ts';
import {
  clearSpace,
  collectEntities,
  collectHistories,
  type Collecting,
  copySpace,
} from './collect.ts';
import {
  type AllDetails,
  type Details,
  type Snapshot,
  SNAPSHOT_COLUMNS,
  type Status,
} from './snapshots.ts';

/** Whoever fills a snapshot and is not done by then is taken for dead: another begins anew. */
const CLAIM_SECONDS = 300;

/** Materialized: joined as a subquery, it may be asked again for each row and claim more than one. */
const CLAIM = `
  with c as materialized (
    select w.tenant, w.id from context.snapshots w
    where w.status = 'preparing' and (w.claimed_until is null or w.claimed_until < now())
      and not exists (select 1 from context.snapshots o where o.space = w.origin and o.status = 'preparing')
    order by w.created_at limit 1 for update skip locked)
  update context.snapshots s set claimed_until = now() + interval '${CLAIM_SECONDS} seconds'
  from c where s.tenant = c.tenant and s.id = c.id returning ${SNAPSHOT_COLUMNS}`;

const FINISH = `
  update context.snapshots set status = $3, details = $4::jsonb, claimed_until = null, modified_at = now(),
    untold = document ? 'endpoint'
  where tenant = $1 and id = $2 and space = $5 returning 1 as done`;

/** Clause 5.16.1.4. */
const statusOf = (details: readonly Details[]): Status => {
  const has = (status: Details['resultStatus']) =>
    details.some(({ resultStatus }) => resultStatus === status);
  if (details.every(({ resultStatus }) => resultStatus === 'success')) return 'success';
  return has('success') ? 'partial' : has('empty') ? 'empty' : 'failure';
};

type Filled = { readonly status: Status; readonly details: AllDetails };
type Needs = Collecting & { readonly log: Logger; readonly done: () => void };

/** Fills the snapshots that wait for it, one after the other, whichever process made them. */
export const openFiller = (needs: Needs) => {
  const { database, log, done } = needs;

  const each = async (
    queries: readonly unknown[],
    snapshot: Snapshot,
    collect: (query: unknown, snapshot: Snapshot, needs: Collecting) => Promise<number>,
  ): Promise<Details[]> => {
    const details: Details[] = [];
    for (const query of queries)
      try {
        const found = await collect(query, snapshot, needs);
        details.push({ resultStatus: found > 0 ? 'success' : 'empty' });
      } catch (error) {
        const problemDetails = toLdProblem(error, snapshot.id);
        if (problemDetails.status >= 500)
          log.error({ err: error, snapshot: snapshot.id }, 'snapshot failed');
        details.push({ resultStatus: 'failure', problemDetails });
      }
    return details;
  };

  const fill = async (snapshot: Snapshot): Promise<Filled> => {
    const { document, origin, space } = snapshot;
    await clearSpace(database, space);
    if (origin !== null) {
      try {
        const isThere = await copySpace(database, origin, space);
        return { status: isThere ? 'success' : 'failure', details: snapshot.details };
      } catch (error) {
        log.error({ err: error, snapshot: snapshot.id }, 'snapshot failed');
        return { status: 'failure', details: snapshot.details };
      }
    }
    const { snapshotQueries: queries = [], snapshotTemporalQueries: temporal = [] } = document;
    const entities = await each(queries, snapshot, collectEntities);
    const histories = await each(temporal, snapshot, collectHistories);
    return {
      status: statusOf([...entities, ...histories]),
      details: {
        ...(entities.length > 0 ? { snapshotQueriesDetails: entities } : {}),
        ...(histories.length > 0 ? { snapshotTemporalQueriesDetails: histories } : {}),
      },
    };
  };

  const fillAll = async (): Promise<void> => {
    for (;;) {
      const [snapshot] = await claim(database);
      if (!snapshot) return;
      const { status, details } = await fill(snapshot);
      const { tenant, id, space } = snapshot;
      const finished = await database.query(FINISH, [
        tenant,
        id,
        status,
        JSON.stringify(details),
        space,
      ]);
      // Deleted meanwhile: what came after the deletion goes too.
      if (finished.length === 0) await clearSpace(database, space);
      done();
    }
  };

  let running: Promise<void> | undefined;
  let again = false;
  /** Answers when nothing waits any more. */
  const run = (): Promise<void> => {
    again = true;
    running ??= (async () => {
      try {
        while (again) {
          again = false;
          await fillAll();
        }
      } finally {
        running = undefined; // in the same breath as the last look: nobody is woken in between and forgotten
      }
    })();
    return running;
  };
  return {
    run,
    /** The same, for those who do not wait. */
    wake: () => void run().catch((error: unknown) => log.error({ err: error }, 'snapshots wait')),
    stop: async () => {
      await running?.catch(() => undefined);
    },
  };
};

const claim = (database: Database): Promise<Snapshot[]> => database.query<Snapshot>(CLAIM);
