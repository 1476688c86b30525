import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import mqtt from 'mqtt';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../../context/module.ts';
import registers from '../../registers/module.ts';
import type { Sensing } from '../index.ts';
import sensing from '../module.ts';

const PORT = 21_401;
const URL = `mqtt://127.0.0.1:${PORT}`;
const hasMosquitto = spawnSync('mosquitto_pub', ['--help']).error === undefined;

const openWorld = async () => {
  const house = await openTestHouse({
    modules: [context, registers, sensing],
    env: { MQTT_PORT: String(PORT) },
  });
  await house.listen();
  const api = house.apis['sensing'] as Sensing;
  const city = house.apis['context'] as Context;
  const register = async (id: string) => {
    const { secret } = await api.register({
      id,
      name: { zh: '水位计', en: 'Gauge' },
      class: 'I20.5/flood',
      entity: `urn:ngsi-ld:Device:${id}`,
      entityType: 'Device',
    });
    return secret;
  };
  const values = async (id: string, attribute: string) =>
    (await city.history({ id: `urn:ngsi-ld:Device:${id}`, attribute: city.nameOf(attribute) })).map(
      ({ instances }) => instances[0]?.value,
    );
  const refusals = async (id: string): Promise<string[]> => {
    const answer = await house.app.inject(`/api/sensing/devices/${id}/refusals`);
    return answer.json().refusals.map((r: { reason: string }) => r.reason);
  };
  return { house, api, register, values, refusals };
};
let world: Awaited<ReturnType<typeof openWorld>>;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.house[Symbol.asyncDispose]());

const speakAs = (username: string, password: string, more: mqtt.IClientOptions = {}) =>
  mqtt.connectAsync(URL, { username, password, reconnectPeriod: 0, ...more }, false);

test('an acknowledged message is in the history', async () => {
  const secret = await world.register('m-1');
  const client = await speakAs('m-1', secret);
  for (const level of [1, 2, 2, 3])
    await client.publishAsync('devices/m-1/readings', JSON.stringify({ level }), { qos: 1 });
  expect(await world.values('m-1', 'level')).toEqual([1, 2, 2, 3]);
  await client.publishAsync('devices/m-1/readings', '[{"level":4},{"level":5}]', { qos: 2 });
  expect((await world.values('m-1', 'level')).toSorted()).toEqual([1, 2, 2, 3, 4, 5]);
  await client.endAsync();
});

test('a message that says it is sent again is kept once, a first sending always', async () => {
  const secret = await world.register('m-2');
  const client = await speakAs('m-2', secret, { clientId: 'gauge' });
  const send = (messageId: number, dup: boolean, level: number) =>
    new Promise<void>((done) => {
      client.once('packetreceive', () => done());
      const payload = JSON.stringify({ level });
      client.stream.write(packet(messageId, dup, 'devices/m-2/readings', payload));
    });
  await send(7, false, 1);
  await send(7, true, 1); // repetition
  await send(7, true, 2); // same number, other content: not seen before
  await send(8, true, 1); // says it is a repetition, but the first was never stored
  await send(7, false, 1); // a first sending of a new process, whose numbers begin anew
  expect(await world.values('m-2', 'level')).toEqual([1, 2, 1, 1]);
  await client.endAsync();
});

test('a bad message is acknowledged, counted and can be read; the connection goes on', async () => {
  const secret = await world.register('m-3');
  const client = await speakAs('m-3', secret);
  const bad = [
    '{"level":',
    '{}',
    '[]',
    '{"level":{"value":1,"unitCode":"XYZ"}}',
    `"${'x'.repeat(66_000)}"`,
  ];
  for (const payload of bad) await client.publishAsync('devices/m-3/readings', payload, { qos: 1 });
  await client.publishAsync('devices/m-1/readings', '{"level":1}', { qos: 1 });
  await client.publishAsync('elsewhere', '{"level":1}', { qos: 1 });
  await client.publishAsync('devices/m-3/readings', '{"level":1}', { qos: 1, retain: true });
  expect(await world.values('m-3', 'level')).toEqual([1]);
  const reasons = await world.refusals('m-3');
  expect(reasons).toHaveLength(7);
  expect(reasons.toReversed()[0]).toMatch(/not JSON/);
  expect(reasons).toContain('m-3 may not publish for m-1.');
  expect(reasons).toContain('Readings are published to devices/<id>/readings, not to elsewhere.');
  await client.endAsync();
});

test('only who shows the secret of a device comes in, and hears only its own commands', async () => {
  const secret = await world.register('m-4');
  const codes: number[] = [];
  for (const [user, password] of [
    ['m-4', 'wrong'],
    ['nobody', secret],
    ['', ''],
    ['m-1', secret],
  ] as const)
    await speakAs(user, password).then(
      (client) => client.endAsync(),
      (error: { code: number }) => codes.push(error.code),
    );
  expect(codes).toEqual([4, 4, 4, 4]);
  const client = await mqtt.connectAsync(URL, {
    username: '',
    password: secret,
    reconnectPeriod: 0,
  });
  const granted = await client.subscribeAsync(['devices/m-4/commands']);
  expect(granted.map((g) => g.qos)).toEqual([0]);
  for (const topic of ['#', 'devices/+/readings', 'devices/m-1/commands', '$SYS/#'])
    await expect(client.subscribeAsync(topic)).rejects.toThrow();
  await client.endAsync();
});

test('a changed secret ends the connections that were made with the old one', async () => {
  const secret = await world.register('m-5');
  const client = await speakAs('m-5', secret);
  client.on('error', () => {});
  await client.publishAsync('devices/m-5/readings', '{"level":1}', { qos: 1 });
  await world.house.app.inject({ method: 'POST', url: '/api/sensing/devices/m-5/credentials' });
  const closed = new Promise<void>((done) => client.once('close', () => done()));
  client.publish('devices/m-5/readings', '{"level":2}', { qos: 1 });
  await closed;
  expect(await world.values('m-5', 'level')).toEqual([1]);
  client.end(true);
});

test('a packet beyond the limit ends the connection before it is gathered', async () => {
  const secret = await world.register('m-6');
  const client = await speakAs('m-6', secret);
  client.on('error', () => {});
  const closed = new Promise<void>((done) => client.once('close', () => done()));
  client.publish('devices/m-6/readings', Buffer.alloc(1024 * 1024, 120), { qos: 1 });
  await closed;
  expect(await world.refusals('m-6')).toEqual([
    'The packet is larger than the limit; the connection was closed.',
  ]);
  client.end(true);
});

test('bytes that are no MQTT end only their own connection', async () => {
  const strangers = [
    'GET / HTTP/1.1\r\n\r\n',
    '\u0000\u0000\u0000',
    '\u0010\u00ff\u00ff\u00ff\u007f',
    '\u0030\u0002ab',
  ];
  for (const bytes of strangers) {
    const socket = connectSocket(PORT, '127.0.0.1');
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write(Buffer.from(bytes, 'latin1'));
    setTimeout(() => socket.end(), 200);
    socket.resume();
    await closed;
  }
  const client = await speakAs('m-7', await world.register('m-7'));
  await client.publishAsync('devices/m-7/readings', '{"level":1}', { qos: 1 });
  await client.endAsync();
});

test.skipIf(!hasMosquitto)('Debian’s mosquitto_pub is understood (mosquitto_pub)', async () => {
  const secret = await world.register('m-8');
  const args = [
    '-p',
    String(PORT),
    '-q',
    '1',
    '-l',
    '-t',
    'devices/m-8/readings',
    '-u',
    'm-8',
    '-P',
    secret,
  ];
  const pub = spawn('mosquitto_pub', args, { stdio: ['pipe', 'inherit', 'inherit'] });
  const lines = Array.from({ length: 200 }, (_, i) => JSON.stringify({ level: i }));
  pub.stdin.end(`${lines.join('\n')}\n`);
  const [code] = (await once(pub, 'exit')) as [number];
  expect(code).toBe(0);
  const kept = (await world.values('m-8', 'level')).map(Number).toSorted((a, b) => a - b);
  expect(kept).toEqual(lines.map((_, i) => i));
});

/** A PUBLISH with QoS 1 as MQTT 3.1.1 clause 3.3 lays it out. */
const packet = (messageId: number, dup: boolean, topic: string, payload: string): Buffer => {
  const name = Buffer.from(topic);
  const body = Buffer.concat([
    Buffer.from([name.length >> 8, name.length & 255]),
    name,
    Buffer.from([messageId >> 8, messageId & 255]),
    Buffer.from(payload),
  ]);
  return Buffer.concat([Buffer.from([0x32 | (dup ? 8 : 0), body.length]), body]);
};
