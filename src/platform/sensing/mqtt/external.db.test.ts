import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import mqtt from 'mqtt';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../../context/module.ts';
import registers from '../../registers/module.ts';
import type { Sensing } from '../index.ts';
import sensing from '../module.ts';

const PORT = 21_440;
const URL = `mqtt://127.0.0.1:${PORT}`;
const MESSAGES = 500;
const hasMosquitto = spawnSync('mosquitto', ['-h']).error === undefined;

let broker: ChildProcess | undefined;
afterEach(() => broker?.kill('SIGKILL'));

test.skipIf(!hasMosquitto)(
  'readings of an external broker are taken, each once (mosquitto)',
  async () => {
    broker = spawn('mosquitto', ['-p', String(PORT)], { stdio: 'ignore' });
    const publisher = await (async () => {
      for (let attempt = 0; ; attempt++)
        try {
          return await mqtt.connectAsync(URL, { reconnectPeriod: 0 }, false);
        } catch (error) {
          if (attempt === 50) throw error;
          await pause(100);
        }
    })();
    const house = await openTestHouse({
      modules: [context, registers, sensing],
      env: { MQTT_URL: URL },
    });
    const city = house.apis['context'] as Context;
    const entity = 'urn:ngsi-ld:Device:far';
    await (house.apis['sensing'] as Sensing).register({
      id: 'far',
      name: { zh: '远', en: 'Far' },
      class: 'I20.3/tunnel',
      entity,
      entityType: 'Device',
    });
    await house.listen();
    const kept = async () =>
      (await city.history({ id: entity, attribute: city.nameOf('n') })).map(({ instances }) =>
        Number(instances[0]?.value),
      );
    const publish = (n: number) =>
      publisher.publishAsync('devices/far/readings', JSON.stringify({ n }), { qos: 1 });

    // The first few tell when our subscription stands.
    for (let n = -1; (await kept()).length === 0; n--) {
      await publish(n);
      await pause(100);
    }
    await Promise.all(Array.from({ length: MESSAGES }, (_, n) => publish(n)));
    await publisher.publishAsync('devices/far/readings', 'not json', { qos: 1 });
    await publisher.publishAsync('devices/unknown/readings', '{"n":1}', { qos: 1 });
    const numbered = async () => (await kept()).filter((n) => n >= 0).toSorted((a, b) => a - b);
    for (let look = 0; look < 100 && (await numbered()).length < MESSAGES; look++) await pause(100);
    expect(await numbered()).toEqual(Array.from({ length: MESSAGES }, (_, n) => n));
    const refused = await house.app.inject('/api/sensing/refusals');
    expect(new Set(refused.json().refusals.map((r: { device: string }) => r.device))).toEqual(
      new Set(['far', 'unknown']),
    );
    await house[Symbol.asyncDispose]();
    await publisher.endAsync();
    const ended = once(broker, 'exit');
    broker.kill();
    await ended;
  },
  90_000,
);
