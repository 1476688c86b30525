import { sql } from 'kysely';
import { toInstant } from '#kernel/time';
import type { Db } from './people/terms.ts';

const DAY_MS = 86_400_000;
/** Ended sessions, tokens and applications stay visible this long, for whoever looks into a misuse. */
const KEPT_DAYS_AFTER_END = 30;
/** Ended memberships and mandates are looked up in disputes about what was decided under them. */
const BELONGING_KEPT_DAYS = 3 * 366;

/** Deletes what is over, each after its time. */
export const forgetEnded = async (db: Db, now: Date): Promise<void> => {
  const before = (days: number) => toInstant(now.getTime() - days * DAY_MS);
  const ended = before(KEPT_DAYS_AFTER_END);
  for (const table of ['sessions', 'tokens'] as const)
    await db
      .deleteFrom(table)
      .where((is) => is(is.fn.coalesce('revoked_at', 'expires_at'), '<', ended))
      .execute();
  await db.deleteFrom('sign_in_attempts').where('last_at', '<', before(1)).execute();
  await db.deleteFrom('steps').where('expires_at', '<', toInstant(now)).execute();
  await db
    .deleteFrom('recovery_codes')
    .where((is) => is(is.fn.coalesce('used_at', 'expires_at'), '<', ended))
    .execute();
  await sql`delete from identity.oidc_artifacts where expires_at < ${toInstant(now)}`.execute(db);
  const belonging = before(BELONGING_KEPT_DAYS);
  await sql`delete from identity.memberships where coalesce(ended_at, until_at) < ${belonging}`.execute(
    db,
  );
  await sql`delete from identity.mandates where coalesce(ended_at, until_at) < ${belonging}`.execute(
    db,
  );
};
