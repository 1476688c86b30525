import type { Database } from '#kernel/database';
import { fixedClock, systemClock } from '#kernel/time';
import { ensurePartitions, monthStart } from '../src/platform/context/partitions.ts';

/** Of one attribute of one thing, in the twelve months up to the end of this one. */
export const POINTS_EACH = 10_000;
const THIS_MONTH = monthStart(systemClock.now(), 0);
export const FROM = monthStart(THIS_MONTH, -11);
export const TO = monthStart(THIS_MONTH, 1);
const STEP_MS = (TO.getTime() - FROM.getTime()) / POINTS_EACH;
export const PREFIX = 'urn:ngsi-ld:AirQualityObserved:bench-';

export const idOf = (n: number) => `${PREFIX}${n}`;

const settledTable = (year: number) => `context.history_settled_${year}`;

/** The first step at or after an instant. */
const stepAt = (at: number) => Math.ceil((at - FROM.getTime()) / STEP_MS - 1e-9);

/** One row a point, of steps and things from one number to another. */
const rowsSql = (table: string, isSettled: boolean) => `
  insert into ${table} (tenant, entity, at, recorded_at, op, types, attributes, settled)
  select '', '${PREFIX}' || e, t, t, 'update', '{:AirQualityObserved}', ('{":pm25":[{"type":"Property","value":' || ((s * 7 + e * 13) % 1500) / 10.0
    || ',"unitCode":"GQ","observedAt":"' || at || '","createdAt":"${FROM.toISOString()}","modifiedAt":"' || at || '"}]}')::jsonb, ${isSettled}
  from generate_series($1::int, $2::int) as s
  cross join lateral (select timestamptz '${FROM.toISOString()}' + s * interval '1 millisecond' * $5::float8 as t offset 0) as w
  cross join lateral (select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at offset 0) as x
  cross join generate_series($3::int, $4::int) as e
  order by ${isSettled ? 'e, s' : 's, e'}`;

const DAY_MS = 86_400_000;
/** Those that temporal/settle.ts has not yet looked at. */
const OPEN_FROM = TO.getTime() - 2 * DAY_MS;

/**
 * A day as it lies in the house: those that are over thing by thing, as temporal/settle.ts leaves them, and the last two
 * as their rows would have come, all things at one instant, then the next.
 */
const loadDay = async (database: Database, day: number, things: number): Promise<void> => {
  const isSettled = day < OPEN_FROM;
  const table = isSettled ? settledTable(new Date(day).getUTCFullYear()) : 'context.history';
  const [first, last] = [stepAt(day), Math.min(stepAt(day + DAY_MS), POINTS_EACH) - 1];
  await database.query(rowsSql(table, isSettled), [first, last, 0, things - 1, STEP_MS]);
};

/** Things and their history, written past the house; a server has a processor for each half of the year. */
export const loadPoints = async (database: Database, things: number): Promise<void> => {
  await ensurePartitions(database, fixedClock(THIS_MONTH.toISOString()));
  // Years as the house makes them, but for their indexes, which are made when the rows are there.
  const years = [...new Set([FROM.getUTCFullYear(), TO.getUTCFullYear()])];
  for (const year of years)
    await database.query(
      `create table ${settledTable(year)} (like context.history_settled including defaults)`,
    );
  const half = async (from: number, to: number) => {
    for (let day = from; day < to; day += DAY_MS) await loadDay(database, day, things);
  };
  const middle = monthStart(FROM, 6).getTime();
  await Promise.all([half(FROM.getTime(), middle), half(middle, TO.getTime())]);
  for (const year of years)
    await database.query(
      `alter table context.history_settled attach partition ${settledTable(year)} for values from ('${year}-01-01') to ('${year + 1}-01-01')`,
    );
  await database.query(
    `insert into context.entities (tenant, id, types, attributes, created_at, modified_at)
     select '', '${PREFIX}' || e, '{:AirQualityObserved}', '{}', $2, $2 from generate_series(0, $1::int - 1) as e`,
    [things, FROM],
  );
  await database.vacuum();
};
