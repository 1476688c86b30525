import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { forgetDeliveries } from './deliveries.ts';

describe.each(testEngines)('what is kept of deliveries on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'kernel', folder: 'src/kernel/outbox/migrations' },
      { schema: 'context', folder: 'src/platform/context/migrations' },
    ]);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const add = (state: string, count: number, days: number) =>
    database.query(
      `insert into context.deliveries (id, tenant, subscription, seq, endpoint, state, message, created_at)
       select $1 || '-' || $4 || '-' || n, '', $1 || $4, n, 'http://x', $1, '{}', now() - make_interval(days => $3::int)
       from generate_series(1, $2::int) as n`,
      [state, count, days, String(days)],
    );
  const kept = async () => {
    const rows = await database.query<{ state: string; count: number }>(
      'select state, count(*) as count from context.deliveries group by state',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  };

  test('however many became old since the last time, they go', async () => {
    await add('delivered', 50_000, 8);
    await forgetDeliveries(database);
    expect(await kept()).toEqual({});
  });

  test('of many new ones the newest stay; a flood of delivered ones hides no dead one, and what waits stays', async () => {
    await add('dead', 30, 1);
    await add('waiting', 10, 0);
    await add('delivered', 500, 0);
    await forgetDeliveries(database, 100);
    expect(await kept()).toEqual({ dead: 30, waiting: 10, delivered: 100 });
    await add('dead', 200, 0);
    await forgetDeliveries(database, 100);
    expect(await kept()).toEqual({ dead: 100, waiting: 10, delivered: 100 });
  });
});
