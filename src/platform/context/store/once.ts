import type { Database } from '#kernel/database';

/** A device that was cut off sends again when it is back; a day is longer than any of them keeps its messages. */
const KEEP_HOURS = 24;

/** Forgets the messages that nobody will send again. */
export const forgetTaken = async (database: Database): Promise<void> => {
  await database.query(
    `delete from context.taken where at < now() - make_interval(hours => ${KEEP_HOURS})`,
  );
};
