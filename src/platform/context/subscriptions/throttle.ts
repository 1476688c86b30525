import type { Sql } from '#kernel/database';
import { parseInstant } from '#kernel/time';
import type { NewDelivery } from './deliveries.ts';
import type { Watch } from './watch.ts';

/** A change that a subscriber is to be told of. */
export type Match = { readonly watch: Watch; readonly delivery: NewDelivery };

const CHANGED_AT = `select tenant, id, changed_at as "changedAt" from context.subscriptions
  where (tenant, id) in (select * from unnest($1::text[], $2::text[])) order by tenant, id for update`;
const SET_CHANGED_AT = `update context.subscriptions s set changed_at = c.at
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as c (tenant, id, at) where s.tenant = c.tenant and s.id = c.id`;

/** Clause 5.2.12, throttling: what changes too soon after the last that was told is passed over, by the time of change. */
export const throttle = async (sql: Sql, matches: readonly Match[]): Promise<readonly Match[]> => {
  const slow = new Map(
    matches
      .filter(({ watch }) => watch.throttlingMs)
      .map(({ watch }) => [`${watch.tenant}\n${watch.id}`, watch]),
  );
  if (slow.size === 0) return matches;
  const { rows } = await sql.query<{ tenant: string; id: string; changedAt: string | null }>(
    CHANGED_AT,
    [[...slow.values()].map((w) => w.tenant), [...slow.values()].map((w) => w.id)],
  );
  const last = new Map(
    rows.map((row) => [`${row.tenant}\n${row.id}`, row.changedAt && Date.parse(row.changedAt)]),
  );
  const kept = matches.filter(({ watch, delivery }) => {
    if (!watch.throttlingMs) return true;
    const key = `${watch.tenant}\n${watch.id}`;
    const at = parseInstant(delivery.message.at) ?? 0;
    const before = last.get(key);
    if (before && at < before + watch.throttlingMs) return false;
    last.set(key, at);
    return true;
  });
  const told = rows.filter((row) => last.get(`${row.tenant}\n${row.id}`));
  await sql.query(SET_CHANGED_AT, [
    told.map((row) => row.tenant),
    told.map((row) => row.id),
    told.map((row) => new Date(Number(last.get(`${row.tenant}\n${row.id}`))).toISOString()),
  ]);
  return kept;
};
