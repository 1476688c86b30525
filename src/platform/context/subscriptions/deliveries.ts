import { createHash } from 'node:crypto';
import { type Database, jsonbColumn, type Sql, type Statement, textColumn } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Audit, By } from '#platform/audit';
import type { Message } from './message.ts';

/** One statement carries so many. */
const INSERT_ROWS_MAX = 500;
/** A receiver that stayed away longer asks for the state itself. */
const WAIT_HOURS_MAX = 24;
const KEEP_DAYS = 7;
/** The newest of each kind, for a day of many. */
const KEEP_ROWS_MAX = 1_000_000;
const DELETE_ROWS_MAX = 20_000;
const REPLAY_ROWS_MAX = 10_000;
/** Some hundred megabytes of messages: what a receiver is told after a long silence is hardly read beyond that. */
const WAITING_ROWS_MAX = 200_000;

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

export type NewDelivery = {
  readonly tenant: string;
  readonly subscription: string;
  /** What it tells of: the number of the event, or minus the time of a periodic notification in ms. */
  readonly seq: number;
  readonly endpoint: string;
  readonly message: Message;
};

/** The same for the same subscription and event, so that a receiver knows a repeat. */
const notificationIdOf = ({ tenant, subscription, seq }: NewDelivery): string => {
  const hex = createHash('sha256').update(`${tenant}\n${subscription}\n${seq}`).digest('hex');
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return `urn:ngsi-ld:Notification:${groups.join('-')}-${hex.slice(20, 32)}`; // RFC 9562, version 8
};

const INSERT = `
  with d as (
    insert into context.deliveries (id, tenant, subscription, seq, endpoint, message, created_at)
    select id, tenant, subscription, seq::bigint, endpoint, message, now()
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
      as d (id, tenant, subscription, seq, endpoint, message)
    on conflict do nothing
    returning id, number),
  e as (
    insert into context.endpoints (uri) select uri from unnest($7::text[]) as uri order by uri on conflict do nothing)
  select id, number from d order by number`;

export type Written = NewDelivery & { readonly id: string; readonly number: number };

const inserting = (rows: readonly (NewDelivery & { id: string })[]): Statement => ({
  text: INSERT,
  name: 'context-new-deliveries',
  values: [
    textColumn(rows.map(({ id }) => id)),
    textColumn(rows.map(({ tenant }) => tenant)),
    textColumn(rows.map(({ subscription }) => subscription)),
    textColumn(rows.map(({ seq }) => String(seq))),
    textColumn(rows.map(({ endpoint }) => endpoint)),
    jsonbColumn(rows.map(({ message }) => JSON.stringify(message))),
    textColumn([...new Set(rows.map(({ endpoint }) => endpoint))]),
  ],
});

/** Writes deliveries down, in this order, and answers them; those that are there already stay as they are. */
export const addDeliveries = async (
  sql: Sql,
  deliveries: readonly NewDelivery[],
): Promise<Written[]> => {
  const written: Written[] = [];
  for (let from = 0; from < deliveries.length; from += INSERT_ROWS_MAX) {
    const rows = deliveries
      .slice(from, from + INSERT_ROWS_MAX)
      .map((row) => ({ ...row, id: notificationIdOf(row) }));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const answer = await sql.query<{ id: string; number: number }>(inserting(rows));
    for (const { id, number } of answer.rows) written.push({ ...byId.get(id)!, number });
  }
  return written;
};

export type Delivery = {
  readonly number: number;
  readonly id: string;
  readonly tenant: string;
  readonly subscription: string;
  readonly endpoint: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: string;
  readonly attemptedAt: string | null;
  readonly status: number | null;
  readonly error: string | null;
};

const COLUMNS = `number, id, tenant, subscription, endpoint, state, attempts, created_at as "createdAt",
  attempted_at as "attemptedAt", status, error`;

/** The newest first. `before` is the number of the last one seen. */
export const listDeliveries = (
  database: Database,
  asked: {
    subscription?: string;
    endpoint?: string;
    state?: DeliveryState;
    before?: number;
    limit: number;
  },
): Promise<Delivery[]> =>
  database.query<Delivery>(
    `select ${COLUMNS} from context.deliveries
     where ($1::text is null or subscription = $1) and ($2::text is null or state = $2)
       and ($3::bigint is null or number < $3) and ($5::text is null or endpoint = $5) order by number desc limit $4`,
    [
      asked.subscription ?? null,
      asked.state ?? null,
      asked.before ?? null,
      asked.limit,
      asked.endpoint ?? null,
    ],
  );

const WAKE_ENDPOINT = `insert into context.endpoints (uri) values ($1)
  on conflict (uri) do update set due_at = now(), failures = 0`;

type Noting = { readonly database: Database; readonly audit: Pick<Audit, 'record'> };

/** Lets a delivery be tried afresh, whatever became of it. Throws Refusal('not-found'). */
export const replayDelivery = (
  { database, audit }: Noting,
  id: string,
  by: By,
): Promise<Delivery> =>
  database.transaction(async ({ sql }) => {
    const { rows } = await sql.query<Delivery>(
      `update context.deliveries set state = 'waiting', attempts = 0, error = null, status = null,
         created_at = now() where id = $1 returning ${COLUMNS}`,
      [id],
    );
    const [row] = rows;
    if (!row) throw new Refusal('not-found', `There is no delivery ${id}.`);
    await sql.query(WAKE_ENDPOINT, [row.endpoint]);
    await audit.record(sql, {
      ...by,
      action: 'context.delivery-replayed',
      subject: { kind: 'notification', id },
      outcome: 'done',
      facts: { subscription: row.subscription },
    });
    return row;
  });

/** Those of a receiver that were given up, the oldest first; answers how many are tried afresh, and how many are left. */
export const replayEndpoint = (
  { database, audit }: Noting,
  endpoint: string,
  by: By,
): Promise<{ replayed: number; left: number }> =>
  database.transaction(async ({ sql }) => {
    const { rowCount } = await sql.query(
      `update context.deliveries set state = 'waiting', attempts = 0, error = null, status = null, created_at = now()
       where number in (select number from context.deliveries where endpoint = $1 and state = 'dead'
                        order by number limit ${REPLAY_ROWS_MAX})`,
      [endpoint],
    );
    await sql.query(WAKE_ENDPOINT, [endpoint]);
    await audit.record(sql, {
      ...by,
      action: 'context.deliveries-replayed',
      subject: { kind: 'endpoint', id: endpoint },
      outcome: 'done',
      facts: { deliveries: rowCount ?? 0 },
    });
    const { rows } = await sql.query<{ left: number }>(
      `select count(*) as left from context.deliveries where endpoint = $1 and state = 'dead'`,
      [endpoint],
    );
    return { replayed: rowCount ?? 0, left: rows[0]?.left ?? 0 };
  });

/** Those that are done with and too old or too many; each state for itself, so that a flood of one hides no other. */
const FORGET = `
  with limits as (
    select state, (select number from context.deliveries d where d.state = s.state order by number desc offset $1 limit 1) as upto
    from (values ('delivered'), ('dead')) as s (state)),
  gone as (
    delete from context.deliveries where number in (
      select d.number from context.deliveries d join limits l on l.state = d.state
      where d.created_at < now() - make_interval(days => ${KEEP_DAYS}) or d.number <= l.upto
      order by d.number limit ${DELETE_ROWS_MAX})
    returning 1)
  select count(*) as gone from gone`;

/** Gives up what waited too long or in too long a queue, and forgets what is old. */
export const forgetDeliveries = async (
  database: Database,
  keepRowsMax = KEEP_ROWS_MAX,
): Promise<void> => {
  await database.query(
    `update context.deliveries set state = 'dead', error = coalesce(error, '') || ' Waited longer than ${WAIT_HOURS_MAX} h.'
     where state = 'waiting' and created_at < now() - make_interval(hours => ${WAIT_HOURS_MAX})`,
  );
  await database.query(
    `update context.deliveries d set state = 'dead', error = coalesce(error, '') || ' More than ${WAITING_ROWS_MAX} were waiting.'
     from (select endpoint, max(number) as newest from
             (select endpoint, number, row_number() over (partition by endpoint order by number desc) as place
              from context.deliveries where state = 'waiting') as queued
           where place > ${WAITING_ROWS_MAX} group by endpoint) as over
     where d.endpoint = over.endpoint and d.state = 'waiting' and d.number <= over.newest`,
  );
  // As many as came since the last time, in steps that hold nobody up.
  for (let gone = DELETE_ROWS_MAX; gone === DELETE_ROWS_MAX;) {
    const [row] = await database.query<{ gone: number }>(FORGET, [keepRowsMax]);
    gone = row?.gone ?? 0;
  }
  await database.query(
    `delete from context.endpoints e where (e.lease_until is null or e.lease_until < now())
       and not exists (select 1 from context.deliveries d where d.endpoint = e.uri and d.state = 'waiting')
       and due_at < now() - make_interval(days => ${KEEP_DAYS})`,
  );
};
