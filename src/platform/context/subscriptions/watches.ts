import type { Actor } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import type { Kept } from './full-names.ts';
import { toWatch, type Watch } from './watch.ts';
import { openWatchIndex, type WatchIndex } from './watch-index.ts';

type Row = {
  tenant: string;
  id: string;
  /** Only of those that changed since. */
  document: Kept | null;
  context: unknown;
  createdAt: string;
  subscriber: Actor | null;
};

/** Those that changes are held against. */
const WATCHING = `s.kind = 'entities' and s.document -> 'timeInterval' is null and coalesce((s.document -> 'isActive')::boolean, true)`;
const CREATED_AT = `to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One statement, one moment: the rows are those of the revision. What is known of an earlier one is not sent again. */
const LOAD = `
  select (select revision from context.subscriptions_revision) as revision,
    coalesce((select json_agg(json_build_object('tenant', s.tenant, 'id', s.id,
        'document', case when s.revision > $1 then s.document end,
        'context', case when s.revision > $1 then s.context end,
        'subscriber', s.subscriber, 'createdAt', ${CREATED_AT}))
      from context.subscriptions s where ${WATCHING}), '[]') as rows`;

const LOAD_SOME = `
  select s.tenant, s.id, s.document, s.context, s.subscriber, ${CREATED_AT} as "createdAt"
  from context.subscriptions s join unnest($1::text[], $2::text[]) as k (tenant, id) on s.tenant = k.tenant and s.id = k.id
  where ${WATCHING}`;

const ANY = `select exists (select 1 from context.subscriptions s where ${WATCHING}) as any`;

type Place = { readonly tenant: string; readonly id: string };
const keyOf = ({ tenant, id }: Place) => `${tenant}\n${id}`;

/** The active subscriptions to changes, read anew where one of them is said to have changed, in whichever process. */
export const openWatches = (database: Database, log: Logger) => {
  let index: WatchIndex = openWatchIndex();
  let watches = new Map<string, Watch | undefined>();
  let revision = -1;
  /** All may be others by now, or only these. */
  let isStale = true;
  const changed = new Map<string, Place>();

  const read = (row: Row, document: Kept): Watch | undefined => {
    try {
      return toWatch(document, row);
    } catch (error) {
      // It was checked when it was made: one that a newer version no longer reads must not stop the others.
      log.error({ err: error, subscription: row.id }, 'a subscription cannot be read');
      return undefined;
    }
  };

  const load = async () => {
    const [loaded] = await database.query<{ revision: number; rows: readonly Row[] }>(LOAD, [
      revision,
    ]);
    const before = watches;
    watches = new Map();
    index = openWatchIndex();
    for (const row of loaded?.rows ?? []) {
      const { document } = row;
      const watch = document ? read(row, document) : before.get(keyOf(row));
      watches.set(keyOf(row), watch);
      if (watch) index.add(watch);
    }
    revision = Number(loaded?.revision);
  };

  const loadAll = async () => {
    isStale = false; // whatever is said from here on is later than what is read
    try {
      await load();
    } catch (error) {
      isStale = true;
      throw error;
    }
  };

  const loadSome = async (places: readonly Place[]) => {
    const rows = await database.query<Row>(
      LOAD_SOME,
      [places.map(({ tenant }) => tenant), places.map(({ id }) => id)],
      'context-some-subscriptions',
    );
    for (const place of places) {
      const before = watches.get(keyOf(place));
      if (before) index.remove(before);
      watches.delete(keyOf(place));
    }
    for (const row of rows) {
      const watch = row.document ? read(row, row.document) : undefined;
      watches.set(keyOf(row), watch);
      if (watch) index.add(watch);
    }
  };

  return {
    /** As they are after the last change that was told of. */
    known: async (): Promise<WatchIndex> => {
      const places = [...changed.values()];
      if (isStale) await loadAll();
      else if (places.length > 0) await loadSome(places);
      for (const place of places) changed.delete(keyOf(place));
      return index;
    },

    /** Whether nobody is to be told of anything at this moment. */
    isNone: async (): Promise<boolean> => {
      if (index.count() > 0) return false;
      const [row] = await database.query<{ any: boolean }>(ANY, [], 'context-any-subscription');
      // Whoever has come meanwhile may have been passed over unread.
      isStale = true;
      return row?.any === false;
    },

    /** Call when this one changed; with none, when any may have. */
    changed: (place?: Place): void => {
      if (place) changed.set(keyOf(place), place);
      else isStale = true;
    },

    /** Whether nothing is known to have changed about this one. */
    has: (watch: Watch): boolean =>
      !isStale && !changed.has(keyOf(watch)) && watches.get(keyOf(watch)) === watch,
  };
};
