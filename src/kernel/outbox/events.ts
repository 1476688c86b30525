import { type Database, jsonColumn, type Sql, type Statement, textColumn } from '#kernel/database';

export type NewEvent = {
  readonly tenant: string;
  readonly type: string;
  /** Events of one key are delivered in the order of their commits. */
  readonly key: string;
  readonly data: unknown;
};

export type Event<Data = unknown> = {
  readonly seq: number;
  readonly at: string;
  readonly tenant: string;
  readonly type: string;
  readonly key: string;
  readonly data: Data;
  /** What of the data its readers look at first; only of events that never left this process. */
  readonly head?: Partial<Data>;
};

/** Any constant will do; it names the right to number events until the commit. */
const ORDER_LOCK = 7_316_001;

/** The identity column is read only after the lock is held: the first joined row needs both sides. */
const APPEND = `
  with turn as materialized (select pg_advisory_xact_lock(${ORDER_LOCK})),
  added as (
    insert into kernel.outbox (tenant, type, key, data)
    select e.tenant, e.type, e.key, e.data
    from turn, unnest($1::text[], $2::text[], $3::text[], $4::json[]) as e (tenant, type, key, data)
    returning seq, at)
  select min(seq) as first, max(seq) as last, min(at) as at from added`;

/** An event whose data is JSON text already. */
export type EventText = Omit<NewEvent, 'data'> & {
  readonly data: string;
  /** What of the data its readers look at first, so that most need not read the text. */
  readonly head?: object;
};

/** Appends events for the write path, which makes thousands a second: a transaction's last statement. */
export const appendingText = (events: readonly EventText[]): Statement => ({
  text: APPEND,
  name: 'outbox-append',
  values: [
    textColumn(events.map(({ tenant }) => tenant)),
    textColumn(events.map(({ type }) => type)),
    textColumn(events.map(({ key }) => key)),
    jsonColumn(events.map(({ data }) => data)),
  ],
});

/** The events of one commit as the outbox holds them: numbered from `first` on, without a gap. */
export type Committed = {
  readonly first: number;
  readonly at: string;
  readonly events: readonly EventText[];
};

/**
 * What `appendingText(events)` has made of the events, to be told once they are committed. Undefined where their numbers
 * are not one row of numbers: then they are to be read.
 */
export const committedOf = (
  events: readonly EventText[],
  rows: readonly unknown[] | undefined,
): Committed | undefined => {
  const [row] = (rows ?? []) as readonly { first: number; last: number; at: string }[];
  return row && row.last - row.first + 1 === events.length
    ? { first: row.first, at: row.at, events }
    : undefined;
};

/** Writes events as the last act of the caller's transaction, so that their numbers are in the order of the commits. */
export const appendEvents = async (sql: Sql, events: readonly NewEvent[]): Promise<void> => {
  if (events.length > 0)
    await sql.query(
      appendingText(events.map((event) => ({ ...event, data: JSON.stringify(event.data) }))),
    );
};

/** The events after `seq`, oldest first; of all types where none is named. */
export const listEvents = (
  database: Database,
  { after, types, limit }: { after: number; types?: readonly string[]; limit: number },
): Promise<Event[]> =>
  database.query<Event>(
    `select seq, at, tenant, type, key, data from kernel.outbox
     where seq > $1 and ($2::text[] is null or type = any($2)) order by seq limit $3`,
    [after, types ?? null, limit],
  );

/** The number of the newest event, 0 before the first. */
export const lastSeq = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ last: number }>(
    'select coalesce(max(seq), 0) as last from kernel.outbox',
  );
  return row?.last ?? 0;
};
