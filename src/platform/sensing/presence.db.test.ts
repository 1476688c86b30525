import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import { openLog } from '#kernel/log';
import { fixedClock } from '#kernel/time';
import type { Kernel } from '#kernel/module';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../test/house.ts';
import context from '../context/module.ts';
import registers from '../registers/module.ts';
import type { Sensing } from './index.ts';
import type { sensingEvents } from './events.ts';
import sensing from './module.ts';
import { openPresence } from './presence.ts';
import { openSandbox } from './sandbox.ts';
import { lookForSilences } from './silences.ts';
import { findDevice } from './devices.ts';
import type { SensingTables } from './tables.ts';

const AT = '2026-03-01T08:00:00Z';

describe.each(testEngines)('on %s', (engine) => {
  let house: Awaited<ReturnType<typeof openTestHouse>>;
  let api: Sensing;
  const clock = fixedClock(AT);
  const told: { name: string; key: string; data: unknown }[] = [];
  let kernel: Pick<Kernel<SensingTables, typeof sensingEvents>, 'clock' | 'db' | 'transact'>;

  beforeAll(async () => {
    house = await openTestHouse({ modules: [context, registers, sensing], at: AT, engine });
    api = house.apis['sensing'] as Sensing;
    const { database } = house;
    kernel = {
      clock,
      db: database.schema('sensing'),
      transact: (work) =>
        database.transaction((tx) =>
          work({
            db: tx.kysely('sensing'),
            sql: tx.sql,
            emit: (name, key, data) => void told.push({ name, key, data }),
          }),
        ),
    };
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  const add = (id: string) =>
    api.register({
      id,
      name: { zh: '井', en: 'Well' },
      class: 'I20.2/drainage',
      entity: `urn:ngsi-ld:Device:${id}`,
      entityType: 'Device',
      expectedSeconds: 60,
    });

  test('a device that stops speaking is late, then silent, and is told of once; then it is back', async () => {
    await add('quiet');
    const presence = openPresence(house.database, openLog('silent'));
    const statusOf = async () =>
      (await findDevice(kernel.db, 'quiet', clock.now().toISOString()))?.status;
    const speak = async () => {
      presence.seen('quiet', clock.now().getTime(), undefined);
      await presence.flush();
    };
    expect(await statusOf()).toBe('new');
    clock.advanceMs(3_600_000);
    expect(await lookForSilences(kernel)).toEqual({ silent: 0, back: 0 }); // never spoke: not yet installed
    await speak();
    expect(await statusOf()).toBe('live');
    clock.advanceMs(121_000);
    expect(await statusOf()).toBe('late');
    expect(await lookForSilences(kernel)).toEqual({ silent: 0, back: 0 });
    clock.advanceMs(60_000);
    expect(await lookForSilences(kernel)).toEqual({ silent: 1, back: 0 });
    expect(await lookForSilences(kernel)).toEqual({ silent: 0, back: 0 });
    expect(await statusOf()).toBe('silent');
    clock.advanceMs(1000);
    await speak();
    expect(await lookForSilences(kernel)).toEqual({ silent: 0, back: 1 });
    expect(await statusOf()).toBe('live');
    await presence.close();
    expect(told.map(({ name, key }) => [name, key])).toEqual([
      ['sensing.device-silent', 'quiet'],
      ['sensing.device-back', 'quiet'],
    ]);
    expect(told[0]?.data).toMatchObject({
      entity: 'urn:ngsi-ld:Device:quiet',
      expectedSeconds: 60,
    });
  });

  test('of refused messages the newest are kept, whatever they hold', async () => {
    await add('noisy');
    const presence = openPresence(house.database, openLog('silent'));
    for (let i = 0; i < 70; i++) presence.refuse('noisy', 0, 'mqtt', `reason ${i}`, 'a\0b\ud800');
    await presence.flush();
    await presence.close();
    const rows = await kernel.db
      .selectFrom('refusals')
      .selectAll()
      .where('device', '=', 'noisy')
      .orderBy('id')
      .execute();
    expect(rows).toHaveLength(50);
    expect(rows[0]).toMatchObject({ reason: 'reason 20', payload: 'a␀b\ufffd' });
  });

  test('a newcomer gets a device, its first reading is on the map, and after a day both are gone', async () => {
    const city = house.apis['context'] as Context;
    const post = (url: string, payload?: object) =>
      house.app.inject({
        method: 'POST',
        url: `/api/sensing${url}`,
        ...(payload ? { payload } : {}),
      });
    const answer = await post('/sandbox-devices');
    expect(answer.statusCode).toBe(201);
    const { device, secret, curl } = answer.json();
    expect(device.entity).toMatch(/^urn:ngsi-ld:Device:sandbox-[0-9a-f]{12}$/);
    expect(curl).toContain(`/api/sensing/devices/${device.id}/readings`);
    expect(curl).toContain(secret);
    const body = JSON.parse(/-d '(.*)'$/.exec(curl)![1]!);
    expect((await post(`/devices/${device.id}/readings`, body)).statusCode).toBe(201);
    expect(
      (await city.find(device.entity))?.attributes[city.nameOf('temperature')]?.[0]?.value,
    ).toBe(21.5);
    const many = Array.from({ length: 120 }, (_, n) => ({ n }));
    expect((await post(`/devices/${device.id}/readings`, many)).statusCode).toBe(429);
    const sandboxAt = (at: string) =>
      openSandbox({ ...kernel, clock: fixedClock(at) }, city, undefined as never);
    expect(await sandboxAt('2026-03-02T07:59:00Z').expire()).toBe(0);
    expect(await sandboxAt('2026-03-02T08:01:00Z').expire()).toBe(1);
    expect(await city.find(device.entity)).toBeUndefined();
    expect(await api.find(device.id)).toBeUndefined();
    for (let i = 0; i < 4; i++) await post('/sandbox-devices', {});
    expect((await post('/sandbox-devices', {})).statusCode).toBe(429);
  });
});
