import type { Database } from '#kernel/database';
import { shownUri } from './endpoint.ts';
import type { Kept } from './full-names.ts';

const ENDPOINTS_MAX = 500;

/** How a receiver is doing. `paused` is one that failed and is left alone until `dueAt`. */
export type Endpoint = {
  readonly uri: string;
  readonly health: 'well' | 'failing' | 'paused';
  /** In a row. */
  readonly failures: number;
  readonly dueAt: string | null;
  readonly waiting: number;
  readonly oldestWaitingAt: string | null;
  readonly dead: number;
};

const ENDPOINTS = `
  with w as (
    select endpoint, count(*) as waiting, min(created_at) as oldest from context.deliveries
    where state = 'waiting' group by endpoint),
  d as (select endpoint, count(*) as dead from context.deliveries where state = 'dead' group by endpoint),
  u as (select uri from context.endpoints union select endpoint from d)
  select u.uri, coalesce(e.failures, 0) as failures, coalesce(w.waiting, 0) as waiting, coalesce(d.dead, 0) as dead,
    w.oldest as "oldestWaitingAt",
    case when e.failures > 0 and e.due_at > now() then e.due_at end as "dueAt",
    case when coalesce(e.failures, 0) = 0 then 'well' when e.due_at > now() then 'paused' else 'failing' end as health
  from u left join context.endpoints e on e.uri = u.uri left join w on w.endpoint = u.uri left join d on d.endpoint = u.uri
  order by e.failures > 0 desc nulls last, d.dead desc nulls last, w.waiting desc nulls last, u.uri limit ${ENDPOINTS_MAX}`;

/** The receivers there are, the sick ones first, at most 500. */
export const listEndpoints = (database: Database): Promise<Endpoint[]> =>
  database.query<Endpoint>(ENDPOINTS);

export type SubscriptionSummary = {
  readonly tenant: string;
  readonly id: string;
  readonly name: string | null;
  readonly about: 'entities' | 'registrations';
  readonly status: 'active' | 'paused' | 'expired';
  readonly endpoint: string;
  readonly timesSent: number;
  readonly timesFailed: number;
  readonly lastNotification: string | null;
  readonly lastSuccess: string | null;
  readonly lastFailure: string | null;
};

type Row = Omit<SubscriptionSummary, 'name' | 'endpoint'> & { readonly document: Kept };

const SUMMARIES = `
  select tenant, id, kind as about, document,
    case when expires_at <= $1 then 'expired'
         when not coalesce((document -> 'isActive')::boolean, true) then 'paused' else 'active' end as status,
    times_sent as "timesSent", times_failed as "timesFailed", last_notification as "lastNotification",
    last_success as "lastSuccess", last_failure as "lastFailure"
  from context.subscriptions order by last_failure > coalesce(last_success, '-infinity') desc nulls last,
    last_notification desc nulls last, tenant, id limit $2`;

/** The subscriptions of all tenants: those whose last attempt failed first, then those told last. */
export const listSummaries = async (
  database: Database,
  now: Date,
  limit: number,
): Promise<SubscriptionSummary[]> => {
  const rows = await database.query<Row>(SUMMARIES, [now.toISOString(), limit]);
  return rows.map(({ document, ...row }) => ({
    ...row,
    name: document.subscriptionName ?? document.description ?? null,
    endpoint: shownUri(document.notification.endpoint.uri),
  }));
};

export const countSubscriptions = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    'select count(*) as count from context.subscriptions',
  );
  return row?.count ?? 0;
};
