import type { Database } from '#kernel/database';
import type { Clock } from '#kernel/time';

const MONTHS_AHEAD = 2;

const monthStart = (at: Date, months: number) =>
  new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
const day = (at: Date) => at.toISOString().slice(0, 10);

/** Makes the months of history that are about to be written; a month that is there already stays as it is. */
export const ensurePartitions = async (database: Database, clock: Clock): Promise<void> => {
  for (let month = 0; month <= MONTHS_AHEAD; month++) {
    const from = monthStart(clock.now(), month);
    const to = monthStart(clock.now(), month + 1);
    const name = `history_${day(from).slice(0, 7).replace('-', '_')}`;
    await database.query(
      `create table if not exists context.${name} partition of context.history for values from ('${day(from)}') to ('${day(to)}')`,
    );
  }
};
