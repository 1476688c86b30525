import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import { defineModule, type Kernel, port } from '#kernel/module';
import { openTestHouse } from '../../../test/house.ts';
import { hasNats, openNatsServer } from '../../../test/nats.ts';

const SAID = 'speaker.voice.said';
type Speaker = {
  say: (what: string, key?: string) => Promise<void>;
  /** As many at once. */
  shout: (times: number) => Promise<void>;
};

/** A module that announces what it is told to, and hears it as a consumer. */
const speakerOf = (heard: string[]) =>
  defineModule({
    provides: port<Speaker>()('speaker'),
    title: { zh: '说', en: 'Speaker' },
    plan: {},
    uses: [],
    actions: {},
    events: { [SAID]: Type.Object({ what: Type.String() }) },
    setup: (kernel) => {
      const { transact } = kernel as unknown as Kernel<
        unknown,
        { [SAID]: ReturnType<typeof Type.Object> }
      >;
      return {
        api: {
          say: (what: string, key = 'k') =>
            transact(async ({ emit }) => emit(SAID, key, { what } as never)),
          shout: (times: number) =>
            transact(async ({ emit }) => {
              for (let n = 0; n < times; n++) emit(SAID, 'k', { what: String(n) } as never);
            }),
        },
        consumers: [
          {
            name: 'speaker.heard',
            types: [SAID],
            handle: async (events) =>
              void heard.push(...events.map(({ data }) => (data as { what: string }).what)),
          },
        ],
      };
    },
  });

const open = async (database: Database, env: Record<string, string>, heard: string[] = []) => {
  const house = await openTestHouse({ modules: [speakerOf(heard)], database, env });
  return { house, heard, speaker: house.apis['speaker'] as Speaker };
};
const WAIT = { timeout: 25_000, interval: 100 };

/** NATS sees the outbox only: one engine tells enough. */
const engine = testEngines.at(-1)!;

describe.skipIf(!hasNats)('NATS behind the outbox (nats-server)', () => {
  test('every event is in the stream once, in order, as a CloudEvent', async () => {
    await using nats = await openNatsServer();
    await using database = await openTestDatabase(engine);
    const { house, speaker } = await open(database, { NATS_URL: nats.url });
    for (let n = 0; n < 30; n++) await speaker.say(String(n), `thing ${n % 3}`);
    await expect.poll(async () => (await nats.kept().catch(() => [])).length, WAIT).toBe(30);
    const kept = await nats.kept();
    expect(kept.map(({ event }) => event.data.what)).toEqual(
      Array.from({ length: 30 }, (_, n) => String(n)),
    );
    expect(new Set(kept.map(({ subject }) => subject))).toEqual(new Set([`city._.${SAID}`]));
    expect(kept[4]!.event).toMatchObject({
      specversion: '1.0',
      type: SAID,
      subject: 'thing 1',
      source: expect.stringMatching(/^urn:sanjiang:[0-9a-f-]{36}$/),
      datacontenttype: 'application/json',
    });
    expect(kept[4]!.id).toMatch(new RegExp(`^[0-9a-f-]{36}-${kept[4]!.event.id}$`));
    await house[Symbol.asyncDispose]();
  });

  test('NATS away and back: the house goes on, nothing is lost, and nothing is there twice', async () => {
    await using nats = await openNatsServer();
    await using database = await openTestDatabase(engine);
    const { house, speaker, heard } = await open(database, { NATS_URL: nats.url });
    await speaker.say('before');
    await expect.poll(async () => (await nats.kept().catch(() => [])).length, WAIT).toBe(1);
    await nats.kill();
    for (let n = 0; n < 20; n++) await speaker.say(`away ${n}`);
    await expect.poll(() => heard.length, WAIT).toBe(21);
    expect((await house.outbox.lags()).find(({ name }) => name === 'kernel.nats')!.lag).toBe(20);
    await nats.start();
    await speaker.say('after');
    await expect.poll(async () => (await nats.kept()).length, WAIT).toBe(22);
    const ids = (await nats.kept()).map(({ event }) => Number(event.id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(22);
    expect(await house.outbox.countDeadLetters()).toBe(0);
    await house[Symbol.asyncDispose]();
  });

  test('NATS away for so long that too much waits: writers are told to come back until it is there', async () => {
    await using nats = await openNatsServer();
    await using database = await openTestDatabase(engine);
    const env = { NATS_URL: nats.url, OUTBOX_EVENTS_MAX: '1000' };
    const { house, speaker } = await open(database, env);
    await nats.kill();
    await speaker.shout(1_001);
    let taken = 1_001;
    const speak = () =>
      speaker.say('more').then(
        () => (taken++, 'taken'),
        (error: unknown) => (error as { kind: string }).kind,
      );
    await expect.poll(speak, WAIT).toBe('unavailable');
    await nats.start();
    await expect.poll(speak, WAIT).toBe('taken');
    await expect.poll(async () => (await nats.kept().catch(() => [])).length, WAIT).toBe(taken);
    await house[Symbol.asyncDispose]();
  });

  test('a house that starts without NATS finds it when it comes', async () => {
    await using nats = await openNatsServer();
    await nats.kill();
    await using database = await openTestDatabase(engine);
    const { house, speaker } = await open(database, { NATS_URL: nats.url });
    await speaker.say('early');
    await nats.start();
    await expect.poll(async () => (await nats.kept().catch(() => [])).length, WAIT).toBe(1);
    await house[Symbol.asyncDispose]();
  });

  test('what others write to the same stream disturbs no order, and an event too large is put aside', async () => {
    await using nats = await openNatsServer();
    await using database = await openTestDatabase(engine);
    const { house, speaker } = await open(database, { NATS_URL: nats.url });
    await speaker.say('0');
    await expect.poll(async () => (await nats.kept().catch(() => [])).length, WAIT).toBe(1);
    const other = await connect({ servers: nats.url });
    const chatter = setInterval(() => other.publish('city.other.chatter', '{}'), 1);
    for (let n = 1; n < 60; n++) await speaker.say(String(n));
    await speaker.say('x'.repeat(1_200_000));
    await speaker.say('60');
    const ours = async () =>
      (await nats.kept()).filter(({ subject }) => subject !== 'city.other.chatter');
    await expect.poll(() => house.outbox.countDeadLetters(), WAIT).toBe(1);
    clearInterval(chatter);
    await other.drain();
    await expect.poll(async () => (await ours()).length, WAIT).toBe(61);
    expect((await ours()).map(({ event }) => event.data.what)).toEqual(
      Array.from({ length: 61 }, (_, n) => String(n)),
    );
    await house[Symbol.asyncDispose]();
  });
});

test.skipIf(!hasNats || !testEngines.includes('postgres'))(
  'a commit in one process wakes another at once (nats-server, PostgreSQL)',
  async () => {
    await using nats = await openNatsServer();
    await using database = await openTestDatabase('postgres');
    const here = await open(database, { NATS_URL: nats.url, ROLE: 'server' });
    const there = await open(database, { NATS_URL: nats.url, ROLE: 'worker' });
    await expect.poll(() => here.house.nats!.isUp() && there.house.nats!.isUp(), WAIT).toBe(true);
    const delays: number[] = [];
    for (let n = 1; n <= 10; n++) {
      await new Promise((done) => setTimeout(done, 50));
      const began = performance.now();
      await here.speaker.say(String(n));
      while (there.heard.length < n) await new Promise((done) => setTimeout(done, 2));
      delays.push(performance.now() - began);
    }
    // Without a word it would be seen by looking: after 250 ms in the middle.
    expect(delays.toSorted((a, b) => a - b)[5]).toBeLessThan(120);
    await here.house[Symbol.asyncDispose]();
    await there.house[Symbol.asyncDispose]();
  },
);

test.skipIf(!hasNats)('a stream that the operator made stays as it is (nats-server)', async () => {
  await using nats = await openNatsServer();
  const connection = await connect({ servers: nats.url });
  const { streams } = await jetstreamManager(connection);
  await streams.add({ name: 'OURS', subjects: ['city.>'], max_msgs: 7 });
  await using database = await openTestDatabase();
  const { house, speaker } = await open(database, { NATS_URL: nats.url, NATS_STREAM: 'OURS' });
  for (let n = 0; n < 10; n++) await speaker.say(String(n));
  const last = async () => (await nats.kept('OURS')).at(-1)?.event.data.what as unknown;
  await expect.poll(last, WAIT).toBe('9');
  expect((await streams.info('OURS')).config.max_msgs).toBe(7);
  expect((await nats.kept('OURS')).length).toBe(7);
  await house[Symbol.asyncDispose]();
  await connection.close();
});
