import type { Database } from '#kernel/database';

/** A device that was cut off sends again when it is back; a day is longer than any of them keeps its messages. */
const KEEP_HOURS = 24;

/** One statement takes well below a second. */
const STEP_ROWS_MAX = 50_000;

/** Forgets the messages that nobody will send again. */
export const forgetTaken = async (database: Database): Promise<void> => {
  for (let gone = STEP_ROWS_MAX; gone === STEP_ROWS_MAX;) {
    const [row] = await database.query<{ gone: number }>(
      `with gone as (
         delete from context.taken where key in (
           select key from context.taken where at < now() - make_interval(hours => ${KEEP_HOURS})
           limit ${STEP_ROWS_MAX}) returning 1)
       select count(*) as gone from gone`,
    );
    gone = row?.gone ?? 0;
  }
};
