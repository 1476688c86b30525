import type { Database, Sql } from '#kernel/database';
import type { Clock } from '#kernel/time';

const MONTHS_AHEAD = 2;

const monthStart = (at: Date, months: number) =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
const day = (at: Date) => at.toISOString().slice(0, 10);

/** One month of history as a partition; rows that came before it was there are moved out of the rest into it. */
const ensureMonth = async (database: Database, from: Date, to: Date): Promise<void> => {
  const name = `context.history_${day(from).slice(0, 7).replace('-', '_')}`;
  const isThere = async (sql: Sql) => {
    const { rows } = await sql.query<{ there: boolean }>(
      'select to_regclass($1) is not null as there',
      [name],
    );
    return rows[0]?.there === true;
  };
  await database.transaction(async ({ sql }) => {
    if (await isThere(sql)) return;
    // Another server may be making it: whoever comes second finds it there.
    await sql.query('lock table context.history in share row exclusive mode');
    if (await isThere(sql)) return;
    await sql.query(`create table ${name} (like context.history including defaults)`);
    await sql.query(
      `with moved as (delete from context.history_rest where recorded_at >= $1 and recorded_at < $2 returning *)
       insert into ${name} select * from moved`,
      [day(from), day(to)],
    );
    await sql.query(
      `alter table context.history attach partition ${name} for values from ('${day(from)}') to ('${day(to)}')`,
    );
  });
};

/** Makes the months of history that are about to be written; a month that is there already stays as it is. */
export const ensurePartitions = async (database: Database, clock: Clock): Promise<void> => {
  for (let month = 0; month <= MONTHS_AHEAD; month++)
    await ensureMonth(database, monthStart(clock.now(), month), monthStart(clock.now(), month + 1));
};
