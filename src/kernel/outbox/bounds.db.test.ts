import { describe, expect, test } from 'vitest';
import { migrate, openTestDatabase, testEngines } from '#kernel/database';
import { openLog } from '#kernel/log';
import { addDeadLetter, countDroppedLetters, listDeadLetters } from './dead-letters.ts';
import { appendEvents, Away, type Event, openOutbox, type Wakes } from './index.ts';

const log = openLog('silent');
const MIGRATIONS = new URL('./migrations', import.meta.url).pathname;
const EVENT: Event = { seq: 1, at: '', tenant: '', type: 't', key: 'k', data: {} };

describe.each(testEngines)('the limits of the outbox on %s', (engine) => {
  const open = async () => {
    const database = await openTestDatabase(engine);
    await migrate(database, [{ schema: 'kernel', folder: MIGRATIONS }]);
    const say = (count: number) =>
      database.transaction(({ sql }) =>
        appendEvents(
          sql,
          Array.from({ length: count }, (_, n) => ({ tenant: '', type: 't', key: 'k', data: n })),
        ),
      );
    return { database, say, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  };

  test('a consumer that nobody has any more holds no event back', async () => {
    await using house = await open();
    const { database, say } = house;
    await database.query(
      `insert into kernel.consumers (name, position, seen_at) values ('renamed', 0, now() - interval '25 hours')`,
    );
    const outbox = openOutbox(database, log);
    await outbox.consume([{ name: 'new', handle: async () => {} }], false);
    await say(5);
    await database.query("update kernel.outbox set at = now() - interval '13 hours'");
    await database.query("update kernel.consumers set position = 5 where name = 'new'");
    expect(await outbox.trim()).toBe(5);
    expect((await outbox.lags()).map(({ name }) => name)).toEqual(['new']);
    await outbox.close();
  });

  test('a consumer of ours holds its events, however long the house was down', async () => {
    await using house = await open();
    const { database, say } = house;
    const consumer = { name: 'ours', handle: async () => {} };
    const before = openOutbox(database, log);
    await before.consume([consumer], false);
    await before.close();
    await say(5);
    await database.query("update kernel.outbox set at = now() - interval '3 days'");
    await database.query("update kernel.consumers set seen_at = now() - interval '3 days'");
    const outbox = openOutbox(database, log);
    await outbox.consume([consumer], false);
    expect(await outbox.trim()).toBe(0);
    await outbox.close();
  });

  test('what came since the last time goes at once, however much it was', async () => {
    await using house = await open();
    await house.database.query(
      `insert into kernel.outbox (at, tenant, type, key, data)
       select now() - interval '13 hours', '', 't', 'k', '{}' from generate_series(1, 120000)`,
    );
    const outbox = openOutbox(house.database, log);
    expect(await outbox.trim()).toBe(120_000);
    await outbox.close();
  });

  test('dead letters are bounded, and what made way is counted', async () => {
    await using house = await open();
    for (let n = 1; n <= 8; n++)
      await addDeadLetter(house.database, n < 4 ? 'a' : 'b', { ...EVENT, seq: n }, 'no', 6, 5);
    const kept = await listDeadLetters(house.database, 10);
    expect(kept.map(({ event }) => event.seq)).toEqual([8, 7, 6, 5, 4]);
    expect(await countDroppedLetters(house.database)).toBe(3);
  });

  test('while the other side is away nothing becomes a dead letter, and then all is taken in order', async () => {
    await using house = await open();
    const outbox = openOutbox(house.database, log);
    const seen: unknown[] = [];
    let asked = 0;
    const handle = async (events: readonly Event[]) => {
      if (++asked <= 3) throw new Away('nobody there');
      seen.push(...events.map(({ data }) => data));
    };
    await outbox.consume([{ name: 'c', handle }], true);
    await house.say(3);
    outbox.committed();
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([0, 1, 2]);
    expect(await outbox.countDeadLetters()).toBe(0);
    await outbox.close();
  });

  test('when too many wait, writers are told to come back, until the consumer has caught up', async () => {
    await using house = await open();
    const outbox = openOutbox(house.database, log, { waitingMax: 10 });
    let isOpen = false;
    const handle = async () => {
      if (!isOpen) throw new Away('nobody there');
    };
    await outbox.consume([{ name: 'c', handle }], true);
    outbox.mustHaveRoom();
    await house.say(11);
    const refusal = () => {
      try {
        outbox.mustHaveRoom();
        return 'room';
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    await expect.poll(refusal, { timeout: 10_000 }).toBe('unavailable');
    isOpen = true;
    await expect.poll(refusal, { timeout: 20_000 }).toBe('room');
    await outbox.close();
  });

  test('processes that wake each other need not look, and no word is lost between looking and waiting', async () => {
    await using house = await open();
    const heard: (() => void)[] = [];
    const wires = (): Wakes => ({
      isOpen: () => true,
      onHeard: (hear) => void heard.push(hear),
      tell: () => heard.forEach((hear) => hear()),
    });
    const here = openOutbox(house.database, log, { wakes: wires() });
    const there = openOutbox(house.database, log, { wakes: wires() });
    const delays: number[] = [];
    let saidAt = 0;
    const handle = async () => void delays.push(performance.now() - saidAt);
    await there.consume([{ name: 'c', handle }], true);
    for (let n = 1; n <= 20; n++) {
      saidAt = performance.now();
      await house.say(1);
      here.committed();
      while (delays.length < n) await new Promise((done) => setTimeout(done, n % 7));
    }
    expect(Math.max(...delays)).toBeLessThan(3000);
    await here.close();
    await there.close();
  });
});
