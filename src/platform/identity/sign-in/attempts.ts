import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { toInstant } from '#kernel/time';

/** So many wrong passwords are taken as typing mistakes. */
const FREE_ATTEMPTS = 5;
const FIRST_PAUSE_SECONDS = 30;
const PAUSE_SECONDS_MAX = 900;
/** After a quiet day the count starts anew. */
const FORGOTTEN_AFTER_SECONDS = 86_400;

type From = { readonly name: string; readonly address: string };

/**
 * Counts an attempt before its password is looked at, so that many at once cannot slip past the limit. From the sixth
 * on, each closes the door for this name from this address, twice as long as the one before. Throws Refusal('too-many').
 */
export const countAttempt = async (database: Database, { name, address }: From, now: Date) => {
  const [row] = await database.query<{ closed_until: string; admitted: boolean }>(
    `with counted as (
       insert into identity.sign_in_attempts as a (name, address, attempts, last_at, closed_until)
       values ($1, $2, 1, $3, $3)
       on conflict (name, address) do update set
         attempts = case when a.last_at < $3::timestamptz - $4 * interval '1 second' then 1 else a.attempts + 1 end,
         last_at = $3,
         closed_until = case
           when a.last_at < $3::timestamptz - $4 * interval '1 second' or a.attempts < $5 then $3
           else $3::timestamptz + least($7, $6 * 2 ^ least(a.attempts - $5, 20)) * interval '1 second' end
         where a.closed_until <= $3
       returning closed_until)
     select closed_until, true as admitted from counted
     union all
     select closed_until, false from identity.sign_in_attempts where name = $1 and address = $2
     order by admitted desc limit 1`,
    [
      name,
      address,
      toInstant(now),
      FORGOTTEN_AFTER_SECONDS,
      FREE_ATTEMPTS,
      FIRST_PAUSE_SECONDS,
      PAUSE_SECONDS_MAX,
    ],
    'identity-count-attempt',
  );
  if (row?.admitted) return;
  // Of many at once a later one may not see yet what closed the door to it: it stays closed.
  const left = row ? Math.ceil((Date.parse(row.closed_until) - now.getTime()) / 1000) : 0;
  const seconds = left > 0 ? left : FIRST_PAUSE_SECONDS;
  throw new Refusal('too-many', `Too many wrong passwords. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
};

/** The right password: nothing is held against this name here. */
export const forgetAttempts = async (database: Database, { name, address }: From) => {
  await database.query('delete from identity.sign_in_attempts where name = $1 and address = $2', [
    name,
    address,
  ]);
};
