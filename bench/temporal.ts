import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#kernel/database';
import { percentileRows } from './percentiles.ts';
import { FROM, idOf, loadPoints, POINTS_EACH, PREFIX, TO } from './points.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const GOAL_POINTS = 10_000_000;
/** The whole goal takes minutes to load: BENCH_POINTS=10000000 asks for it. */
const POINTS = Number(process.env['BENCH_POINTS'] ?? 500_000);
const ENTITIES = POINTS / POINTS_EACH;
const QUESTIONS = 200;
const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** How many points there are already, from an earlier run with the same BENCH_HISTORY. */
const countLoaded = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ there: boolean }>(
    `select exists (select 1 from context.entities where id = $1) as there`,
    [idOf(0)],
  );
  if (!row?.there) return 0;
  const [counted] = await database.query<{ count: number }>(
    'select count(*) as count from context.history where entity like $1',
    [`${PREFIX}%`],
  );
  return counted!.count;
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
  // BENCH_HISTORY names a folder that is kept, so that what takes minutes to load is measured again and again.
  const kept = process.env['BENCH_HISTORY'];
  const dataDir = kept ?? (await mkdtemp(join(tmpdir(), 'sanjiang-bench-')));
  const url = process.env['BENCH_DATABASE_URL'];
  await (await startServer({ dataDir, keep: true }))[Symbol.asyncDispose]();
  {
    await using database = await openDatabase(
      { folder: join(dataDir, 'db'), ...(url ? { url } : {}), queryTimeoutMs: 600_000 },
      QUIET,
    );
    const loaded = await countLoaded(database);
    if (loaded > 0 && loaded !== POINTS) throw new Error(`There are ${loaded} points already.`);
    const began = performance.now();
    if (loaded === 0) {
      await loadPoints(database, ENTITIES);
      const value = POINTS / ((performance.now() - began) / 1000);
      report({ metric: 'loading them, in SQL', value, unit: 'points/s' });
    }
  }
  report({
    metric: `history points (the goal is ${GOAL_POINTS}; BENCH_POINTS says how many)`,
    value: POINTS,
    unit: 'points',
  });
  await using server = await startServer({ dataDir, keep: true });
  const of = (n: number, query: string) =>
    `${server.url}/ngsi-ld/v1/temporal/entities/${idOf(n)}?attrs=pm25&${query}`;
  const between = `timerel=between&timeAt=${FROM.toISOString()}&endTimeAt=${TO.toISOString()}`;
  const asked: Record<string, string> = {
    'last 1,000 points, simplified': 'lastN=1000&options=temporalValues',
    'last 1,000 points, normalized': 'lastN=1000',
    'last point': 'lastN=1',
    [`hourly averages of a year (${POINTS_EACH} points)`]: `${between}&options=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=PT1H`,
    'daily averages, minima, maxima of a year': `${between}&options=aggregatedValues&aggrMethods=avg,min,max&aggrPeriodDuration=P1D`,
  };
  for (const [metric, query] of Object.entries(asked))
    for (const row of percentileRows(metric, await measure((n) => of(n, query)))) report(row);
  if (kept === undefined) await rm(dataDir, { recursive: true, force: true });
};
