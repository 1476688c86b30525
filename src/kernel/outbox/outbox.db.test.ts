import { describe, expect, test } from 'vitest';
import { migrate, openTestDatabase, testEngines } from '#kernel/database';
import { openLog } from '#kernel/log';
import { appendEvents, appendingText, committedOf, type Event, openOutbox } from './index.ts';

const log = openLog('silent');
const MIGRATIONS = new URL('./migrations', import.meta.url).pathname;

describe.each(testEngines)('the outbox on %s', (engine) => {
  const open = async () => {
    const database = await openTestDatabase(engine);
    await migrate(database, [{ schema: 'kernel', folder: MIGRATIONS }]);
    const outbox = openOutbox(database, log);
    const say = (...data: unknown[]) =>
      database
        .transaction(({ sql }) =>
          appendEvents(
            sql,
            data.map((d) => ({ tenant: '', type: 't.said', key: 'k', data: d })),
          ),
        )
        .then(() => outbox.committed());
    return {
      database,
      outbox,
      say,
      close: () => outbox.close().then(() => database[Symbol.asyncDispose]()),
    };
  };
  const until = async (condition: () => boolean) => {
    for (let i = 0; i < 600 && !condition(); i++) await new Promise((done) => setTimeout(done, 25));
    expect(condition()).toBe(true);
  };

  test('a consumer gets every event once, in order, and another type moves it on', async () => {
    const { outbox, say, database, close } = await open();
    const seen: unknown[] = [];
    await outbox.consume(
      [
        {
          name: 'c',
          types: ['t.said'],
          handle: async (events) => void seen.push(...events.map((e) => e.data)),
        },
      ],
      true,
    );
    await until(() => true);
    await new Promise((done) => setTimeout(done, 100));
    for (let n = 0; n < 30; n++) await say(n);
    await until(() => seen.length === 30);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n));
    await database.transaction(({ sql }) =>
      appendEvents(sql, [{ tenant: '', type: 't.other', key: 'k', data: {} }]),
    );
    outbox.committed();
    for (let i = 0; i < 100 && (await outbox.lags())[0]?.lag !== 0; i++)
      await new Promise((done) => setTimeout(done, 25));
    expect(await outbox.lags()).toMatchObject([{ name: 'c', lag: 0 }]);
    await close();
  });

  test('what is handed over with the commit and what only the database has come in one order, each once', async () => {
    const { outbox, say, database, close } = await open();
    /** Told with what was committed, so that it need not be read. */
    const hand = async (n: number) => {
      const events = [{ tenant: '', type: 't.said', key: 'k', data: JSON.stringify(n) }];
      const [appended] = await database.transaction(({ finish }) =>
        finish([appendingText(events)]),
      );
      const committed = committedOf(events, appended?.rows);
      expect(committed?.events).toEqual(events);
      outbox.committed(committed);
    };
    const silently = (n: number) =>
      database.transaction(({ sql }) =>
        appendEvents(sql, [{ tenant: '', type: 't.said', key: 'k', data: n }]),
      );
    const seen: number[] = [];
    const handle = async (events: readonly Event[]) => {
      seen.push(...events.map(({ data }) => data as number));
      return 'later' as const;
    };
    await outbox.consume([{ name: 'c', types: ['t.said'], handle }], true);
    for (let n = 0; n < 60; n += 3) {
      await hand(n);
      await silently(n + 1); // as another process would
      await (n % 2 === 0 ? hand(n + 2) : say(n + 2));
    }
    await until(() => seen.length >= 60);
    expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n));
    await close();
  });

  test('a place that is to be written down later is written down when the house ends', async () => {
    const { outbox, say, database } = await open();
    let seen = 0;
    const handle = async (events: readonly Event[]) => {
      seen += events.length;
      return 'later' as const;
    };
    await outbox.consume([{ name: 'c', handle }], true);
    for (let n = 0; n < 5; n++) await say(n);
    await until(() => seen === 5);
    await outbox.close();
    const [row] = await database.query('select position, lease_until from kernel.consumers');
    expect(row).toEqual({ position: await outbox.last(), lease_until: null });
    await database[Symbol.asyncDispose]();
  });

  test('an event that cannot be taken becomes a dead letter, the others go on, and it can be replayed', async () => {
    const { outbox, say, close } = await open();
    const seen: unknown[] = [];
    let sick = true;
    const handle = async (events: readonly Event[]) => {
      if (sick && events.some((e) => e.data === 'bad')) throw new Error('not this one');
      seen.push(...events.map((e) => e.data));
    };
    await outbox.consume([{ name: 'c', types: ['t.said'], handle }], true);
    await new Promise((done) => setTimeout(done, 200));
    await say('good', 'bad', 'fine');
    await until(() => seen.includes('fine'));
    expect(seen).toEqual(['good', 'fine']);
    const [letter] = await outbox.deadLetters(10);
    expect(letter).toMatchObject({ consumer: 'c', error: 'Error: not this one' });
    sick = false;
    await outbox.replay(letter!.id);
    expect(seen).toContain('bad');
    expect(await outbox.deadLetters(10)).toEqual([]);
    await close();
  });

  test('the order of numbers is the order of commits, whoever writes at once', async () => {
    const { database, outbox, close } = await open();
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        database
          .transaction(async ({ sql }) => {
            await sql.query('select pg_sleep($1)', [Math.random() / 100]);
            await appendEvents(sql, [{ tenant: '', type: 't.said', key: 'k', data: n }]);
          })
          .then(() => order.push(n)),
      ),
    );
    const rows = await database.query<{ data: number; seq: number }>(
      'select data, seq from kernel.outbox order by seq',
    );
    expect(rows).toHaveLength(40);
    // A reader that looks after each commit sees a prefix of the numbers: no smaller one can appear later.
    expect(rows.map((r) => r.seq)).toEqual(rows.map((_, i) => rows[0]!.seq + i));
    expect(order).toHaveLength(40);
    await outbox.close();
    await close();
  });

  test('a reader comes back to its place', async () => {
    const { outbox, say, close } = await open();
    await say('a', 'b', 'c');
    const gone = new AbortController();
    const tail = outbox.tail(['t.said'], (await outbox.last()) - 2, gone.signal);
    const first = await tail.next();
    expect((first.value as Event[]).map((e) => e.data)).toEqual(['b', 'c']);
    gone.abort();
    await close();
  });
});
