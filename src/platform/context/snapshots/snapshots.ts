import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { type Clock, toInstant } from '#kernel/time';
import { type Document, lifetimeOf, PRIORITY_DEFAULT } from './document.ts';

/** Of one tenant: beyond this the least important goes first (clause 5.5.15). */
const SNAPSHOTS_MAX = 100;
/** When it was used is told as exactly as this: reading shall not write each time. */
const USED_EVERY_MS = 60_000;

export type Status = 'preparing' | 'success' | 'partial' | 'empty' | 'failure';
/** Clause 5.2.42. */
export type Details = {
  readonly resultStatus: 'success' | 'empty' | 'failure';
  readonly problemDetails?: unknown;
};
export type AllDetails = {
  readonly snapshotQueriesDetails?: readonly Details[];
  readonly snapshotTemporalQueriesDetails?: readonly Details[];
};

export type Snapshot = {
  readonly tenant: string;
  readonly id: string;
  /** The tenant that its entities are kept under. */
  readonly space: string;
  readonly origin: string | null;
  readonly document: Document;
  readonly context: unknown;
  readonly status: Status;
  readonly details: AllDetails;
  readonly priority: number;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string;
};

export const SNAPSHOT_COLUMNS = `s.tenant, s.id, s.space, s.origin, s.document, s.context, s.status, s.details, s.priority,
  s.created_at as "createdAt", s.modified_at as "modifiedAt", s.expires_at as "expiresAt", s.last_used_at as "lastUsedAt"`;

/** Removes snapshots with all that they keep; `chosen` is a query of tenant, id and space, over the parameters given. */
const removingSql = (chosen: string): string => `
  with gone as materialized (${chosen}),
  entities as (delete from context.entities e using gone g where e.tenant = g.space),
  history as (delete from context.history h using gone g where h.tenant = g.space)
  delete from context.snapshots s using gone g where s.tenant = g.tenant and s.id = g.id returning ${SNAPSHOT_COLUMNS}`;

type New = {
  readonly id?: string;
  readonly tenant: string;
  readonly document: Document;
  readonly context: unknown;
  /** What it is a copy of. */
  readonly origin?: Snapshot;
};

/** Snapshots as rows (clause 5.16). */
export const openSnapshots = (database: Database, clock: Clock) => {
  const now = () => toInstant(clock.now());

  const find = async (id: string, tenant: string): Promise<Snapshot | undefined> => {
    const [row] = await database.query<Snapshot>(
      `select ${SNAPSHOT_COLUMNS} from context.snapshots s where s.tenant = $1 and s.id = $2 and s.expires_at > $3`,
      [tenant, id, now()],
    );
    return row;
  };

  return {
    find,
    get: async (id: string, tenant: string): Promise<Snapshot> => {
      const found = await find(id, tenant);
      if (!found) throw new Refusal('not-found', `There is no snapshot ${id}.`);
      return found;
    },
    list: (tenant: string): Promise<Snapshot[]> =>
      database.query<Snapshot>(
        `select ${SNAPSHOT_COLUMNS} from context.snapshots s where s.tenant = $1 and s.expires_at > $2 order by s.id`,
        [tenant, now()],
      ),
    /** Makes one, still to be filled. Throws Refusal('conflict') where its id is taken. */
    add: async ({ id, tenant, document, context, origin }: New): Promise<Snapshot> => {
      const name = id ?? `urn:ngsi-ld:Snapshot:${newId()}`;
      const at = clock.now().getTime();
      const [made] = await database.query<Snapshot>(
        `insert into context.snapshots as s (tenant, id, space, origin, document, context, priority, created_at, modified_at, expires_at, last_used_at)
         values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $8, $9, $8) on conflict do nothing returning ${SNAPSHOT_COLUMNS}`,
        [
          tenant,
          name,
          `!${newId()}`,
          origin?.space ?? null,
          JSON.stringify(document),
          JSON.stringify(context ?? null),
          document.snapshotPriority ?? PRIORITY_DEFAULT,
          toInstant(at),
          toInstant(at + lifetimeOf(document)),
        ],
      );
      if (!made) throw new Refusal('conflict', `There is a snapshot ${name} already.`);
      return made;
    },
    /** Those of a tenant that are too many, the least important first; they are removed. */
    evict: (tenant: string, kept: string): Promise<Snapshot[]> =>
      database.query<Snapshot>(
        removingSql(
          `select tenant, id, space from context.snapshots where tenant = $1 and id <> $2
           order by priority desc, expires_at desc offset $3`,
        ),
        [tenant, kept, SNAPSHOTS_MAX - 1],
      ),
    /** Puts another document in the place of what was asked. Its status is to be told then (clause 5.16.6). */
    change: async (snapshot: Snapshot, document: Document, renewed: boolean): Promise<Snapshot> => {
      const at = clock.now().getTime();
      const [changed] = await database.query<Snapshot>(
        `update context.snapshots s set document = $3::jsonb, priority = $4, modified_at = $5, expires_at = $6, untold = $7, tries = 0
         where s.tenant = $1 and s.id = $2 returning ${SNAPSHOT_COLUMNS}`,
        [
          snapshot.tenant,
          snapshot.id,
          JSON.stringify(document),
          document.snapshotPriority ?? PRIORITY_DEFAULT,
          toInstant(at),
          renewed ? toInstant(at + lifetimeOf(document)) : snapshot.expiresAt,
          document.endpoint !== undefined,
        ],
      );
      if (!changed) throw new Refusal('not-found', `There is no snapshot ${snapshot.id}.`);
      return changed;
    },
    remove: async (ids: readonly string[], tenant: string): Promise<number> => {
      const removed = await database.query(
        removingSql(
          'select tenant, id, space from context.snapshots where tenant = $1 and id = any($2::text[])',
        ),
        [tenant, ids],
      );
      return removed.length;
    },
    removeExpired: async (): Promise<void> => {
      await database.query(
        removingSql('select tenant, id, space from context.snapshots where expires_at <= $1'),
        [now()],
      );
    },
    /** The space of a snapshot that is to be asked. Throws Refusal('not-found'). */
    enter: async (id: string, tenant: string): Promise<string> => {
      const [row] = await database.query<{ space: string; isFresh: boolean }>(
        `select space, last_used_at > $4::timestamptz as "isFresh" from context.snapshots
         where tenant = $1 and id = $2 and expires_at > $3`,
        [tenant, id, now(), toInstant(clock.now().getTime() - USED_EVERY_MS)],
        'context-snapshot',
      );
      if (!row) throw new Refusal('not-found', `There is no snapshot ${id}.`);
      if (!row.isFresh)
        await database.query(
          'update context.snapshots set last_used_at = $3 where tenant = $1 and id = $2',
          [tenant, id, now()],
        );
      return row.space;
    },
  };
};
export type Snapshots = ReturnType<typeof openSnapshots>;
