import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { type Database, openTestDatabase } from '#kernel/database';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../../context/module.ts';
import registers from '../../registers/module.ts';
import type { Sensing } from '../index.ts';
import sensing from '../module.ts';

const PORT = 21_431;
const MESSAGES = 2_500;
/** Together far more than the system keeps for a connection. */
const FILLER = 'x'.repeat(4_000);

test('while the disk stands still senders are slowed, not remembered; then all is acknowledged', async () => {
  await using real = await openTestDatabase();
  let letGo = () => {};
  let stands: Promise<void> | undefined;
  const database: Database = {
    ...real,
    transaction: async (work, options) => {
      await stands;
      return real.transaction(work, options);
    },
  };
  await using house = await openTestHouse({
    database,
    modules: [context, registers, sensing],
    env: { MQTT_PORT: String(PORT) },
  });
  await house.listen();
  const { secret } = await (house.apis['sensing'] as Sensing).register({
    id: 'flow-1',
    name: { zh: '水位计', en: 'Gauge' },
    class: 'I20.5/flood',
    entity: 'urn:ngsi-ld:Device:flow-1',
    entityType: 'Device',
  });
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${PORT}`, {
    username: 'flow-1',
    password: secret,
    reconnectPeriod: 0,
    keepalive: 0,
  });
  stands = new Promise((done) => {
    letGo = done;
  });
  let acknowledged = 0;
  for (let n = 0; n < MESSAGES; n++)
    client.publish(
      'devices/flow-1/readings',
      JSON.stringify({ level: n, a: FILLER, b: FILLER, c: FILLER }),
      { qos: 1 },
      (error) => void (error ?? acknowledged++),
    );
  await pause(2_000);
  expect(acknowledged).toBe(0);
  const sent = MESSAGES * 3 * FILLER.length;
  const stream = client.stream as unknown as { writableLength: number };
  // What the broker does not read stays with its sender.
  expect(stream.writableLength).toBeGreaterThan(sent / 2);
  stands = undefined;
  letGo();
  await expect.poll(() => acknowledged, { timeout: 60_000, interval: 100 }).toBe(MESSAGES);
  const city = house.apis['context'] as Context;
  expect(await city.find('urn:ngsi-ld:Device:flow-1', '')).toBeDefined();
  client.end(true);
}, 120_000);
