import { afterAll, beforeAll, expect, test } from 'vitest';
import mqtt from 'mqtt';
import { openLog } from '#kernel/log';
import { openMetrics } from '#kernel/metrics';
import { systemClock } from '#kernel/time';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../../context/module.ts';
import registers from '../../registers/module.ts';
import type { Sensing } from '../index.ts';
import { openIntake } from '../intake.ts';
import { openKnownDevices } from '../known-devices.ts';
import sensing from '../module.ts';
import { openPresence } from '../presence.ts';
import { openBroker } from './broker.ts';

const PORT = 21_450;
const ENTITY = 'urn:ngsi-ld:Device:c-1';
const log = openLog('silent');

let house: Awaited<ReturnType<typeof openTestHouse>>;
let city: Context;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context, registers, sensing] });
  city = house.apis['context'] as Context;
  await (house.apis['sensing'] as Sensing).register({
    id: 'c-1',
    name: { zh: '井', en: 'Well' },
    class: 'I20.2/well',
    entity: ENTITY,
    entityType: 'Device',
  });
}, 60_000);
afterAll(async () => {
  await house[Symbol.asyncDispose]().catch(() => {}); // its database is gone by then
});

const nextPacket = (client: mqtt.MqttClient) =>
  new Promise<void>((done) => client.once('packetreceive', () => done()));

const openDoor = async () => {
  const metrics = openMetrics(false);
  const known = openKnownDevices(house.database, systemClock, city.nameOf);
  const presence = openPresence(house.database, log);
  const intake = openIntake({
    context: city,
    presence,
    metrics,
    clock: systemClock,
    created: () => {},
  });
  const broker = await openBroker({
    host: '127.0.0.1',
    port: PORT,
    auth: 'off',
    known,
    intake,
    log,
    metrics,
  });
  await broker.listen();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${PORT}`, { reconnectPeriod: 0 });
  client.on('error', () => {});
  const acknowledged: number[] = [];
  const publish = (n: number) =>
    client.publish('devices/c-1/readings', JSON.stringify({ n }), { qos: 1 }, (error) => {
      if (!error) acknowledged.push(n);
    });
  return { broker, presence, client, acknowledged, publish };
};

test('a door that closes under load has acknowledged exactly what it has stored', async () => {
  const { broker, presence, client, acknowledged, publish } = await openDoor();
  let n = 0;
  const speaking = setInterval(() => {
    for (let i = 0; i < 50; i++) publish(n++);
  }, 2);
  while (acknowledged.length < 500) await nextPacket(client);
  const closed = new Promise<void>((done) => client.once('close', () => done()));
  await broker.close();
  await closed;
  clearInterval(speaking);
  await presence.close();
  client.end(true);
  const points = await city.history({ id: ENTITY, attribute: city.nameOf('n') });
  const stored = points
    .map(({ instances }) => Number(instances[0]?.value))
    .toSorted((a, b) => a - b);
  expect(acknowledged.toSorted((a, b) => a - b)).toEqual(stored);
});

test('where the database is gone nothing is acknowledged, and the connection ends', async () => {
  const { broker, presence, client, acknowledged, publish } = await openDoor();
  publish(-1);
  while (acknowledged.length < 1) await nextPacket(client);
  await house.database[Symbol.asyncDispose]();
  const closed = new Promise<void>((done) => client.once('close', () => done()));
  publish(-2);
  await closed;
  expect(acknowledged).toEqual([-1]);
  client.end(true);
  await broker.close();
  await presence.close();
});

test('a port in use is told to the person at the console', async () => {
  const { broker, presence, client } = await openDoor();
  await expect(openDoor()).rejects.toThrow(`The MQTT port ${PORT} on 127.0.0.1 is in use.`);
  await client.endAsync();
  await broker.close();
  await presence.close();
});
