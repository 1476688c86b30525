import type { Database, Sql } from '#kernel/database';
import type { Clock } from '#kernel/time';

const MONTHS_AHEAD = 2;

export const monthStart = (at: Date, months: number) =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
const yearStart = (year: number) => new Date(Date.UTC(year, 0, 1));
const day = (at: Date) => at.toISOString().slice(0, 10);

type Part = {
  readonly parent: 'history_open' | 'history_settled';
  /** Where rows are that no other partition takes. */
  readonly rest: 'history_rest' | 'history_settled_rest';
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
};

/** A time of history as a partition; rows that came before it was there are moved out of the rest into it. */
const ensurePart = async (
  database: Database,
  { parent, rest, name, from, to }: Part,
): Promise<void> => {
  const isThere = async (sql: Sql) => {
    const { rows } = await sql.query<{ there: boolean }>(
      'select to_regclass($1) is not null as there',
      [`context.${name}`],
    );
    return rows[0]?.there === true;
  };
  await database.transaction(async ({ sql }) => {
    if (await isThere(sql)) return;
    // Another server may be making it: whoever comes second finds it there.
    await sql.query(`lock table context.${parent} in share row exclusive mode`);
    if (await isThere(sql)) return;
    await sql.query(`create table context.${name} (like context.${parent} including defaults)`);
    await sql.query(
      `with moved as (delete from context.${rest} where recorded_at >= $1 and recorded_at < $2 returning *)
       insert into context.${name} select * from moved`,
      [day(from), day(to)],
    );
    await sql.query(
      `alter table context.${parent} attach partition context.${name} for values from ('${day(from)}') to ('${day(to)}')`,
    );
  });
};

/** Makes the months of history that are about to be written; a month that is there already stays as it is. */
export const ensurePartitions = async (database: Database, clock: Clock): Promise<void> => {
  for (let month = 0; month <= MONTHS_AHEAD; month++) {
    const from = monthStart(clock.now(), month);
    await ensurePart(database, {
      parent: 'history_open',
      rest: 'history_rest',
      name: `history_${day(from).slice(0, 7).replace('-', '_')}`,
      from,
      to: monthStart(clock.now(), month + 1),
    });
  }
};

/** Makes the year into which days that are over are put. */
export const ensureSettledYear = (database: Database, year: number): Promise<void> =>
  ensurePart(database, {
    parent: 'history_settled',
    rest: 'history_settled_rest',
    name: `history_settled_${year}`,
    from: yearStart(year),
    to: yearStart(year + 1),
  });
