import type { Database } from '#kernel/database';

/** Doubling from a second to five minutes, so many tries last about twenty minutes. */
const ATTEMPTS_MAX = 12;
/** A receiver that answers with 4xx understood us and does not want it; others wait behind. */
const ATTEMPTS_REFUSED_MAX = 3;
const PAUSE_FIRST_MS = 1_000;
const PAUSE_MS_MAX = 300_000;
const ERROR_CHARACTERS_MAX = 500;

export type Failure = {
  readonly status?: number;
  readonly error: string;
  /** Trying again would not help. */
  readonly final?: boolean;
};

type Place = { number: number; tenant: string; subscription: string; attempts: number };

const DELIVERED = `
  with d as (
    update context.deliveries set state = 'delivered', attempts = attempts + 1, attempted_at = now(), status = $4, error = null
    where number = $1 and state = 'waiting'),
  e as (update context.endpoints set failures = 0 where uri = $5 and failures > 0)
  update context.subscriptions set times_sent = times_sent + 1, last_notification = now(), last_success = now()
  where tenant = $2 and id = $3`;

export const recordDelivered = (
  database: Database,
  { number, tenant, subscription }: Place,
  endpoint: string,
  status: number,
) =>
  database.query(DELIVERED, [number, tenant, subscription, status, endpoint], 'context-delivered');

const FAILED = `
  with d as (
    update context.deliveries set attempts = attempts + 1, attempted_at = now(), status = $4, error = $5, state = $6
    where number = $1 and state = 'waiting')
  update context.subscriptions set times_sent = times_sent + 1, times_failed = times_failed + 1,
    last_notification = now(), last_failure = now()
  where tenant = $2 and id = $3`;

const isRefusal = (status: number | undefined) =>
  status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;

/** Answers whether it is given up. */
export const recordFailed = async (
  database: Database,
  { number, tenant, subscription, attempts }: Place,
  { status, error, final = false }: Failure,
): Promise<boolean> => {
  const limit = isRefusal(status) ? ATTEMPTS_REFUSED_MAX : ATTEMPTS_MAX;
  const dead = final || attempts + 1 >= limit;
  await database.query(FAILED, [
    number,
    tenant,
    subscription,
    status ?? null,
    error.slice(0, ERROR_CHARACTERS_MAX),
    dead ? 'dead' : 'waiting',
  ]);
  return dead;
};

/** A message for nobody any more: its subscription is paused or over (clause 5.8.6). */
export const recordDropped = (database: Database, number: number, error: string) =>
  database.query(
    "update context.deliveries set state = 'dead', error = $2 where number = $1 and state = 'waiting'",
    [number, error],
  );

/** The circuit breaker: leaves the receiver alone for twice as long after each failure in a row, at least `cooldownMs`. */
export const pauseEndpoint = (database: Database, uri: string, cooldownMs: number) =>
  database.query(
    `update context.endpoints set failures = failures + 1,
       due_at = now() + make_interval(secs => greatest($2, least(${PAUSE_FIRST_MS} * power(2, least(failures, 20)), ${PAUSE_MS_MAX})) / 1000.0)
     where uri = $1`,
    [uri, cooldownMs],
  );
