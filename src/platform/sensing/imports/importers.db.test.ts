import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import { must } from '#kernel/errors';
import type { ImportProgress } from '#kernel/module';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../../context/module.ts';
import registers from '../../registers/module.ts';
import sensing from '../module.ts';

const THERMOMETER: Actor = { kind: 'device', id: 't-1', name: 'T', roles: ['anyone', 'device'] };
let house: Awaited<ReturnType<typeof openTestHouse>>;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context, registers, sensing], actor: THERMOMETER });
}, 60_000);
afterAll(() => house[Symbol.asyncDispose]());

const device = (id: string) => ({
  id,
  name: { zh: '温度计', en: 'Thermometer' },
  class: 'I20.4/weather',
  entity: `urn:ngsi-ld:Device:${id}`,
  entityType: 'Device',
});

const run = async (id: string, text: string, checkpoint = 0): Promise<ImportProgress[]> => {
  const importer = house.importers.find((i) => i.id === id);
  must(importer, `There is no importer ${id}.`);
  // In pieces that cut lines and characters anywhere.
  const bytes = new TextEncoder().encode(text);
  const source = (async function* () {
    for (let i = 0; i < bytes.length; i += 7) yield bytes.subarray(i, i + 7);
  })();
  const reports: ImportProgress[] = [];
  for await (const progress of importer.run(source, { checkpoint, args: {} }))
    reports.push(progress);
  return reports;
};

test('a file of devices registers what is not there yet, and names what is wrong', async () => {
  const file = JSON.stringify([
    device('t-1'),
    { ...device('t-2'), class: 'pets' },
    device('t-1'),
    device('t-3'),
  ]);
  const [last] = (await run('devices', file)).slice(-1);
  expect(last).toMatchObject({ done: 4, total: 4, refused: 2, checkpoint: 4 });
  expect(last?.faults?.[0]).toMatch(/^device 2: \/class/);
  await expect(run('devices', '{}')).rejects.toThrow('A file of devices is a JSON array.');
});

test('an import that was interrupted goes on where it was, and old readings are welcome', async () => {
  const rows = Array.from({ length: 1200 }, (_, n) =>
    JSON.stringify({
      device: 't-1',
      n,
      说明: '温度',
      observedAt: new Date(Date.UTC(2011, 0, 1, 0, n)).toISOString(),
    }),
  ).join('\n');
  const reports = await run('readings-ndjson', rows);
  expect(reports.map((r) => r.checkpoint)).toEqual([500, 1000, 1200]);
  expect(reports.at(-1)).toMatchObject({ done: 1200, refused: 0 });
  const again = await run('readings-ndjson', rows, 1000);
  expect(again).toMatchObject([{ done: 200, refused: 0, checkpoint: 1200 }]);
  const city = house.apis['context'] as Context;
  expect(
    await city.history({ id: 'urn:ngsi-ld:Device:t-1', attribute: city.nameOf('n') }),
  ).toHaveLength(1200);
});

test('a device speaks for itself only, and keeps no register', async () => {
  const post = (url: string, payload: object) =>
    house.app.inject({ method: 'POST', url: `/api/sensing${url}`, payload });
  expect((await post('/devices/t-1/readings', { a: 1 })).statusCode).toBe(201);
  expect((await post('/devices/t-3/readings', { a: 1 })).statusCode).toBe(403);
  expect((await post('/devices', device('t-9'))).statusCode).toBe(403);
  expect((await house.app.inject('/api/sensing/devices/t-3/refusals')).statusCode).toBe(403);
  expect((await house.app.inject('/api/sensing/devices/t-1/refusals')).statusCode).toBe(200);
});
