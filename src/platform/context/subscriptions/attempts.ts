import type { Database } from '#kernel/database';

/** Doubling from a second to five minutes, so many tries last about twenty minutes. */
const ATTEMPTS_MAX = 12;
/** Away, overloaded, or behind a door whose house is away: the queue waits for it as long as deliveries may wait. */
const STATUSES_AWAY = new Set([408, 425, 429, 502, 503, 504]);
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
    update context.deliveries d set state = 'delivered', attempts = attempts + 1, attempted_at = now(),
      status = r.status, error = null
    from unnest($1::bigint[], $2::integer[]) as r (number, status)
    where d.number = r.number and d.state = 'waiting' returning d.tenant, d.subscription),
  e as (update context.endpoints set failures = 0 where failures > 0 and uri = any($3::text[])),
  n as (select tenant, subscription, count(*) as times from d group by tenant, subscription order by tenant, subscription)
  update context.subscriptions s set times_sent = times_sent + n.times, last_notification = now(), last_success = now()
  from n where s.tenant = n.tenant and s.id = n.subscription`;

/** `status` is what the receiver answered; a broker of MQTT has none. */
export type Success = {
  readonly number: number;
  readonly status: number | null;
  readonly endpoint: string;
};

export const recordDelivered = (database: Database, delivered: readonly Success[]) =>
  database.query(
    DELIVERED,
    [
      delivered.map(({ number }) => number),
      delivered.map(({ status }) => status),
      [...new Set(delivered.map(({ endpoint }) => endpoint))],
    ],
    'context-delivered',
  );

const FAILED = `
  with d as (
    update context.deliveries set attempts = attempts + 1, attempted_at = now(), status = $4, error = $5, state = $6
    where number = $1 and state = 'waiting')
  update context.subscriptions set times_sent = times_sent + 1, times_failed = times_failed + 1,
    last_notification = now(), last_failure = now()
  where tenant = $2 and id = $3`;

/** How often a message is tried that meets with this answer; none is a receiver that cannot be reached. */
const attemptsMax = (status: number | undefined): number => {
  if (status === undefined || STATUSES_AWAY.has(status)) return Infinity;
  return status >= 400 && status < 500 ? ATTEMPTS_REFUSED_MAX : ATTEMPTS_MAX;
};

/** Answers whether it is given up. */
export const recordFailed = async (
  database: Database,
  { number, tenant, subscription, attempts }: Place,
  { status, error, final = false }: Failure,
): Promise<boolean> => {
  const dead = final || attempts + 1 >= attemptsMax(status);
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
