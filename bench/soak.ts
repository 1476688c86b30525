import { entity } from './entities.ts';
import { PATCHED, patches } from './patches.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const SHARE = 0.7;
const CAPACITY_SECONDS = 15;
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30);
/** Caches fill and the compiler settles in the first part; whether memory still grows is asked of the rest. */
const SETTLED_SHARE = 1 / 3;

/** Least squares: how much a value grows in one unit of time. */
const slope = (points: readonly (readonly [number, number])[]): number => {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
};

/** Durable writes at a share of what the machine can, for long: whether memory stays flat and answers stay quick. */
export const bench: Bench = async (report) => {
  await using server = await startServer();
  for (let from = 0; from < PATCHED; from += 500) {
    const made = await fetch(`${server.url}/ngsi-ld/v1/entityOperations/upsert`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 500 }, (_, i) => entity(from + i))),
    });
    if (!made.ok) throw new Error(`upsert answered ${made.status}`);
  }
  const capacity = (await patches(server.url, CAPACITY_SECONDS)).requests.average;
  report({ metric: 'capacity, single PATCH', value: capacity, unit: '/s' });

  const memory: [number, number][] = [];
  let slowest = 0;
  let sent = 0;
  for (let minute = 1; minute <= MINUTES; minute++) {
    const result = await patches(server.url, 60, capacity * SHARE);
    if (result.non2xx > 0 || result.errors > 0)
      throw new Error(`${result.non2xx} refused, ${result.errors} failed in minute ${minute}`);
    slowest = Math.max(slowest, result.latency.p99);
    sent += result.requests.total;
    memory.push([minute, await server.residentMegabytes()]);
  }
  const settled = memory.slice(Math.floor(MINUTES * SETTLED_SHARE));
  report({ metric: 'minutes', value: MINUTES, unit: 'min' });
  report({
    metric: 'durable PATCH a second over all of them',
    value: sent / (MINUTES * 60),
    unit: '/s',
    against: 'the capacity',
    ratio: sent / (MINUTES * 60) / capacity,
  });
  report({ metric: 'worst p99 of a minute', value: slowest, unit: 'ms' });
  report({ metric: 'resident memory after a third', value: settled[0]![1], unit: 'MB' });
  report({ metric: 'resident memory at the end', value: memory.at(-1)![1], unit: 'MB' });
  report({ metric: 'growth after the first third', value: slope(settled) * 60, unit: 'MB/h' });
};
