import { request, Agent } from 'node:http';
import {
  migrate,
  openDatabase,
  openTestDatabase,
  type Database,
  type Statement,
} from '#kernel/database';
import { coreNames } from '../src/platform/context/jsonld/compile.ts';
import { parseEntity } from '../src/platform/context/entity/parse.ts';
import { openRecent } from '../src/platform/context/store/recent.ts';
import { commitWrites } from '../src/platform/context/store/commit.ts';
import { type Write, writeOf } from '../src/platform/context/store/ledger.ts';
import { entity } from './entities.ts';
import { patches } from './patches.ts';
import { percentileRows } from './percentiles.ts';
import type { Bench } from './row.ts';
import { startServer } from './server.ts';

const BATCH = 100;
const BATCHES = 150;
const WRITERS = 4;
const PATCH_SECONDS = 10;

const openCeiling = async (): Promise<Database> => {
  const url = process.env['BENCH_DATABASE_URL'];
  if (!url) return openTestDatabase('pglite');
  return openDatabase({ url, folder: '' }, { info: () => {}, warn: () => {}, error: () => {} });
};

/** The last statements of one commit as the write path sends them, for sending them again without the write path. */
const record = async (database: Database, writes: readonly Write[]): Promise<Statement[]> => {
  const kept: Statement[] = [];
  const recording: Database = {
    ...database,
    transaction: (work, options) =>
      database.transaction(
        (tx) =>
          work({
            ...tx,
            finish: (last) => {
              kept.push(...last);
              return tx.finish(last);
            },
          }),
        options,
      ),
  };
  // Nothing is remembered, so no row must still be of a transaction, which would be true of one sending only.
  const recents = openRecent();
  await commitWrites(writes, { database: recording, recents, now: new Date().toISOString() });
  return kept;
};

const writesOf = (from: number, round: number): Write[] =>
  Array.from({ length: BATCH }, (_, i) =>
    writeOf('', {
      kind: 'replace',
      orCreate: true,
      entity: parseEntity(entity(from + i, round), coreNames),
    }),
  );

/** Rows a second that the database takes when the same statements are sent to it straight. */
const ceiling = async (database: Database): Promise<number> => {
  const rounds: Statement[][] = [];
  for (let b = 0; b < 20; b++) {
    const recents = openRecent();
    const made = writesOf(b * BATCH, 0);
    await commitWrites(made, { database, recents, now: new Date().toISOString() });
    rounds.push(await record(database, writesOf(b * BATCH, 1)));
  }
  const began = performance.now();
  for (let b = 0; b < BATCHES; b++)
    await database.transaction(({ finish }) => finish(rounds[b % rounds.length]!));
  return (BATCHES * BATCH) / ((performance.now() - began) / 1000);
};

const post = (agent: Agent, url: string, body: string) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

/** Batches of 100 over HTTP from a few writers at once: rows a second, and each batch's time. */
const batches = async (url: string, round: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
  const bodies = Array.from({ length: BATCHES }, (_, b) =>
    JSON.stringify(Array.from({ length: BATCH }, (_e, i) => entity((b % 20) * BATCH + i, round))),
  );
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (next < bodies.length) {
        const body = bodies[next++]!;
        const start = performance.now();
        const status = await post(agent, `${url}/ngsi-ld/v1/entityOperations/upsert`, body);
        if (status !== 201 && status !== 204) throw new Error(`upsert answered ${status}`);
        times.push(performance.now() - start);
      }
    }),
  );
  const perSecond = (BATCHES * BATCH) / ((performance.now() - began) / 1000);
  agent.destroy();
  return { perSecond, times };
};

export const bench: Bench = async (report) => {
  const database = await openCeiling();
  await migrate(database, [
    { schema: 'kernel', folder: 'src/kernel/outbox/migrations' },
    { schema: 'context', folder: 'src/platform/context/migrations' },
  ]);
  const limit = await ceiling(database);
  const { fsyncMsP50, engine, version } = await database.status();
  await database[Symbol.asyncDispose]();
  const against = `the same statements sent straight to ${engine} ${version.split(' on ')[0]}`;
  report({ metric: 'database ceiling, batches of 100', value: limit, unit: 'rows/s' });
  if (fsyncMsP50 !== undefined) report({ metric: 'fsync p50', value: fsyncMsP50, unit: 'ms' });

  await using server = await startServer();
  await batches(server.url, 0);
  const { perSecond, times } = await batches(server.url, 1);
  report({
    metric: 'durable upserts over HTTP, batches of 100',
    value: perSecond,
    unit: 'rows/s',
    against,
    ratio: perSecond / limit,
  });
  for (const row of percentileRows('batch of 100', times)) report(row);

  const result = await patches(server.url, PATCH_SECONDS);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  report({
    metric: 'durable PATCH, 64 at once',
    value: result.requests.average,
    unit: '/s',
  });
  report({ metric: 'PATCH p50', value: result.latency.p50, unit: 'ms' });
  report({ metric: 'PATCH p97.5', value: result.latency.p97_5, unit: 'ms' });
  report({ metric: 'PATCH p99', value: result.latency.p99, unit: 'ms' });
};
