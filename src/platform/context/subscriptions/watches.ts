import type { Actor } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import type { EntityChanged } from '../contract.ts';
import type { Kept } from './full-names.ts';
import { toWatch, type Watch } from './watch.ts';

type Row = {
  tenant: string;
  id: string;
  /** Only of those that changed since. */
  document: Kept | null;
  createdAt: string;
  subscriber: Actor | null;
};

/** One statement, one moment: the rows are those of the revision. What is known of an earlier one is not sent again. */
const LOAD = `
  select (select revision from context.subscriptions_revision) as revision,
    coalesce((select json_agg(json_build_object('tenant', s.tenant, 'id', s.id,
        'document', case when s.revision > $1 then s.document end,
        'subscriber', s.subscriber,
        'createdAt', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
      from context.subscriptions s
      where s.kind = 'entities' and s.document -> 'timeInterval' is null and coalesce((s.document -> 'isActive')::boolean, true)), '[]') as rows`;

type Changed = Pick<EntityChanged, 'id' | 'types' | 'changed'>;
export type Watches = {
  /** The watches that may concern this change: few, however many there are. */
  readonly about: (tenant: string, change: Changed) => readonly Watch[];
  readonly count: number;
};

const ANY = '*';
const byId = (id: string) => `i ${id}`;
const byAttribute = (name: string) => `a ${name}`;
const byType = (type: string) => `t ${type}`;
const byTypeAndAttribute = (type: string, name: string) => `b ${type} ${name}`;

/** Under what a watch is filed: a change that it concerns is looked up under one of these. */
const keysOf = ({ filter, watched }: Watch): Set<string> => {
  const names = watched ? [...watched] : undefined;
  const keys = (filter.selectors ?? [{}]).flatMap(({ ids, types }) => {
    if (ids) return ids.map(byId);
    // Of types that an entity must have together, the first will do.
    const firsts = types?.anyOf.map(([first = '']) => first);
    if (firsts && names)
      return firsts.flatMap((type) => names.map((name) => byTypeAndAttribute(type, name)));
    return firsts?.map(byType) ?? names?.map(byAttribute) ?? [ANY];
  });
  return new Set(keys);
};

const keysOfChange = ({ id, types, changed }: Changed): readonly string[] => [
  ANY,
  byId(id),
  ...changed.map(byAttribute),
  ...types.flatMap((type) => [
    byType(type),
    ...changed.map((name) => byTypeAndAttribute(type, name)),
  ]),
];

/** Files the watches so that a change meets only those that may concern it. */
export const toWatches = (list: readonly Watch[]): Watches => {
  const tenants = new Map<string, Map<string, Watch[]>>();
  for (const watch of list) {
    let filed = tenants.get(watch.tenant);
    if (!filed) tenants.set(watch.tenant, (filed = new Map()));
    for (const key of keysOf(watch)) {
      const there = filed.get(key);
      if (there) there.push(watch);
      else filed.set(key, [watch]);
    }
  }
  return {
    count: list.length,
    about: (tenant, change) => {
      const filed = tenants.get(tenant);
      if (!filed) return [];
      const found = keysOfChange(change).flatMap((key) => filed.get(key) ?? []);
      return found.length > 1 ? [...new Set(found)] : found;
    },
  };
};

/** The active subscriptions, read anew where one of them changed, whichever process changed it. */
export const openWatches = (database: Database, log: Logger) => {
  let known:
    | { revision: number; watches: Watches; rows: Map<string, Watch | undefined> }
    | undefined;

  const read = (row: Row & { document: Kept }): Watch | undefined => {
    try {
      return toWatch(row.document, row);
    } catch (error) {
      // It was checked when it was made: one that a newer version no longer reads must not stop the others.
      log.error({ err: error, subscription: row.id }, 'a subscription cannot be read');
      return undefined;
    }
  };

  const load = async () => {
    const before = known;
    const [loaded] = await database.query<{ revision: number; rows: readonly Row[] }>(LOAD, [
      before?.revision ?? -1,
    ]);
    const rows = new Map<string, Watch | undefined>();
    for (const row of loaded?.rows ?? []) {
      const key = `${row.tenant}\n${row.id}`;
      const { document } = row;
      const watch = document ? read({ ...row, document }) : before?.rows.get(key);
      rows.set(key, watch);
    }
    const list = [...rows.values()].flatMap((watch) => watch ?? []);
    known = { revision: Number(loaded?.revision), watches: toWatches(list), rows };
    return known.watches;
  };

  return {
    current: async (): Promise<Watches> => {
      const [row] = await database.query<{ revision: number }>(
        'select revision from context.subscriptions_revision',
        [],
        'context-subscriptions-revision',
      );
      return known && known.revision === Number(row?.revision) ? known.watches : load();
    },
  };
};
