import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import type { Kept } from './full-names.ts';
import { toWatch, type Watch } from './watch.ts';

type Row = { tenant: string; id: string; document: Kept; createdAt: string };

/** One statement, one moment: the rows are those of the revision. */
const LOAD = `
  select (select revision from context.subscriptions_revision) as revision,
    coalesce((select json_agg(json_build_object('tenant', s.tenant, 'id', s.id, 'document', s.document,
        'createdAt', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
      from context.subscriptions s
      where s.kind = 'entities' and s.document -> 'timeInterval' is null and coalesce((s.document -> 'isActive')::boolean, true)), '[]') as rows`;

export type Watches = {
  /** The watches that may concern an entity of these types. */
  readonly about: (tenant: string, types: readonly string[]) => readonly Watch[];
  readonly count: number;
};

/** The types of which an entity must have one, or undefined where it may have any. */
const typesOf = ({ filter }: Watch): readonly string[] | undefined => {
  const { selectors } = filter;
  if (!selectors || selectors.some(({ types }) => !types)) return undefined;
  return selectors.flatMap(({ types }) => types?.anyOf.flatMap((all) => all.slice(0, 1)) ?? []);
};

const key = (tenant: string, type: string) => `${tenant}\n${type}`;

const toWatches = (list: readonly Watch[]): Watches => {
  const byType = new Map<string, Watch[]>();
  for (const watch of list)
    for (const type of new Set(typesOf(watch) ?? ['']))
      byType.set(key(watch.tenant, type), [...(byType.get(key(watch.tenant, type)) ?? []), watch]);
  return {
    count: list.length,
    about: (tenant, types) => [
      ...new Set(['', ...types].flatMap((type) => byType.get(key(tenant, type)) ?? [])),
    ],
  };
};

/** The active subscriptions, read anew when one of them changed, whichever process changed it. */
export const openWatches = (database: Database, log: Logger) => {
  let known: { revision: number; watches: Watches } | undefined;

  const load = async () => {
    const [row] = await database.query<{ revision: number; rows: readonly Row[] }>(LOAD);
    const watches = (row?.rows ?? []).flatMap((one) => {
      try {
        return [toWatch(one.document, one)];
      } catch (error) {
        // It was checked when it was made: one that a newer version no longer reads must not stop the others.
        log.error({ err: error, subscription: one.id }, 'a subscription cannot be read');
        return [];
      }
    });
    known = { revision: Number(row?.revision), watches: toWatches(watches) };
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
