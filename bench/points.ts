import type { Database } from '#kernel/database';

/** A year of one attribute of one thing. */
export const POINTS_EACH = 10_000;
export const YEAR = '2025-01-01T00:00:00Z';
/** A year in steps; the first of them begins it. */
const STEP_SECONDS = (365 * 86_400) / POINTS_EACH;
/** Some seconds of a statement, on the slower engine too. */
const ROWS_AT_ONCE = 100_000;
const PREFIX = 'urn:ngsi-ld:AirQualityObserved:bench-';

export const idOf = (n: number) => `${PREFIX}${n}`;

const monthOf = (month: number) => new Date(Date.UTC(2025, month, 1));
const day = (at: Date) => at.toISOString().slice(0, 10);
/** The first step at or after an instant. */
const stepAt = (at: Date) =>
  Math.ceil((at.getTime() - Date.parse(YEAR)) / (STEP_SECONDS * 1000) - 1e-9);

/** One row a point, in the order in which they would have come: all things at one instant, then the next. */
const rowsInto = (table: string) => `
  insert into ${table} (tenant, entity, at, recorded_at, op, types, attributes)
  select '', '${PREFIX}' || e, t, t, 'update', '{:AirQualityObserved}', ('{":pm25":[{"type":"Property","value":' || ((s * 7 + e * 13) % 1500) / 10.0
    || ',"unitCode":"GQ","observedAt":"' || at || '","createdAt":"${YEAR}","modifiedAt":"' || at || '"}]}')::jsonb
  from generate_series($1::int, $2::int) as s
  cross join lateral (select timestamptz '${YEAR}' + s * interval '1 second' * $3::float8 as t offset 0) as w
  cross join lateral (select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at offset 0) as x
  cross join generate_series(0, $4::int - 1) as e order by s, e`;

/** A month as the house makes it, its indexes made when its rows are there. */
const loadMonth = async (database: Database, month: number, entities: number): Promise<void> => {
  const [from, to] = [monthOf(month), monthOf(month + 1)];
  const table = `context.history_${day(from).slice(0, 7).replace('-', '_')}`;
  await database.query(`create table ${table} (like context.history_open including defaults)`);
  const last = Math.min(stepAt(to), POINTS_EACH) - 1;
  const steps = Math.max(1, Math.floor(ROWS_AT_ONCE / entities));
  for (let step = stepAt(from); step <= last; step += steps)
    await database.query(rowsInto(table), [
      step,
      Math.min(step + steps - 1, last),
      STEP_SECONDS,
      entities,
    ]);
  await database.query(
    `alter table context.history_open attach partition ${table} for values from ('${day(from)}') to ('${day(to)}')`,
  );
};

/** The same year of so many things, written past the house: rows of its history, and the things in its live picture. */
export const loadPoints = async (database: Database, entities: number): Promise<void> => {
  // A server has a processor for each half of the year; the embedded engine takes them in turn.
  const half = async (first: number) => {
    for (let month = first; month < first + 6; month++) await loadMonth(database, month, entities);
  };
  await Promise.all([half(0), half(6)]);
  await database.query(
    `insert into context.entities (tenant, id, types, attributes, created_at, modified_at)
     select '', '${PREFIX}' || e, '{:AirQualityObserved}', '{}', '${YEAR}', '${YEAR}' from generate_series(0, $1::int - 1) as e`,
    [entities],
  );
  await database.vacuum();
};
