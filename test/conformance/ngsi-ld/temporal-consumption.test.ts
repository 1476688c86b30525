import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR, ERROR } from './cases.ts';

const at = (time: string) => `2026-03-01T${time}:00Z`;
const say = (value: unknown, time: string, more: object = {}) => ({
  type: 'Property',
  value,
  observedAt: at(time),
  ...more,
});
const id = (name: string) => `urn:ngsi-ld:Tram:${name}`;
const NOON = { timerel: 'between', timeAt: at('12:00'), endTimeAt: at('13:00') };
const AFTER = { timerel: 'after', timeAt: at('00:00') };
const scope = (value: unknown, time: string) => say(value, time);

const TRAMS = [
  { id: id('ab'), scope: [scope('/A/B', '10:00')], speed: [say('ab', '12:05')] },
  { id: id('bare'), speed: [say('bare', '12:05')] },
  { id: id('both'), scope: [scope(['/A/B', '/C'], '10:00')], speed: [say('both', '12:05')] },
  {
    id: id('mid'),
    scope: [scope('/M', '12:10')],
    speed: [say('midpre', '12:05'), say('midpost', '12:15')],
  },
  {
    id: id('rep'),
    scope: [scope('/R', '10:00'), scope('/S', '12:30')],
    speed: [say('repold', '12:15'), say('repnew', '12:45')],
  },
  { id: id('late'), scope: [scope('/Z', '14:00')], speed: [say('late', '12:05')] },
];

describe('asking about the past (clauses 5.7.3 and 5.7.4)', () => {
  let house: House;
  const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
    house.app.inject({ method, url: `${DOOR}${path}`, ...(payload ? { payload } : {}) });
  const get = (path: string, query: Record<string, string>, headers = {}) =>
    house.app.inject({ url: `${DOOR}/temporal/entities${path}`, query, headers });
  const list = async (query: Record<string, string>) => (await get('', query)).json();

  beforeAll(async () => {
    house = await openTestHouse({
      modules: [context],
      at: '2026-08-01T00:00:00Z',
      env: { HISTORY_INSTANCES_MAX: '10' },
    });
    const made = [
      ...TRAMS.map((tram) => ({ ...tram, type: 'Tram' })),
      {
        id: 'urn:ngsi-ld:Buoy:1',
        type: 'Buoy',
        level: [
          { type: 'Property', value: 1, observedAt: '2026-01-31T06:00:00Z' },
          { type: 'Property', value: 3, observedAt: '2026-02-27T06:00:00Z' },
          { type: 'Property', value: 5, observedAt: '2026-02-28T06:00:00Z' },
          { type: 'Property', value: 7, observedAt: '2026-04-01T00:00:00Z' },
        ],
        seen: ['06:10:00Z', '06:20:00Z'].map((value) =>
          say({ '@type': 'Time', '@value': value }, '12:00'),
        ),
        text: [
          {
            type: 'LanguageProperty',
            languageMap: { zh: '浮标', en: 'buoy' },
            observedAt: at('12:00'),
          },
        ],
      },
      {
        id: 'urn:ngsi-ld:Long:1',
        type: 'Long',
        a: Array.from({ length: 20 }, (_, i) => say(i, `01:${String(i + 1).padStart(2, '0')}`)),
        b: Array.from({ length: 20 }, (_, i) => say(i, `01:${String(i + 3).padStart(2, '0')}`)),
      },
    ];
    for (const payload of made)
      expect((await send('POST', '/temporal/entities', payload)).statusCode).toBe(201);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  it.each([
    ['/A/B', ['ab', 'both'], []],
    ['/Y', [], []],
    ['/A/#', ['ab', 'both'], []],
    ['/#', ['ab', 'both', 'mid', 'rep'], []],
    ['/X|/M', ['mid'], ['midpre']],
    ['(/A/B;/C)', ['both'], []],
    ['/R', ['rep'], ['repnew']],
    ['/S', ['rep'], ['repold']],
    ['/Z', [], ['late']],
  ])('scopeQ=%s finds what had such a scope then (5.7.4.4, 4.18)', async (scopeQ, ids, without) => {
    const found = await list({ ...NOON, type: 'Tram', scopeQ });
    expect(found.map((one: { id: string }) => one.id)).toEqual(ids.map(id));
    for (const value of without) expect(JSON.stringify(found)).not.toContain(value);
  });

  it('shows the scope that held when the interval began (annex C.5.16)', async () => {
    expect(await list({ ...NOON, type: 'Tram', id: id('ab') })).toMatchObject([
      { scope: [{ type: 'Property', value: '/A/B', observedAt: at('10:00') }] },
    ]);
  });

  it('keeps the scope of an entity that the core API changes (4.5.6)', async () => {
    const path = '/entities/urn:ngsi-ld:Tram:live';
    await send('POST', '/entities', {
      id: id('live'),
      type: 'Line',
      scope: '/Old',
      speed: say(1, '08:00'),
    });
    await send('PATCH', path, { scope: '/New' });
    const now = '2026-08-01T00:00:00.000Z';
    const { scope: scopes, speed } = (await get(`/${id('live')}`, { options: 'sysAttrs' })).json();
    const told = (value: string) => ({
      type: 'Property',
      value,
      observedAt: now,
      createdAt: now,
      modifiedAt: now,
      instanceId: expect.any(String),
    });
    expect(scopes).toEqual([told('/Old'), told('/New')]);
    expect(speed).toHaveLength(1);
  });

  it('tells of what was deleted, attribute and entity (4.5.7, 4.8)', async () => {
    const gone = id('gone');
    await send('POST', '/entities', {
      id: gone,
      type: 'Gone',
      a: say(1, '08:00'),
      b: say(2, '08:00'),
    });
    await send('DELETE', `/entities/${gone}/attrs/a`);
    const query = {
      timeproperty: 'deletedAt',
      type: 'Gone',
      timerel: 'after',
      timeAt: at('00:00'),
    };
    const deleted = { type: 'Property', value: 'urn:ngsi-ld:null' };
    expect(await list(query)).toMatchObject([{ id: gone, a: [deleted] }]);
    await send('DELETE', `/entities/${gone}`);
    expect(await list(query)).toMatchObject([{ id: gone, a: [deleted], b: [deleted] }]);
    const whole = (await get(`/${gone}`, { options: 'sysAttrs' })).json();
    expect(whole).toMatchObject({ type: 'Gone', deletedAt: '2026-08-01T00:00:00.000Z' });
    expect(whole.b).toHaveLength(2);
    const sums = await get(`/${gone}`, { format: 'aggregatedValues', aggrMethods: 'totalCount' });
    expect(sums.json().b.totalCount).toMatchObject([[1, at('08:00'), at('08:00')]]);
  });

  it.each([
    [{ attrs: 'speed' }, ['id', 'type', 'speed']],
    [{ pick: 'speed' }, ['speed']],
    [{ pick: 'id,speed' }, ['id', 'speed']],
    [{ pick: 'id' }, ['id']],
    [{ omit: 'type,speed' }, ['id']],
  ])('%j narrows what is shown (4.21)', async (query, members) => {
    const answer = await get(`/${id('bare')}`, query as Record<string, string>);
    expect(Object.keys(answer.json()).toSorted()).toEqual(members.toSorted());
  });

  it.each([
    [{ attrs: 'none' }],
    [{ pick: 'none' }],
    [{ omit: 'id,type,speed' }],
    [{ timeproperty: 'deletedAt' }],
  ])('%j leaves nothing, which is not found (5.7.3.4)', async (query) => {
    const answer = await get(`/${id('bare')}`, query as Record<string, string>);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
  });

  it('goes by the calendar where the period has months (4.5.19.1)', async () => {
    const query = { options: 'aggregatedValues', aggrMethods: 'avg,totalCount', attrs: 'level' };
    const answer = await get('/urn:ngsi-ld:Buoy:1', { ...query, aggrPeriodDuration: 'P1M' });
    expect(answer.json().level?.avg, answer.body).toEqual([
      [2, '2026-01-31T06:00:00Z', '2026-02-28T06:00:00Z'],
      [5, '2026-02-28T06:00:00Z', '2026-03-31T06:00:00Z'],
      [7, '2026-03-31T06:00:00Z', '2026-04-30T06:00:00Z'],
    ]);
    const whole = await get('/urn:ngsi-ld:Buoy:1', { ...query, aggrPeriodDuration: 'PT0S' });
    expect(whole.json().level.totalCount).toEqual([
      [4, '2026-01-31T06:00:00Z', '2026-04-01T00:00:00Z'],
    ]);
    const mean = await get('/urn:ngsi-ld:Buoy:1', { ...query, attrs: 'seen' });
    expect(mean.json().seen.avg[0][0]).toBe('06:15:00Z');
  });

  it('aggregates where a body names the methods (5.2.21, 5.2.44)', async () => {
    const body = { type: 'Query', entities: [{ type: 'Buoy' }], attrs: ['level'] };
    const ask = (more: object) =>
      send('POST', '/temporal/entityOperations/query', { ...body, ...more });
    const temporalQ = { timerel: 'after', timeAt: '2026-01-01T00:00:00Z' };
    for (const more of [
      { temporalQ: { ...temporalQ, aggrMethods: ['avg'] } },
      { temporalQ: { ...temporalQ, aggrMethods: 'avg' } },
      { temporalQ, aggrParams: { aggrMethods: ['avg'], aggrPeriodDuration: 'P1Y' } },
    ])
      expect((await ask(more)).json()).toMatchObject([
        { level: { avg: [[4, expect.any(String), expect.any(String)]] } },
      ]);
    for (const wrong of [
      { temporalQ: { ...temporalQ, lastN: 0 } },
      { temporalQ: { ...temporalQ, lastN: 1.5 } },
      { temporalQ: { ...temporalQ, timerel: 'during' } },
      { temporalQ, aggrParams: { aggrMethods: ['median'] } },
      { temporalQ, aggrParams: { aggrMethods: ['avg'], aggrPeriodDuration: 'hourly' } },
      { temporalQ, join: 'flat' },
    ])
      expect((await ask(wrong)).json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  it('speaks one language where it is told to (4.15)', async () => {
    const one = async (query: Record<string, string>) =>
      (await get('/urn:ngsi-ld:Buoy:1', { attrs: 'text', lang: 'zh', ...query })).json().text;
    expect(await one({})).toMatchObject([{ type: 'Property', value: '浮标', lang: 'zh' }]);
    expect(await one({ options: 'temporalValues' })).toEqual({
      type: 'Property',
      values: [['浮标', at('12:00')]],
    });
  });

  it.each([
    [{}, at('01:01'), at('01:06'), '*'],
    [{ lastN: '20' }, at('01:22'), at('01:17'), '20'],
    [{ lastN: '20', ...NOON, timeAt: at('00:00') }, at('13:00'), at('01:17'), '20'],
    [{ ...AFTER }, at('00:00'), at('01:06'), '*'],
    [{ ...AFTER, options: 'temporalValues' }, at('00:00'), at('01:06'), '*'],
    [{ timerel: 'before', timeAt: at('13:00'), lastN: '20' }, at('13:00'), at('01:17'), '20'],
  ])(
    'cuts what is too long in time, for all attributes: %j (6.3.10)',
    async (query, from, to, size) => {
      const answer = await get('/urn:ngsi-ld:Long:1', query as Record<string, string>);
      expect(answer.statusCode).toBe(206);
      const range = String(answer.headers['content-range']).replaceAll('.000Z', 'Z');
      expect(range).toBe(`DateTime ${from}-${to}/${size}`);
      const { a, b } = answer.json();
      expect(a).toBeDefined();
      expect(b).toBeDefined();
    },
  );

  it('keeps to an entity map (5.5.14)', async () => {
    const made = await get('', { ...NOON, type: 'Tram', id: id('ab'), entityMap: 'true' });
    expect(made.statusCode).toBe(201);
    const map = String(made.headers['ngsild-entitymap']);
    const answer = await get('', { ...NOON, type: 'Tram' }, { 'ngsild-entitymap': map });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject([{ id: id('ab') }]);
    const single = await get(`/${id('ab')}`, { entityMap: 'true' });
    expect(single.statusCode).toBe(200);
    expect(single.headers['ngsild-entitymap']).toBeDefined();
  });

  it('gives no GeoJSON (6.3.4)', async () => {
    const answer = await get(`/${id('ab')}`, {}, { accept: 'application/geo+json' });
    expect(answer.statusCode).toBe(406);
  });
});
