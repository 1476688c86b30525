import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestHouse } from '../../../../test/house.ts';
import type { Json } from '../../../../test/receiver.ts';
import context from '../module.ts';

/** Clause 7.2, with Debian's own broker and its own subscriber. */
const hasMosquitto = ['mosquitto', 'mosquitto_sub', 'mosquitto_passwd', 'stdbuf', 'openssl'].every(
  (name) => spawnSync(name, ['--help']).error === undefined,
);
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};
const [PORT, PORT_GUARDED, PORT_SECURE] = [await freePort(), await freePort(), await freePort()];
const TOPIC = 'ningbo/water/levels';
const DOOR = '/ngsi-ld/v1';
const ID = 'urn:ngsi-ld:Subscription:mqtt';
const CORE =
  /^<https:\/\/uri\.etsi\.org\/ngsi-ld\/v1\/.+>; rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"/;

const folder = mkdtempSync(join(tmpdir(), 'sanjiang-mqtt-'));
const running: ChildProcess[] = [];
const start = (program: string, args: string[]): ChildProcess => {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
};
const isUp = async (port: number) => {
  for (let look = 0; look < 100; look++) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await pause(50);
  }
  throw new Error(`nobody listens on ${port}`);
};

const startBroker = async (): Promise<ChildProcess> => {
  const broker = start('mosquitto', ['-c', join(folder, 'broker.conf')]);
  await Promise.all([PORT, PORT_GUARDED, PORT_SECURE].map(isUp));
  return broker;
};

/** What the broker’s own subscriber prints, message by message, once it has subscribed. */
const subscribe = async (args: readonly string[] = []) => {
  // Unbuffered, or it would say that it has subscribed only when it has much to say.
  const child = start('stdbuf', [
    '-oL',
    'mosquitto_sub',
    '-h',
    '127.0.0.1',
    '-p',
    String(PORT),
    '-t',
    TOPIC,
    '-d',
    '-F',
    '%q %p',
    ...args,
  ]);
  const messages: { qos: number; text: string; json: Json }[] = [];
  let ready: () => void = () => undefined;
  const subscribed = new Promise<void>((done) => (ready = done));
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line.startsWith('Subscribed')) ready();
    if (!/^[012] \{/.test(line)) return;
    const text = line.slice(2);
    messages.push({ qos: Number(line[0]), text, json: JSON.parse(text) });
  });
  await subscribed;
  return {
    messages,
    until: async (count: number, ms = 15_000) => {
      for (const end = Date.now() + ms; messages.length < count && Date.now() < end;)
        await pause(20);
      await pause(100);
      expect(messages.length).toBeGreaterThanOrEqual(count);
      return messages;
    },
  };
};

describe.skipIf(!hasMosquitto)('notifications by MQTT (mosquitto)', () => {
  let house: House;
  beforeAll(async () => {
    const passwords = join(folder, 'passwords');
    spawnSync('mosquitto_passwd', ['-c', '-b', passwords, 'water', 'p@ss/word']);
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      certificate,
    ]);
    const user = process.env['USER'] ?? 'root';
    writeFileSync(
      join(folder, 'broker.conf'),
      `per_listener_settings true
user ${user}
listener ${PORT} 127.0.0.1
allow_anonymous true
listener ${PORT_GUARDED} 127.0.0.1
allow_anonymous false
password_file ${passwords}
listener ${PORT_SECURE} 127.0.0.1
allow_anonymous true
certfile ${certificate}
keyfile ${key}
`,
    );
    await startBroker();
    house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  }, 120_000);
  afterAll(async () => {
    await house?.[Symbol.asyncDispose]();
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
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
  const levels = (messages: readonly { json: Json }[]) =>
    messages.map(({ json }) => json.body.data[0].level.value);

  test.each([
    ['mqtt5.0', '0'],
    ['mqtt5.0', '1'],
    ['mqtt5.0', '2'],
    ['mqtt3.1.1', '0'],
    ['mqtt3.1.1', '1'],
    ['mqtt3.1.1', '2'],
  ])('%s, quality of service %s', async (version, qos) => {
    const subscriber = await subscribe(['-q', '2', '-V', '5']);
    await watch(`mqtt://127.0.0.1:${PORT}/${TOPIC}`, {
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
    const subscriber = await subscribe();
    await watch(`mqtt://127.0.0.1:${PORT}/${TOPIC}`, { accept: 'application/ld+json' });
    await write(1);
    const [first] = await subscriber.until(1);
    const { json } = first!;
    expect(json.metadata).toEqual({ 'Content-Type': 'application/ld+json' });
    expect(json.body['@context']).toBeDefined();
  });

  test('user and password go to the broker and nowhere else', async () => {
    const subscriber = await subscribe([
      '-p',
      String(PORT_GUARDED),
      '-u',
      'water',
      '-P',
      'p@ss/word',
    ]);
    await watch(`mqtt://water:p%40ss%2Fword@127.0.0.1:${PORT_GUARDED}/${TOPIC}`);
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
    expect(seen[3]).toContain(`mqtt://water@127.0.0.1:${PORT_GUARDED}/${TOPIC}`);
  });

  test('a wrong password is a failure, and is not told', async () => {
    await watch(`mqtt://water:wrong@127.0.0.1:${PORT_GUARDED}/${TOPIC}`);
    await write(1);
    await expect
      .poll(log, { timeout: 10_000 })
      .toMatchObject([
        { state: 'waiting', attempts: 1, error: expect.stringContaining('127.0.0.1') },
      ]);
    expect((await log())[0].error).not.toContain('wrong');
  });

  test('a certificate that nobody vouches for is not trusted', async () => {
    await watch(`mqtts://127.0.0.1:${PORT_SECURE}/${TOPIC}`);
    await write(1);
    await expect
      .poll(async () => (await log())[0]?.error, { timeout: 10_000 })
      .toMatch(/certificate/i);
  });

  test('the broker away and back: nothing is lost, and the order is kept', async () => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    await watch(`mqtt://127.0.0.1:${PORT}/${TOPIC}`, {
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
    await startBroker();
    const subscriber = await subscribe(['-q', '1']);
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
      notification: { endpoint: { uri: `mqtt://127.0.0.1:${PORT}/${TOPIC}` } },
    });
    await send('/entities', { id: 'urn:x:yaojiang', type: 'WaterLevel', level: 1 });
    await expect
      .poll(async () => (await other.app.inject('/api/context/deliveries')).json().items, {
        timeout: 10_000,
      })
      .toMatchObject([{ state: 'dead', error: expect.stringContaining('EGRESS_ALLOW') }]);
  });
});
