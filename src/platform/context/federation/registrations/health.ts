import type { Database } from '#kernel/database';
import type { HealthChange } from './model.ts';

const ERROR_CHARACTERS_MAX = 500;

const ADD = `
  insert into context.registrations_health as h
    (tenant, id, times_sent, times_failed, timed_out, last_success, last_failure, last_error)
  select c.tenant, c.id, c.sent, c.failed, c."timedOut", c."lastSuccess", c."lastFailure", c."lastError"
  from jsonb_to_recordset($1::jsonb) as c (tenant text, id text, sent bigint, failed bigint, "timedOut" bigint,
      "lastSuccess" timestamptz, "lastFailure" timestamptz, "lastError" text)
    join context.registrations r on r.tenant = c.tenant and r.id = c.id
  order by c.tenant, c.id
  on conflict (tenant, id) do update set times_sent = h.times_sent + excluded.times_sent,
    times_failed = h.times_failed + excluded.times_failed, timed_out = h.timed_out + excluded.timed_out,
    last_success = greatest(h.last_success, excluded.last_success),
    last_failure = greatest(h.last_failure, excluded.last_failure),
    last_error = coalesce(excluded.last_error, h.last_error)`;

/** Adds what became of requests to sources; one change a registration. Those that are gone are passed over. */
export const addHealth = async (
  database: Database,
  changes: readonly HealthChange[],
): Promise<void> => {
  if (changes.length === 0) return;
  const rows = changes.map((one) => ({
    ...one,
    ...(one.lastError ? { lastError: one.lastError.slice(0, ERROR_CHARACTERS_MAX) } : {}),
  }));
  await database.query(ADD, [JSON.stringify(rows)]);
};
