import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import type { Context } from '#platform/context';
import { openTestHouse } from '../../../test/house.ts';
import context from '../context/module.ts';
import registers from '../registers/module.ts';
import sensing from './module.ts';
import type { Sensing } from './index.ts';

const modules = [context, registers, sensing];
const AT = '2026-03-01T08:00:00Z';
const device = (id: string) => ({
  id,
  name: { zh: '一号井', en: `Well ${id}` },
  class: 'I20.2/drainage',
  entity: `urn:ngsi-ld:Device:${id}`,
  entityType: 'Device',
  location: { lon: 121.55, lat: 29.87 },
  expectedSeconds: 60,
});

const openWorld = async (engine: (typeof testEngines)[number]) => {
  const house = await openTestHouse({ modules, at: AT, engine });
  const api = house.apis['sensing'] as Sensing;
  const city = house.apis['context'] as Context;
  const call = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT',
    url: string,
    body?: unknown,
    type?: string,
  ) => {
    const answer = await house.app.inject({
      method,
      url: `/api/sensing${url}`,
      ...(body === undefined ? {} : { payload: body as object }),
      ...(type ? { headers: { 'content-type': type } } : {}),
    });
    return { status: answer.statusCode, body: answer.body ? answer.json() : undefined };
  };
  const values = async (id: string, attribute: string) =>
    (await city.history({ id, attribute: city.nameOf(attribute) })).map(({ at, instances }) => [
      at,
      instances[0]?.value,
    ]);
  return { house, api, city, call, values };
};

describe.each(testEngines)('on %s', (engine) => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeAll(async () => {
    world = await openWorld(engine);
  }, 60_000);
  afterAll(() => world.house[Symbol.asyncDispose]());

  test('a registered device stands on the map, and its readings become facts with history', async () => {
    const { call, city, values } = world;
    const WELL = device('well-1');
    const made = await call('POST', '/devices', WELL);
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^sj_device_/);
    expect(made.body.device).toMatchObject({ id: 'well-1', status: 'new', messages: 0 });
    expect((await call('POST', '/devices', WELL)).status).toBe(409);

    const entity = await city.find(WELL.entity);
    expect(entity?.attributes[city.nameOf('name')]?.[0]?.languageMap).toEqual(WELL.name);
    expect(entity?.attributes[city.nameOf('location')]?.[0]?.value).toEqual({
      type: 'Point',
      coordinates: [121.55, 29.87],
    });

    const taken = await call('POST', '/devices/well-1/readings', [
      { level: { value: 2.5, unitCode: 'MTR' }, observedAt: '2026-03-01T07:59:00Z' },
      { level: { value: 2.6, unitCode: 'MTR' }, observedAt: '2026-03-01T08:00:00Z' },
    ]);
    expect(taken).toEqual({ status: 201, body: { taken: 2 } });
    expect(await values(WELL.entity, 'level')).toEqual([
      ['2026-03-01T07:59:00.000Z', 2.5],
      ['2026-03-01T08:00:00.000Z', 2.6],
    ]);
  });

  test('the same reading sent again is kept once, two equal readings are kept twice', async () => {
    const { call, values } = world;
    const WELL = device('well-2');
    await call('POST', '/devices', WELL);
    const timed = { level: 1, observedAt: '2026-03-01T07:00:00Z' };
    for (let i = 0; i < 3; i++)
      expect((await call('POST', '/devices/well-2/readings', timed)).status).toBe(201);
    expect(await values(WELL.entity, 'level')).toHaveLength(1);
    for (let i = 0; i < 2; i++)
      await call('POST', '/devices/well-2/readings', { level: 5, mid: 17 });
    expect(await values(WELL.entity, 'level')).toHaveLength(2);
    for (let i = 0; i < 2; i++) await call('POST', '/devices/well-2/readings', { level: 9 });
    expect(await values(WELL.entity, 'level')).toHaveLength(4);
  });

  test('what is refused says why, and can be read afterwards', async () => {
    const { call } = world;
    const WELL = device('well-3');
    await call('POST', '/devices', WELL);
    const bad = await call('POST', '/devices/well-3/readings', {
      level: 1,
      observedAt: '2026-03-02T08:00:00Z',
    });
    expect(bad.status).toBe(400);
    expect(bad.body).toMatchObject({
      type: 'urn:sanjiang:problem:invalid',
      member: 'observedAt',
      reading: 0,
    });
    expect((await call('POST', '/devices/well-3/readings', [])).status).toBe(400);
    expect((await call('POST', '/devices/nobody/readings', { level: 1 })).status).toBe(404);
    const { body } = await call('GET', '/devices/well-3/refusals');
    expect(body.refusals).toHaveLength(1);
    expect(body.refusals[0]).toMatchObject({
      device: 'well-3',
      via: 'http',
      reason: expect.stringContaining('in the future'),
    });
    expect((await call('GET', '/refusals')).body.refusals[0]).toMatchObject({ device: 'nobody' });
    expect((await call('GET', '/devices/well-3')).body).toMatchObject({ refused: 1, messages: 0 });
  });

  test('a mapping translates a foreign payload and converts its units', async () => {
    const { call, city } = world;
    const WELL = device('well-4');
    const document = {
      observedAt: { path: '$.ts', format: 's' },
      attributes: [
        {
          name: 'temperature',
          path: '$.data[0].t_f',
          type: 'number',
          unit: { from: 'FAH', to: 'CEL' },
        },
      ],
    };
    const mapping = { name: { zh: '华氏', en: 'Fahrenheit' }, document };
    expect((await call('PUT', '/mappings/fahrenheit', mapping)).status).toBe(200);
    expect((await call('POST', '/devices', { ...WELL, mapping: 'no-such' })).status).toBe(400);
    await call('POST', '/devices', { ...WELL, mapping: 'fahrenheit' });
    const answer = await call('POST', '/devices/well-4/readings', {
      ts: Date.parse(AT) / 1000,
      data: [{ t_f: '212' }],
    });
    expect(answer.status).toBe(201);
    const entity = await city.find(WELL.entity);
    expect(entity?.attributes[city.nameOf('temperature')]?.[0]).toMatchObject({
      value: 100,
      unitCode: 'CEL',
    });
    expect((await call('DELETE', '/mappings/fahrenheit')).status).toBe(409);
    const wrong = {
      ...mapping,
      document: { attributes: [{ ...document.attributes[0], unit: { from: 'CEL', to: 'MTR' } }] },
    };
    expect((await call('PUT', '/mappings/fahrenheit', wrong)).status).toBe(400);
  });

  test('a secret says who the device is until it is changed, or the device revoked', async () => {
    const { api, call } = world;
    const WELL = device('well-5');
    const { secret } = await api.register(WELL);
    expect(await api.findDeviceBySecret(secret)).toEqual({
      kind: 'device',
      id: 'well-5',
      name: 'Well well-5',
      roles: ['anyone', 'device'],
    });
    const { secret: second } = (await call('POST', '/devices/well-5/credentials')).body;
    expect(await api.findDeviceBySecret(secret)).toBeUndefined();
    expect((await api.findDeviceBySecret(second))?.id).toBe('well-5');
    expect((await call('DELETE', '/devices/well-5')).status).toBe(204);
    expect(await api.findDeviceBySecret(second)).toBeUndefined();
    expect((await call('POST', '/devices/well-5/readings', { level: 1 })).status).toBe(404);
    expect((await call('GET', '/devices?state=revoked')).body.total).toBe(1);
    expect((await call('GET', '/devices?q=well-5')).body.total).toBe(0);
  });

  test('the register is searched by class, by state and by words in both languages', async () => {
    const { call } = world;
    const WELL = device('well-6');
    await call('POST', '/devices', WELL);
    await call('POST', '/devices', {
      ...WELL,
      id: 'bus-9',
      name: { zh: '公交', en: 'Bus' },
      class: 'I20.3/bus',
      entity: 'urn:ngsi-ld:Vehicle:9',
    });
    const found = async (question: string) =>
      (await call('GET', `/devices?${question}`)).body.devices.map((d: { id: string }) => d.id);
    expect(await found('q=-')).toContain('bus-9');
    expect(await found('class=I20.3')).toEqual(['bus-9']);
    expect(await found(`q=${encodeURIComponent('公交')}`)).toEqual(['bus-9']);
    expect(await found('q=WELL-6')).toEqual(['well-6']);
    expect(await found('state=new&limit=1')).toEqual(['bus-9']);
    expect(await found('state=silent')).toEqual([]);
    expect(
      (await call('PATCH', '/devices/bus-9', { owner: 'operator-bus', location: null })).body,
    ).toMatchObject({ owner: 'operator-bus' });
  });

  test('NDJSON and CSV of many devices come in row by row', async () => {
    const { call, values } = world;
    const WELL = device('well-7');
    await call('POST', '/devices', WELL);
    const ndjson = [
      '{"device":"well-7","level":1,"observedAt":"2019-01-01T00:00:00Z"}',
      'not json',
      '',
      '{"device":"nobody","level":1}',
      '{"level":1}',
      '{"device":"well-7","level":2,"observedAt":"2019-01-01T01:00:00Z"}',
    ].join('\n');
    const first = await call('POST', '/readings', ndjson, 'application/x-ndjson');
    expect(first).toMatchObject({ status: 201, body: { taken: 2, refused: 3 } });
    expect(first.body.faults[0]).toMatch(/^line 2: not JSON/);
    const csv =
      'device,observedAt,level,note,lon,lat\r\nwell-7,2019-01-02T00:00:00Z,3.5,"a, b",121.5,29.8\r\nwell-7,yesterday,4,,,\r\n';
    const second = await call('POST', '/readings', csv, 'text/csv');
    expect(second).toMatchObject({ status: 201, body: { taken: 1, refused: 1 } });
    expect(second.body.faults[0]).toMatch(/^line 3: observedAt/);
    expect((await values(WELL.entity, 'level')).map(([, value]) => value)).toEqual([1, 2, 3.5]);
    expect((await call('POST', '/readings', 'a,b\n1,2\n', 'text/csv')).status).toBe(400);
    expect((await call('POST', '/readings', '<x/>', 'application/xml')).status).toBe(415);
  });
});
