import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Consumer } from './consumer.ts';
import type { Event } from './events.ts';

export type DeadLetter = {
  readonly id: number;
  readonly consumer: string;
  readonly at: string;
  readonly attempts: number;
  readonly error: string;
  readonly event: Event;
};

const ERROR_CHARACTERS_MAX = 2000;

/** The newest are kept; the oldest make way and are counted. */
const LETTERS_MAX = 10_000;

export const addDeadLetter = (
  database: Database,
  consumer: string,
  event: Event,
  error: string,
  attempts: number,
  lettersMax = LETTERS_MAX,
) =>
  database.query(
    `with added as (
       insert into kernel.dead_letters (consumer, attempts, error, event) values ($1, $2, $3, $4)),
     gone as (
       delete from kernel.dead_letters where id <= (
         select id from kernel.dead_letters order by id desc offset $5 limit 1) returning consumer)
     insert into kernel.dropped_letters as d (consumer, dropped) select consumer, count(*) from gone group by consumer
     on conflict (consumer) do update set dropped = d.dropped + excluded.dropped`,
    // The statement does not see the letter that it adds itself.
    [
      consumer,
      attempts,
      error.slice(0, ERROR_CHARACTERS_MAX),
      JSON.stringify(event),
      lettersMax - 1,
    ],
  );

/** How many letters made way for newer ones, ever. */
export const countDroppedLetters = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ dropped: number }>(
    'select coalesce(sum(dropped), 0)::bigint as dropped from kernel.dropped_letters',
  );
  return row?.dropped ?? 0;
};

/** The newest dead letters first. */
export const listDeadLetters = (database: Database, limit: number): Promise<DeadLetter[]> =>
  database.query<DeadLetter>(
    'select id, consumer, at, attempts, error, event from kernel.dead_letters order by id desc limit $1',
    [limit],
  );

export const countDeadLetters = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    'select count(*) as count from kernel.dead_letters',
  );
  return row?.count ?? 0;
};

/** Hands the event to its consumer once more and removes the letter when it was taken. Throws Refusal('not-found'). */
export const replayDeadLetter = async (
  database: Database,
  consumers: ReadonlyMap<string, Consumer>,
  id: number,
): Promise<void> => {
  const [letter] = await database.query<DeadLetter>(
    'select id, consumer, at, attempts, error, event from kernel.dead_letters where id = $1',
    [id],
  );
  if (!letter) throw new Refusal('not-found', `There is no dead letter ${id}.`);
  const consumer = consumers.get(letter.consumer);
  if (!consumer) throw new Refusal('gone', `Nothing here is called ${letter.consumer} any more.`);
  await consumer.handle([letter.event]);
  await database.query('delete from kernel.dead_letters where id = $1', [id]);
};
