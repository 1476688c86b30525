import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../test/house.ts';
import context from '../context/module.ts';
import registers from '../registers/module.ts';
import sensing from './module.ts';

test('the demonstration speaks through the MQTT door, and all that it makes is labelled', async () => {
  const env = { MQTT_PORT: '21430', DEMO: '200', AUTH: 'on' };
  await using house = await openTestHouse({ modules: [context, registers, sensing], env });
  await house.listen();
  const devices = async () =>
    (await house.app.inject('/api/sensing/devices?state=live&limit=1000')).json().devices as {
      id: string;
      entity: string;
      demo: boolean;
      refused: number;
    }[];
  const until = performance.now() + 60_000;
  while ((await devices()).length < 150 && performance.now() < until) await pause(200);
  const live = await devices();
  expect(live.length).toBeGreaterThanOrEqual(150);
  expect(live.every((d) => d.demo && d.refused === 0)).toBe(true);

  const city = house.apis['context'] as Context;
  const entities = await city.list({ ids: live.map((d) => d.entity), limit: 1000 });
  expect(entities.length).toBe(live.length);
  for (const { attributes, id } of entities) {
    expect(attributes[city.nameOf('demo')]?.[0]?.value, id).toBe(true);
    expect(attributes[city.nameOf('location')]?.[0]?.value, id).toBeDefined();
  }
  const moved = await city.history({
    id: 'urn:ngsi-ld:Vehicle:demo-bus-08',
    attribute: city.nameOf('location'),
  });
  expect(
    new Set(moved.map(({ instances }) => JSON.stringify(instances[0]?.value))).size,
  ).toBeGreaterThan(1);

  const put = async (rate: number) =>
    (
      await house.app.inject({ method: 'PUT', url: '/api/sensing/simulation', payload: { rate } })
    ).json();
  expect(await put(0)).toMatchObject({ rate: 0, devices: 203 });
  await pause(1000);
  const { sent } = (await house.app.inject('/api/sensing/simulation')).json();
  expect(sent).toBeGreaterThanOrEqual(150);
  await pause(1000);
  expect((await house.app.inject('/api/sensing/simulation')).json().sent).toBe(sent);
  await put(500);
  await pause(2000);
  expect((await house.app.inject('/api/sensing/simulation')).json().sent).toBeGreaterThan(
    sent + 300,
  );
}, 120_000);
