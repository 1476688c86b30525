import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Sql } from '#kernel/database';
import { type Clock, toInstant } from '#kernel/time';
import { ensureSettledYear } from '../partitions.ts';

const DAY_MS = 86_400_000;
/** Rows moved in one transaction: some hundredths of a second, during which the embedded engine does nothing else. */
const STEP_ROWS = 1_000;
/** Of the hour between two runs; what is left then goes on in the next. */
export const SETTLE_LIMIT_SECONDS = 600;
const WORK_MS = 480_000;
/** Readers come before an empty table's end: it waits for the next hour. */
const DROP_PATIENCE_MS = 500;

/** Our own number among advisory locks: rows do not move while the temporal API alters them, nor the other way round. */
const MOVING = 5_616;
/** Held, in its transaction, by whoever alters rows of the history that it has read before. */
export const HOLD_STILL = `select pg_advisory_xact_lock_shared(${MOVING})`;

/** Where one is among the rows of a month: they are taken in the order of their index. */
type Place = { readonly tenant: string; readonly entity: string; readonly at: string };
const FIRST: Place = { tenant: '', entity: '', at: '-infinity' };
const placeOf = ({ tenant, entity, at }: Place) => [tenant, entity, at];

/** Days that are not over are left alone, and so are copies for snapshots, which go as they came. */
const isDue = `h.recorded_at < $1 and not exists (select 1 from context.snapshots s where s.space = h.tenant)`;
const AFTER = '(h.tenant, h.entity, h.at) > ($2::text, $3::text, $4::timestamptz)';
const COLUMNS = 'seq, tenant, entity, at, recorded_at, op, types, attributes';

/** One transaction; answers where the next begins, undefined where nothing is left. */
const moveStep = async (
  sql: Sql,
  part: string,
  before: string,
  after: Place,
): Promise<{ moved: number; next: Place | undefined }> => {
  await sql.query(`select pg_advisory_xact_lock(${MOVING})`);
  const from = [before, ...placeOf(after)];
  const { rows } = await sql.query<Place>(
    `select h.tenant, h.entity, h.at::text as at from ${part} h where ${AFTER} and ${isDue}
     order by h.tenant, h.entity, h.at offset ${STEP_ROWS - 1} limit 1`,
    from,
  );
  const [next] = rows;
  const upTo = next
    ? ' and (h.tenant, h.entity, h.at) <= ($5::text, $6::text, $7::timestamptz)'
    : '';
  const { rowCount } = await sql.query(
    `with gone as (delete from ${part} h where ${AFTER}${upTo} and ${isDue} returning h.*)
     insert into context.history_settled (${COLUMNS}, settled)
     select ${COLUMNS}, true from gone order by tenant, entity, at, seq`,
    next ? [...from, ...placeOf(next)] : from,
  );
  return { moved: rowCount ?? 0, next };
};

/** A month that is empty goes, so that there are never more tables to look into than months that are not over. */
const dropEmpty = (database: Database, part: string): Promise<void> =>
  database.transaction(async ({ sql }) => {
    await sql.query(`set local lock_timeout = ${DROP_PATIENCE_MS}`);
    await sql.query('lock table only context.history_open in access exclusive mode');
    const { rows } = await sql.query(`select 1 from ${part} limit 1`);
    if (rows.length === 0) await sql.query(`drop table ${part}`);
  });

const isLockTimeout = (error: unknown): boolean => (error as { code?: string }).code === '55P03';

type Month = { part: string; year: number | null; isOver: boolean };

/** The tables of months that have begun, and that of what belongs to none, which has no year. */
const MONTHS = `
  select part, extract(year from since)::int as year, coalesce(until <= $1::timestamptz, false) as "isOver" from (
    select format('context.%I', c.relname) as part,
      (regexp_match(b.bounds, 'FROM \\(''([^'']+)'''))[1]::timestamptz as since,
      (regexp_match(b.bounds, 'TO \\(''([^'']+)'''))[1]::timestamptz as until
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    cross join lateral (select pg_get_expr(c.relpartbound, c.oid) as bounds) as b
    where i.inhparent = 'context.history_open'::regclass) as m
  where since is null or since < $1::timestamptz order by since`;

/**
 * Puts rows of days that are over side by side, entity by entity, in steps that are each one transaction, until all is
 * done or the time is up. Answers how many were moved. Between steps the others have as long as a step took.
 */
export const settleHistory = async (
  database: Database,
  clock: Clock,
  workMs = WORK_MS,
): Promise<number> => {
  const ends = performance.now() + workMs;
  // Whole days, so that what is put side by side is worth it; one late, as clocks of several servers differ.
  const before = toInstant(Math.floor(clock.now().getTime() / DAY_MS - 1) * DAY_MS);
  let moved = 0;
  for (const { part, year, isOver } of await database.query<Month>(MONTHS, [before])) {
    if (year !== null) await ensureSettledYear(database, year);
    let after: Place | undefined = FIRST;
    while (after) {
      if (performance.now() > ends) return moved;
      const began = performance.now();
      const place: Place = after;
      const step = await database.transaction(({ sql }) => moveStep(sql, part, before, place));
      moved += step.moved;
      after = step.next;
      await pause(performance.now() - began);
    }
    if (isOver)
      await dropEmpty(database, part).catch((error: unknown) => {
        if (!isLockTimeout(error)) throw error;
      });
  }
  return moved;
};
