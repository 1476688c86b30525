import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestHouse } from '../../../../test/house.ts';
import { hasMosquitto, openMosquitto, type Printed } from '../../../../test/mosquitto.ts';
import type { Json } from '../../../../test/receiver.ts';
import context from '../module.ts';

/** Clause 7.2. */
const TOPIC = 'ningbo/water/levels';
const DOOR = '/ngsi-ld/v1';
const ID = 'urn:ngsi-ld:Subscription:mqtt';
const CORE =
  /^<https:\/\/uri\.etsi\.org\/ngsi-ld\/v1\/.+>; rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"/;

describe.skipIf(!hasMosquitto)('notifications by MQTT (mosquitto)', () => {
  let house: House;
  let broker: Awaited<ReturnType<typeof openMosquitto>>;
  beforeAll(async () => {
    broker = await openMosquitto('p@ss/word');
    await broker.start();
    house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  }, 120_000);
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    broker?.[Symbol.dispose]();
  });
  afterEach(async () => {
    await house.app.inject({ method: 'DELETE', url: `${DOOR}/subscriptions/${ID}` });
    await house.app.inject({ method: 'DELETE', url: `${DOOR}/entities/urn:x:yaojiang` });
    await house.database.query('delete from context.deliveries');
  });

  const watch = async (uri: string, endpoint: object = {}) => {
    const made = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/subscriptions`,
      payload: {
        id: ID,
        type: 'Subscription',
        entities: [{ type: 'WaterLevel' }],
        notification: { endpoint: { uri, ...endpoint } },
      },
    });
    expect(made.statusCode, made.body).toBe(201);
  };
  const write = (n: number) =>
    house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/upsert`,
      payload: [{ id: 'urn:x:yaojiang', type: 'WaterLevel', level: n }],
    });
  const log = async (): Promise<Json[]> =>
    (await house.app.inject('/api/context/deliveries')).json().items;
  const levels = (messages: readonly Printed[]) =>
    messages.map(({ json }) => json.body.data[0].level.value);

  test.each([
    ['mqtt5.0', '0'],
    ['mqtt5.0', '1'],
    ['mqtt5.0', '2'],
    ['mqtt3.1.1', '0'],
    ['mqtt3.1.1', '1'],
    ['mqtt3.1.1', '2'],
  ])('%s, quality of service %s', async (version, qos) => {
    const subscriber = await broker.subscribe(TOPIC, ['-q', '2', '-V', '5']);
    await watch(`mqtt://127.0.0.1:${broker.port}/${TOPIC}`, {
      receiverInfo: [{ key: 'X-Basin', value: 'Yaojiang' }],
      notifierInfo: [
        { key: 'MQTT-Version', value: version },
        { key: 'MQTT-QoS', value: qos },
      ],
    });
    for (let n = 1; n <= 5; n++) await write(n);
    const messages = await subscriber.until(5);
    expect(levels(messages)).toEqual([1, 2, 3, 4, 5]);
    expect(messages[0]!.qos).toBe(Number(qos));
    expect(messages[0]!.json).toEqual({
      metadata: {
        'Content-Type': 'application/json',
        Link: expect.stringMatching(CORE),
        'X-Basin': 'Yaojiang',
      },
      body: {
        id: expect.stringMatching(/^urn:ngsi-ld:Notification:/),
        type: 'Notification',
        subscriptionId: ID,
        notifiedAt: expect.any(String),
        data: [{ id: 'urn:x:yaojiang', type: 'WaterLevel', level: { type: 'Property', value: 1 } }],
      },
    });
    const read = (await house.app.inject(`${DOOR}/subscriptions/${ID}`)).json();
    expect(read.notification).toMatchObject({ status: 'ok', timesSent: 5 });
  });

  test('JSON-LD carries its context in the body', async () => {
    const subscriber = await broker.subscribe(TOPIC);
    await watch(`mqtt://127.0.0.1:${broker.port}/${TOPIC}`, { accept: 'application/ld+json' });
    await write(1);
    const [first] = await subscriber.until(1);
    const { json } = first!;
    expect(json.metadata).toEqual({ 'Content-Type': 'application/ld+json' });
    expect(json.body['@context']).toBeDefined();
  });

  test('user and password go to the broker and nowhere else', async () => {
    const subscriber = await broker.subscribe(TOPIC, [
      '-p',
      String(broker.guarded),
      '-u',
      'water',
      '-P',
      'p@ss/word',
    ]);
    await watch(`mqtt://water:p%40ss%2Fword@127.0.0.1:${broker.guarded}/${TOPIC}`);
    await write(7);
    expect(levels(await subscriber.until(1))).toEqual([7]);
    const seen = await Promise.all(
      [
        `${DOOR}/subscriptions/${ID}`,
        `${DOOR}/subscriptions`,
        '/api/context/deliveries',
        '/api/context/endpoints',
        '/api/context/subscriptions',
      ].map(async (url) => (await house.app.inject(url)).body),
    );
    expect(seen.join()).not.toMatch(/p%40ss|p@ss/);
    expect(seen[3]).toContain(`mqtt://water@127.0.0.1:${broker.guarded}/${TOPIC}`);
  });

  test('a wrong password is a failure, and is not told', async () => {
    await watch(`mqtt://water:wrong@127.0.0.1:${broker.guarded}/${TOPIC}`);
    await write(1);
    await expect
      .poll(log, { timeout: 10_000 })
      .toMatchObject([
        { state: 'waiting', attempts: 1, error: expect.stringContaining('127.0.0.1') },
      ]);
    expect((await log())[0].error).not.toContain('wrong');
  });

  test('a certificate that nobody vouches for is not trusted', async () => {
    await watch(`mqtts://127.0.0.1:${broker.secure}/${TOPIC}`);
    await write(1);
    await expect
      .poll(async () => (await log())[0]?.error, { timeout: 10_000 })
      .toMatch(/certificate/i);
  });

  test('the broker away and back: nothing is lost, and the order is kept', async () => {
    broker.kill();
    await watch(`mqtt://127.0.0.1:${broker.port}/${TOPIC}`, {
      notifierInfo: [{ key: 'MQTT-QoS', value: '1' }],
    });
    for (let n = 1; n <= 20; n++) await write(n);
    await expect.poll(async () => (await log()).at(-1)?.attempts).toBeGreaterThan(0);
    // Nothing leaves before somebody listens.
    const hold = (until: string) =>
      house.database.query(`update context.endpoints set due_at = now() + '${until}'`);
    await hold('1 hour');
    await expect
      .poll(() => house.database.query('select 1 from context.endpoints where holder is not null'))
      .toEqual([]);
    await hold('1 hour');
    await broker.start();
    const subscriber = await broker.subscribe(TOPIC, ['-q', '1']);
    await hold('0 s');
    expect(levels(await subscriber.until(20, 30_000))).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
    await expect
      .poll(async () => new Set((await log()).map(({ state }) => state)))
      .toEqual(new Set(['delivered']));
  }, 60_000);

  test('an address of our own network is not connected to', async () => {
    await using other = await openTestHouse({ modules: [context] });
    const send = (url: string, payload: object) =>
      other.app.inject({ method: 'POST', url: DOOR + url, payload });
    await send('/subscriptions', {
      type: 'Subscription',
      entities: [{ type: 'WaterLevel' }],
      notification: { endpoint: { uri: `mqtt://127.0.0.1:${broker.port}/${TOPIC}` } },
    });
    await send('/entities', { id: 'urn:x:yaojiang', type: 'WaterLevel', level: 1 });
    await expect
      .poll(async () => (await other.app.inject('/api/context/deliveries')).json().items, {
        timeout: 10_000,
      })
      .toMatchObject([{ state: 'dead', error: expect.stringContaining('EGRESS_ALLOW') }]);
  });
});
