import type { Database, Sql } from '#kernel/database';
import { type Clock, toInstant } from '#kernel/time';

const DAY_MS = 86_400_000;
/** What the tables themselves insist on (Cybersecurity Law, article 21: six months). */
export const KEPT_DAYS_MIN = 183;
/** The triggers see `now()` a moment later than we do. */
const MARGIN_MS = 60_000;
const BATCH_ROWS_MAX = 2000;

/** Whoever is erased: their names leave the log as its entries pass half a year. Call it in the transaction that erases. */
export const forget = async (sql: Sql, person: string, now: Date): Promise<void> => {
  await sql.query(
    'insert into audit.forgotten (person, at) values ($1, $2) on conflict do nothing',
    [person, toInstant(now)],
  );
};

const STEPS = {
  entries: `delete from audit.entries where id in (
      select e.id from audit.entries e join audit.leaves l on l.entry = e.id where e.at < $1 order by e.at limit $2)`,
  accesses: `delete from audit.accesses where id in (
      select id from audit.accesses where at < $1::timestamptz order by at limit $2)`,
  erasedEntries: `update audit.entries set salt = null, personal = null where id in (
      select e.id from audit.entries e where e.personal is not null and e.at < $1
        and (e.actor in (select person from audit.forgotten) or e.subject in (select person from audit.forgotten)) limit $2)`,
  erasedAccesses: `delete from audit.accesses where id in (
      select id from audit.accesses where at < $1::timestamptz
        and (whose in (select person from audit.forgotten) or actor in (select person from audit.forgotten)) limit $2)`,
} as const;

/** Gives up what is past its time, part by part; hashes stay, so that the tree still proves the rest. Answers the rows. */
export const keepRetention = async (
  database: Database,
  clock: Clock,
  keptDays: number,
): Promise<Record<keyof typeof STEPS, number>> => {
  const now = clock.now().getTime();
  const past = (days: number) => toInstant(now - days * DAY_MS - MARGIN_MS);
  const clear = async (text: string, before: string): Promise<number> => {
    const changed = await database.transaction(async ({ sql }) => {
      await sql.query(`select set_config('audit.keeping', 'on', true)`);
      return (await sql.query(text, [before, BATCH_ROWS_MAX])).rowCount ?? 0;
    });
    return changed < BATCH_ROWS_MAX ? changed : changed + (await clear(text, before));
  };
  return {
    entries: await clear(STEPS.entries, past(keptDays)),
    accesses: await clear(STEPS.accesses, past(keptDays)),
    erasedEntries: await clear(STEPS.erasedEntries, past(KEPT_DAYS_MIN)),
    erasedAccesses: await clear(STEPS.erasedAccesses, past(KEPT_DAYS_MIN)),
  };
};
