import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR, ERROR } from './cases.ts';

const BUS = 'urn:ngsi-ld:Vehicle:ningbo-19-3307';
const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`;
const speed = (value: unknown, hour: number, more: object = {}) => ({
  type: 'Property',
  value,
  observedAt: at(hour),
  ...more,
});
const DATASET = 'urn:ngsi-ld:Dataset:tachograph';

type Instance = { instanceId: string; [member: string]: unknown };

describe('writing the past (clauses 5.6.11 to 5.6.16)', () => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], at: '2026-08-01T00:00:00Z' });
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());
  beforeEach(() => house.database.query('truncate context.entities, context.history'));

  const ask = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) => {
    const answer = await house.app.inject({
      method,
      url: `${DOOR}${path}`,
      ...(payload ? { payload } : {}),
      headers,
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      json: answer.body === '' ? undefined : answer.json(),
    };
  };
  const tell = (payload: object) => ask('POST', '/temporal/entities', payload);
  const told = () =>
    tell({
      id: BUS,
      type: 'Vehicle',
      speed: [speed(30, 8), speed(45, 9), speed(50, 9, { datasetId: DATASET })],
    });
  const read = async (query = '') =>
    (await ask('GET', `/temporal/entities/${BUS}${query}`)).json as { speed?: Instance[] };
  const values = async () => ((await read()).speed ?? []).map(({ value }) => value);

  it('creates the evolution of an entity, and not the entity (5.6.11, 6.18.3.1)', async () => {
    const answer = await told();
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `${DOOR}/temporal/entities/${BUS}` },
    });
    expect(answer.json).toBeUndefined();
    expect((await ask('GET', `/entities/${BUS}`)).status).toBe(404);
    const instanceId = expect.stringMatching(/^urn:ngsi-ld:Instance:/);
    expect(await read()).toEqual({
      id: BUS,
      type: 'Vehicle',
      speed: [
        { ...speed(30, 8), instanceId },
        { ...speed(45, 9), instanceId },
        { ...speed(50, 9, { datasetId: DATASET }), instanceId },
      ],
    });
  });

  it('adds instances and types to one that is known (5.6.11.4)', async () => {
    await told();
    const more = { id: BUS, type: ['Vehicle', 'Bus'], speed: [speed('urn:ngsi-ld:null', 10)] };
    expect((await tell(more)).status).toBe(204);
    expect(await read()).toMatchObject({
      type: ['Vehicle', 'Bus'],
      speed: [{}, {}, {}, { value: 'urn:ngsi-ld:null', observedAt: at(10), deletedAt: at(10) }],
    });
    const found = await ask(
      'GET',
      `/temporal/entities?type=Bus&timerel=after&timeAt=${at(0)}&timeproperty=observedAt`,
    );
    expect(found.json).toMatchObject([{ id: BUS }]);
  });

  it('takes the simplified form too (5.2.20, 4.5.9)', async () => {
    const payload = {
      id: BUS,
      type: 'Vehicle',
      speed: {
        type: 'Property',
        values: [
          [30, at(8)],
          [45, at(9)],
        ],
      },
      driver: { type: 'Relationship', objects: [['urn:ngsi-ld:Person:li', at(8)]] },
      sign: { type: 'LanguageProperty', languageMaps: [[{ languageMap: { zh: '鼓楼' } }, at(8)]] },
    };
    expect((await tell(payload)).status).toBe(201);
    expect(await read('?options=temporalValues')).toEqual(payload);
  });

  it('keeps the scope as instances of its own (4.5.6)', async () => {
    const scope = [{ type: 'Property', value: '/Ningbo/Haishu', observedAt: at(7) }];
    expect((await tell({ id: BUS, type: 'Vehicle', scope, speed: [speed(30, 8)] })).status).toBe(
      201,
    );
    expect(await read()).toMatchObject({ scope });
    expect((await ask('DELETE', `/temporal/entities/${BUS}/attrs/scope`)).status).toBe(204);
    expect(await read()).not.toHaveProperty('scope');
  });

  it.each([
    [{ id: BUS, speed: [speed(1, 8)] }, 'without a type'],
    [{ id: 'bus', type: 'Vehicle' }, 'an id that is no URI'],
    [{ id: BUS, type: 'Vehicle', expiresAt: 'urn:ngsi-ld:null' }, 'a member that is null'],
    [{ id: BUS, type: 'Vehicle', speed: [1, 2] }, 'values without their instances'],
    [{ id: BUS, type: 'Vehicle', speed: [speed('\u0000', 8)] }, 'what no database holds'],
    [{ id: BUS, type: 'Vehicle', speed: { type: 'Property', values: [1] } }, 'no pairs'],
    [{ id: BUS, type: 'Vehicle', scope: [{ type: 'Property', value: 7 }] }, 'no scope'],
    [
      {
        id: BUS,
        type: 'Vehicle',
        speed: [{ ...speed(1, 8), observedAt: '2026-03-01T08:00:00+08:00' }],
      },
      'a time that is not in UTC (4.6.3)',
    ],
  ])('refuses %j: %s (5.5.4)', async (payload: object, _why) => {
    expect(await tell(payload)).toMatchObject({
      status: 400,
      json: { type: `${ERROR}BadRequestData` },
    });
    expect((await ask('GET', `/temporal/entities/${BUS}`)).status).toBe(404);
  });

  it('adds to one that is known alone (5.6.12)', async () => {
    const more = { speed: [speed(60, 10)], doors: [speed('open', 10)] };
    expect(await ask('POST', `/temporal/entities/${BUS}/attrs`, more)).toMatchObject({
      status: 404,
      json: { type: `${ERROR}ResourceNotFound` },
    });
    await told();
    expect((await ask('POST', `/temporal/entities/${BUS}/attrs`, more)).status).toBe(204);
    expect(await values()).toEqual([30, 45, 50, 60]);
    expect(await read()).toMatchObject({ type: 'Vehicle', doors: [{ value: 'open' }] });
    expect((await ask('POST', '/temporal/entities/bus/attrs', more)).status).toBe(400);
  });

  it('removes an attribute: the default instances, a dataset, all (5.6.13)', async () => {
    const remove = (query = '') => ask('DELETE', `/temporal/entities/${BUS}/attrs/speed${query}`);
    expect((await remove()).status).toBe(404);
    await told();
    expect((await remove()).status).toBe(204);
    expect(await values()).toEqual([50]);
    expect((await remove(`?datasetId=${DATASET}`)).status).toBe(204);
    expect(await values()).toEqual([]);
    expect((await remove()).status).toBe(404);
    await tell({
      id: BUS,
      type: 'Vehicle',
      speed: [speed(1, 1), speed(2, 1, { datasetId: DATASET })],
    });
    expect((await remove('?deleteAll=true')).status).toBe(204);
    expect(await values()).toEqual([]);
  });

  it.each(['%252e%252e', 'invalid(Name', '%3Cspeed'])(
    'knows no attribute called %s (5.6.13.4)',
    async (name) => {
      await told();
      expect(await ask('DELETE', `/temporal/entities/${BUS}/attrs/${name}`)).toMatchObject({
        status: 400,
        json: { type: `${ERROR}BadRequestData` },
      });
      expect(await values()).toEqual([30, 45, 50]);
    },
  );

  it('puts another instance in the place of one, which keeps its name and createdAt (5.6.14)', async () => {
    await told();
    const [first, second] = (await read('?options=sysAttrs')).speed!;
    const path = `/temporal/entities/${BUS}/attrs/speed/${first!.instanceId}`;
    expect((await ask('PATCH', path, speed(31, 7))).status).toBe(204);
    expect((await ask('PATCH', path, { speed: [speed(32, 8)] })).status).toBe(204);
    const [now, next] = (await read('?options=sysAttrs')).speed!;
    expect(now).toMatchObject({
      value: 32,
      observedAt: at(8),
      instanceId: first!.instanceId,
      createdAt: first!['createdAt'],
    });
    expect(next).toEqual(second);
  });

  it('removes an instance (5.6.15)', async () => {
    await told();
    const [, second] = (await read()).speed!;
    const path = `/temporal/entities/${BUS}/attrs/speed/${second!.instanceId}`;
    expect((await ask('DELETE', path)).status).toBe(204);
    expect(await values()).toEqual([30, 50]);
    expect((await ask('DELETE', path)).status).toBe(404);
  });

  it.each(['PATCH', 'DELETE'] as const)(
    '%s asks for what is there (5.6.14, 5.6.15)',
    async (method) => {
      await told();
      const payload = method === 'PATCH' ? speed(1, 1) : undefined;
      const statusOf = async (path: string) =>
        (await ask(method, `/temporal/entities/${path}`, payload)).status;
      const any = 'urn:ngsi-ld:Instance:1-0123456789ab';
      expect(await statusOf(`${BUS}/attrs/speed/${any}`)).toBe(404);
      expect(await statusOf(`${BUS}/attrs/none/${any}`)).toBe(404);
      expect(await statusOf(`${BUS}x/attrs/speed/${any}`)).toBe(404);
      expect(await statusOf(`${BUS}/attrs/speed/first`)).toBe(400);
      expect(await statusOf(`bus/attrs/speed/${any}`)).toBe(400);
    },
  );

  it('removes the whole evolution, and leaves the entity (5.6.16)', async () => {
    await told();
    expect((await ask('DELETE', `/temporal/entities/${BUS}`)).status).toBe(204);
    expect((await ask('GET', `/temporal/entities/${BUS}`)).status).toBe(404);
    expect((await ask('DELETE', `/temporal/entities/${BUS}`)).status).toBe(404);
    expect((await ask('DELETE', '/temporal/entities/bus')).status).toBe(400);
    await ask('POST', '/entities', { id: BUS, type: 'Vehicle', speed: speed(30, 8) });
    expect((await ask('DELETE', `/temporal/entities/${BUS}`)).status).toBe(204);
    expect((await ask('GET', `/entities/${BUS}`)).status).toBe(200);
    expect(await read()).toEqual({ id: BUS, type: 'Vehicle' });
  });

  it('tells the history of the deletion of what it alone knows (5.6.5, 4.5.7)', async () => {
    await tell({
      id: BUS,
      type: 'Vehicle',
      scope: ['/Ningbo/Haishu'],
      speed: [speed(30, 8)],
      driver: [{ type: 'Relationship', object: 'urn:ngsi-ld:Person:li', observedAt: at(8) }],
      sign: [{ type: 'LanguageProperty', languageMap: { zh: '鼓楼' }, observedAt: at(8) }],
    });
    for (const name of ['speed', 'driver', 'sign', 'scope'])
      expect((await ask('DELETE', `/entities/${BUS}/attrs/${name}`)).status).toBe(204);
    expect((await ask('DELETE', `/entities/${BUS}/attrs/speed`)).status).toBe(404);
    const instanceId = expect.any(String);
    const deletedAt = '2026-08-01T00:00:00.000Z';
    expect(await read('?timeproperty=deletedAt')).toEqual({
      id: BUS,
      type: 'Vehicle',
      speed: [{ type: 'Property', value: 'urn:ngsi-ld:null', deletedAt, instanceId }],
      driver: [{ type: 'Relationship', object: 'urn:ngsi-ld:null', deletedAt, instanceId }],
      sign: [
        {
          type: 'LanguageProperty',
          languageMap: { '@none': 'urn:ngsi-ld:null' },
          deletedAt,
          instanceId,
        },
      ],
      scope: [{ type: 'Property', value: 'urn:ngsi-ld:null', deletedAt, instanceId }],
    });
    expect(await read('?timeproperty=deletedAt&options=temporalValues&pick=speed')).toEqual({
      speed: { type: 'Property', values: [['urn:ngsi-ld:null', deletedAt]] },
    });
  });
});
