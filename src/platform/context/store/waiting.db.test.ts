import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { systemClock } from '#kernel/time';
import { parseEntity } from '../entity/parse.ts';
import { coreNames } from '../jsonld/compile.ts';
import type { Operation } from '../operations.ts';
import { forgetTaken } from './once.ts';
import { openWriter } from './write.ts';

const ROUNDS = 8;
const KEYS = 250;
/** A session tells the statistics at most once a second. */
const STATISTICS_MS = 1_500;

describe.each(testEngines)('writers that wait, on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'kernel', folder: 'src/kernel/outbox/migrations' },
      { schema: 'context', folder: 'src/platform/context/migrations' },
    ]);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const create = (id: string, once?: string): Operation => ({
    kind: 'create',
    entity: parseEntity({ id, type: 'Gauge' }, coreNames),
    ...(once && { once }),
  });

  test('processes that take the same messages in opposite orders never wait for each other', async () => {
    const writers = [0, 1, 2, 3].map(() => openWriter(database, systemClock, () => {}));
    for (let round = 0; round < ROUNDS; round++) {
      const keys = Array.from({ length: KEYS }, (_, n) => `${round}-${n}`);
      const outcomes = await Promise.all(
        writers.map((writer, w) =>
          writer.write(
            (w % 2 === 0 ? keys : keys.toReversed()).map((key) =>
              create(`urn:gauge:${w}:${key}`, key),
            ),
          ),
        ),
      );
      // Each message is taken by one of them.
      expect(outcomes.flat().filter(({ done }) => done === 'created')).toHaveLength(KEYS);
    }
    await new Promise((done) => setTimeout(done, STATISTICS_MS));
    const [row] = await database.query<{ deadlocks: number }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(row?.deadlocks ?? 0).toBe(0);
  }, 60_000);

  test('writes of one entity keep the order in which they came, whatever is under way at once', async () => {
    const writer = openWriter(database, systemClock, () => {});
    const ids = Array.from({ length: 40 }, (_, n) => `urn:gauge:order:${n}`);
    await writer.write(ids.map((id) => create(id)));
    const set = (id: string, value: number): Operation => ({
      kind: 'append',
      entity: parseEntity({ id, type: 'Gauge', level: { type: 'Property', value } }, coreNames),
    });
    const calls = Array.from({ length: 600 }, (_, n) => {
      // One to three entities a call, far ones and near ones, so that calls hold each other up.
      const own = [ids[(n * 7) % 40]!, ids[(n * 3) % 5]!, ids[n % 40]!].slice(0, 1 + (n % 3));
      return { n, own: [...new Set(own)] };
    });
    const writing: Promise<unknown>[] = [];
    for (const { n, own } of calls) {
      writing.push(writer.write(own.map((id) => set(id, n))));
      if (n % 20 === 0) await new Promise((done) => setImmediate(done));
    }
    await Promise.all(writing);
    for (const id of ids) {
      const due = calls.filter(({ own }) => own.includes(id)).map(({ n }) => n);
      const rows = await database.query<{ value: number }>(
        `select (jsonb_path_query_first(attributes, '$.*[0].value'))::int as value from context.history
         where entity = $1 and op = 'update' order by seq`,
        [id],
      );
      expect(rows.map(({ value }) => value)).toEqual(due);
    }
  });

  test('where too much waits already, nothing is written', async () => {
    const writer = openWriter(
      database,
      systemClock,
      () => {},
      undefined,
      () => {
        throw new Refusal('unavailable', 'Too many.');
      },
    );
    await expect(writer.write([create('urn:gauge:full')])).rejects.toMatchObject({ status: 503 });
    expect(
      await database.query("select 1 from context.entities where id = 'urn:gauge:full'"),
    ).toEqual([]);
  });

  test('messages of the day before are forgotten, however many they are', async () => {
    await database.query(
      `insert into context.taken (key, at) select 'old ' || n, now() - interval '25 hours' from generate_series(1, 120000) as n`,
    );
    await forgetTaken(database);
    const left = await database.query("select 1 from context.taken where key like 'old %'");
    expect(left).toEqual([]);
  });

  test('more writes than the disk can follow are told to come back, and what was taken is kept', async () => {
    const writer = openWriter(database, systemClock, () => {});
    const batches = Array.from({ length: 60 }, (_, b) =>
      Array.from({ length: 500 }, (_, n) => create(`urn:gauge:flood:${b}-${n}`)),
    );
    const results = await Promise.allSettled(batches.map((batch) => writer.write(batch)));
    const kept = results.filter(({ status }) => status === 'fulfilled').length;
    const [row] = await database.query<{ count: number }>(
      "select count(*) as count from context.entities where id like 'urn:gauge:flood:%'",
    );
    expect(kept).toBeLessThan(60);
    expect(row?.count).toBe(kept * 500);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ kind: 'unavailable' });
  }, 60_000);
});
