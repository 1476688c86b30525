import type { Database } from '#kernel/database';
import type { Instance } from '../model.ts';

export type HistoryQuestion = {
  readonly id: string;
  /** Full name (IRI) of the attribute. */
  readonly attribute: string;
  readonly from?: string;
  readonly to?: string;
  /** The newest n where there are more. */
  readonly lastN?: number;
  readonly tenant?: string;
};

export type HistoryPoint = { readonly at: string; readonly instances: readonly Instance[] };

const POINTS_MAX = 10_000;

/** What was written of one attribute, oldest first; deletions are left out. `at` is observedAt where the source gave one, else when it was written. */
export const listHistory = async (
  database: Database,
  { id, attribute, from, to, lastN, tenant = '' }: HistoryQuestion,
): Promise<HistoryPoint[]> => {
  const rows = await database.query<HistoryPoint>(
    `select at, attributes -> $3 as instances from context.history
     where tenant = $1 and entity = $2 and attributes ? $3
       and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
     order by at desc, seq desc limit $6`,
    [tenant, id, attribute, from ?? null, to ?? null, Math.min(lastN ?? POINTS_MAX, POINTS_MAX)],
  );
  return rows.toReversed().flatMap(({ at, instances }) => {
    const written = instances.filter(({ deletedAt }) => deletedAt === undefined);
    return written.length > 0 ? [{ at, instances: written }] : [];
  });
};
