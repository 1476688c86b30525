import type { Actor } from '#kernel/actor';
import type { Database, Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { appendEvents } from '#kernel/outbox';
import { type Clock, toInstant } from '#kernel/time';
import { SUBSCRIPTION_CHANGED, type SubscriptionChanged } from '../contract.ts';
import { checkId } from '../entity/parse.ts';
import type { Names } from '../jsonld/compile.ts';
import { checkExpiry, checkRules } from './check.ts';
import { shownUri } from './endpoint.ts';
import { checkShape, type Document, toWritable } from './document.ts';
import { type Kept, patchToFullNames, toFullNames, toShortNames } from './full-names.ts';
import { toWatch } from './watch.ts';

/** Each process that tells holds them all in memory, some kilobytes each. */
const SUBSCRIPTIONS_MAX = 50_000;
const NULLS = new Set<unknown>([null, 'urn:ngsi-ld:null']);

export type Subscription = {
  readonly tenant: string;
  readonly id: string;
  readonly document: Kept;
  /** What stands under @context; null is the core context alone. */
  readonly context: unknown;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly lastNotification: string | null;
  readonly lastSuccess: string | null;
  readonly lastFailure: string | null;
};

/** What subscriptions are about: changes of entities (clause 5.8), or of registrations (clause 5.11). */
export type Kind = {
  readonly name: 'entities' | 'registrations';
  /** Both throw Refusal. */
  readonly check: (document: Document) => void;
  readonly checkKept: (
    kept: Kept,
    place: { tenant: string; id: string; createdAt: string },
  ) => unknown;
  /** In the transaction that makes or changes one. */
  readonly written?: (
    sql: Sql,
    subscription: { tenant: string; id: string; document: Kept },
  ) => Promise<void>;
};
const OF_ENTITIES: Kind = { name: 'entities', check: checkRules, checkKept: toWatch };

/** Who asks, in which names, and the context that came with it. */
export type Asked = {
  readonly tenant: string;
  readonly names: Names;
  readonly context?: unknown;
  /** In whose name: no more is told than this actor sees. */
  readonly actor: Actor;
};

const SUBSCRIPTION_COLUMNS = `s.tenant, s.id, s.document, s.context, s.created_at as "createdAt",
  s.modified_at as "modifiedAt", s.times_sent as "timesSent", s.times_failed as "timesFailed",
  s.last_notification as "lastNotification", s.last_success as "lastSuccess", s.last_failure as "lastFailure"`;

type Json = Record<string, unknown>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** JSON merge patch: objects within are gone into, lists are replaced, null removes (clause 5.5.8). */
const merge = (target: Json, patch: Json): Json => {
  const merged: Json = { ...target };
  for (const [member, value] of Object.entries(patch))
    if (NULLS.has(value)) delete merged[member];
    else if (isObject(value) && isObject(merged[member]) && member !== 'geoQ')
      merged[member] = merge(merged[member], value);
    else merged[member] = value;
  return merged;
};

const refuseTooMany = () => {
  throw new Refusal('too-many', `There are ${SUBSCRIPTIONS_MAX} subscriptions; one must go first.`);
};

const nextAt = ({ timeInterval, isActive = true }: Kept, now: Date): string | null =>
  timeInterval === undefined || !isActive ? null : toInstant(now.getTime() + timeInterval * 1000);

export const openSubscriptions = (
  database: Database,
  clock: Clock,
  kind: Kind = OF_ENTITIES,
  /** Called after each change of them. */
  changed: () => Promise<void> = async () => undefined,
) => {
  /** Answers the revision that this change makes. */
  const announce = async (sql: Sql): Promise<number> => {
    const { rows } = await sql.query<{ revision: number }>(
      'update context.subscriptions_revision set revision = revision + 1 returning revision',
    );
    return rows[0]!.revision;
  };

  /** The last act of its transaction: whoever tells of changes learns of it in its place among them. */
  const tell = async (sql: Sql, tenant: string, id: string): Promise<void> => {
    if (kind.name !== 'entities') return; // those to registrations are looked up with each change
    const data: SubscriptionChanged = { id };
    await appendEvents(sql, [{ tenant, type: SUBSCRIPTION_CHANGED, key: id, data }]);
  };

  const checkAll = (json: unknown): Document => {
    const document = checkShape(json);
    kind.check(document);
    return document;
  };
  /** What cannot be watched is refused now, not when the first change comes. */
  const checkWatch = (kept: Kept, place: { tenant: string; id: string }): Kept => {
    kind.checkKept(kept, { ...place, createdAt: toInstant(clock.now()) });
    return kept;
  };

  const find = async (id: string, tenant: string): Promise<Subscription | undefined> => {
    const [row] = await database.query<Subscription>(
      `select ${SUBSCRIPTION_COLUMNS} from context.subscriptions s
       where s.tenant = $1 and s.id = $2 and s.kind = $3`,
      [tenant, id, kind.name],
    );
    return row;
  };

  const get = async (id: string, tenant: string): Promise<Subscription> => {
    const found = await find(id, tenant);
    if (!found) throw new Refusal('not-found', `There is no subscription ${id}.`);
    return found;
  };

  return {
    find,
    /** Throws Refusal('not-found'). */
    get,

    /** In the order of their ids, one more than `limit` where there are more. */
    list: (tenant: string, limit: number, offset: number): Promise<Subscription[]> =>
      database.query<Subscription>(
        `select ${SUBSCRIPTION_COLUMNS} from context.subscriptions s
         where s.tenant = $1 and s.kind = $4 order by s.id limit $2 offset $3`,
        [tenant, limit, offset, kind.name],
      ),

    count: async (tenant: string): Promise<number> => {
      const [row] = await database.query<{ count: number }>(
        'select count(*) as count from context.subscriptions where tenant = $1 and kind = $2',
        [tenant, kind.name],
      );
      return row?.count ?? 0;
    },

    /** Clause 5.8.1. Answers the id. Throws Refusal('invalid' | 'conflict' | 'not-implemented'). */
    add: async (json: unknown, { tenant, names, context, actor }: Asked): Promise<string> => {
      const writable = toWritable(json);
      const id =
        writable['id'] === undefined
          ? `urn:ngsi-ld:Subscription:${newId()}`
          : checkId(writable['id']);
      const now = clock.now();
      checkExpiry(writable['expiresAt'], now);
      const kept = checkWatch(toFullNames(checkAll({ ...writable, id }), names), { tenant, id });
      await database.transaction(async ({ sql }) => {
        const revision = await announce(sql);
        const { rows } = await sql.query<{ count: number }>(
          'select count(*) as count from context.subscriptions where kind = $1',
          [kind.name],
        );
        if ((rows[0]?.count ?? 0) >= SUBSCRIPTIONS_MAX) refuseTooMany();
        const made = await sql.query(
          `insert into context.subscriptions (tenant, id, document, context, created_at, modified_at, expires_at, next_at, kind, revision, subscriber)
           values ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
          [
            tenant,
            id,
            JSON.stringify(kept),
            JSON.stringify(kept.jsonldContext ?? context ?? null),
            toInstant(now),
            kept.expiresAt ?? null,
            nextAt(kept, now),
            kind.name,
            revision,
            JSON.stringify(actor),
          ],
        );
        if (made.rowCount === 0) throw new Refusal('conflict', `The subscription ${id} exists.`);
        await kind.written?.(sql, { tenant, id, document: kept });
        await tell(sql, tenant, id);
      });
      await changed();
      return id;
    },

    /** Clause 5.8.2: members given take the place of those there. Throws Refusal. */
    update: async (id: string, json: unknown, { tenant, names, actor }: Asked): Promise<void> => {
      const patch = toWritable(json);
      if (patch['id'] !== undefined && patch['id'] !== id)
        throw new Refusal('invalid', 'The id of a subscription stays (clause 5.2.12).');
      const now = clock.now();
      if (!NULLS.has(patch['expiresAt'])) checkExpiry(patch['expiresAt'], now);
      const before = await get(id, tenant);
      checkAll(merge(toShortNames(before.document, names) as Json, patch));
      const kept = checkWatch(
        merge(before.document as Json, patchToFullNames(patch, names)) as Kept,
        { tenant, id },
      );
      const context = kept.jsonldContext ?? before.context;
      await database.transaction(async ({ sql }) => {
        const revision = await announce(sql);
        const { rowCount } = await sql.query(
          `update context.subscriptions set document = $3, context = $4, modified_at = $5, expires_at = $6, revision = $9, subscriber = $10,
             next_at = case when $7::timestamptz is null then null
                            when document -> 'timeInterval' = $3::jsonb -> 'timeInterval' then coalesce(next_at, $7)
                            else $7 end
           where tenant = $1 and id = $2 and kind = $8`,
          [
            tenant,
            id,
            JSON.stringify(kept),
            JSON.stringify(context ?? null),
            toInstant(now),
            kept.expiresAt ?? null,
            nextAt(kept, now),
            kind.name,
            revision,
            JSON.stringify(actor),
          ],
        );
        if (rowCount === 0) throw new Refusal('not-found', `There is no subscription ${id}.`);
        await kind.written?.(sql, { tenant, id, document: kept });
        const uri = shownUri(kept.notification.endpoint.uri);
        await sql.query(
          `update context.deliveries set endpoint = $3
           where tenant = $1 and subscription = $2 and state = 'waiting' and endpoint <> $3`,
          [tenant, id, uri],
        );
        await sql.query('insert into context.endpoints (uri) values ($1) on conflict do nothing', [
          uri,
        ]);
        await tell(sql, tenant, id);
      });
      await changed();
    },

    /** Clause 5.8.5; what waits for delivery goes with it. Throws Refusal('not-found'). */
    remove: async (id: string, tenant: string): Promise<void> => {
      await database.transaction(async ({ sql }) => {
        await announce(sql);
        const { rowCount } = await sql.query(
          'delete from context.subscriptions where tenant = $1 and id = $2 and kind = $3',
          [tenant, id, kind.name],
        );
        if (rowCount === 0) throw new Refusal('not-found', `There is no subscription ${id}.`);
        await sql.query(
          "delete from context.deliveries where tenant = $1 and subscription = $2 and state = 'waiting'",
          [tenant, id],
        );
        await tell(sql, tenant, id);
      });
      await changed();
    },
  };
};
export type Subscriptions = ReturnType<typeof openSubscriptions>;
