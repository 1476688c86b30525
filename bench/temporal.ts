import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#kernel/database';
import { fixedClock } from '#kernel/time';
import { ensurePartitions } from '../src/platform/context/partitions.ts';
import { percentileRows } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

/** A year of one attribute of one thing, which the questions are about. */
const POINTS_EACH = 10_000;
const GOAL_POINTS = 10_000_000;
/** The whole goal takes too long to load where the machine is shared: BENCH_POINTS=10000000 asks for it. */
const POINTS = Number(process.env['BENCH_POINTS'] ?? 500_000);
const ENTITIES = POINTS / POINTS_EACH;
const STEPS_AT_ONCE = 200;
const QUESTIONS = 200;
const YEAR = '2025-01-01T00:00:00Z';
/** A year in steps; the first of them begins it. */
const STEP_SECONDS = (365 * 86_400) / POINTS_EACH;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

const idOf = (n: number) => `urn:ngsi-ld:AirQualityObserved:bench-${n}`;

/** One row a point, in the order in which they would have come: all things at one instant, then the next. */
const LOAD = `
  insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
  select '', '${idOf(0).slice(0, -1)}' || e, t, t, 'update', '{:AirQualityObserved}', jsonb_build_object(':pm25', jsonb_build_array(
    jsonb_build_object('type', 'Property', 'value', ((s * 7 + e * 13) % 1500) / 10.0, 'unitCode', 'GQ', 'observedAt', at, 'createdAt', '${YEAR}', 'modifiedAt', at)))
  from generate_series($1::int, $2::int) as s
  cross join lateral (select timestamptz '${YEAR}' + s * interval '1 second' * $3::float8 as t) as w
  cross join lateral (select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at) as x
  cross join generate_series(0, $4::int - 1) as e`;

const load = async (database: Database): Promise<void> => {
  for (let month = 1; month <= 12; month += 2)
    await ensurePartitions(
      database,
      fixedClock(`2025-${String(month).padStart(2, '0')}-01T00:00:00Z`),
    );
  for (let from = 0; from < POINTS_EACH; from += STEPS_AT_ONCE)
    await database.query(LOAD, [from, from + STEPS_AT_ONCE - 1, STEP_SECONDS, ENTITIES]);
  await database.query(
    `insert into context.entities (tenant, id, types, attributes, created_at, modified_at)
     select '', '${idOf(0).slice(0, -1)}' || e, '{:AirQualityObserved}', '{}', '${YEAR}', '${YEAR}' from generate_series(0, $1::int - 1) as e`,
    [ENTITIES],
  );
  await database.vacuum();
};

const time = async (url: string): Promise<number> => {
  const start = performance.now();
  const answer = await fetch(url);
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 200)}`);
  return performance.now() - start;
};

const measure = async (url: (n: number) => string): Promise<number[]> => {
  for (let n = 0; n < 20; n++) await time(url(n));
  const times: number[] = [];
  for (let n = 0; n < QUESTIONS; n++) times.push(await time(url((n * 37) % ENTITIES)));
  return times;
};

/** The past of one attribute, among that of many things (clauses 5.7.3 and 4.5.19). */
export const bench: Bench = async (report) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sanjiang-bench-'));
  const url = process.env['BENCH_DATABASE_URL'];
  await (await startServer({ dataDir, keep: true }))[Symbol.asyncDispose]();
  const began = performance.now();
  {
    await using database = await openDatabase(
      { folder: join(dataDir, 'db'), ...(url ? { url } : {}), queryTimeoutMs: 600_000 },
      QUIET,
    );
    await load(database);
  }
  report({
    metric: `history points (the goal is ${GOAL_POINTS}; BENCH_POINTS says how many)`,
    value: POINTS,
    unit: 'points',
  });
  report({
    metric: 'loading them, in SQL',
    value: POINTS / ((performance.now() - began) / 1000),
    unit: 'points/s',
  });
  await using server = await startServer({ dataDir, keep: true });
  const of = (n: number, query: string) =>
    `${server.url}/ngsi-ld/v1/temporal/entities/${idOf(n)}?attrs=pm25&${query}`;
  const between = `timerel=between&timeAt=${YEAR}&endTimeAt=2026-01-01T00:00:00Z`;
  const asked: Record<string, string> = {
    'last 1,000 points, simplified': 'lastN=1000&options=temporalValues',
    'last 1,000 points, normalized': 'lastN=1000',
    'last point': 'lastN=1',
    [`hourly averages of a year (${POINTS_EACH} points)`]: `${between}&options=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=PT1H`,
    'daily averages, minima, maxima of a year': `${between}&options=aggregatedValues&aggrMethods=avg,min,max&aggrPeriodDuration=P1D`,
  };
  for (const [metric, query] of Object.entries(asked))
    for (const row of percentileRows(metric, await measure((n) => of(n, query)))) report(row);
  await rm(dataDir, { recursive: true, force: true });
};
