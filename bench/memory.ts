import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entity } from './entities.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const IDLE_MS = 60_000;
const ENTITIES = 2000;

/** A house that has some data, stopped and started again, a minute later. */
export const bench: Bench = async (report) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sanjiang-bench-'));
  {
    await using server = await startServer({ dataDir, keep: true });
    for (let from = 0; from < ENTITIES; from += 500)
      await fetch(`${server.url}/ngsi-ld/v1/entityOperations/upsert`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array.from({ length: 500 }, (_, i) => entity(from + i))),
      });
  }
  const began = performance.now();
  await using server = await startServer({ dataDir, keep: true });
  report({
    metric: 'second start until ready',
    value: (performance.now() - began) / 1000,
    unit: 's',
  });
  await new Promise((done) => setTimeout(done, IDLE_MS));
  report({
    metric: 'resident memory a minute after',
    value: await server.residentMegabytes(),
    unit: 'MB',
  });
  await rm(dataDir, { recursive: true, force: true });
};
