import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const vehicle = (n: number, more: object = {}) => ({
  id: `urn:ngsi-ld:Vehicle:${n}`,
  type: 'Vehicle',
  brandName: { type: 'Property', value: n % 2 ? 'Mercedes' : 'Audi' },
  speed: {
    type: 'Property',
    value: n * 10,
    unitCode: 'KMH',
    observedAt: `2026-08-01T08:00:0${n}Z`,
  },
  location: {
    type: 'GeoProperty',
    value: { type: 'Point', coordinates: [121.5 + n / 100, 29.87] },
  },
  ...more,
});

describe.each(testEngines)('questions on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine });
    const payload = [
      ...Array.from({ length: 6 }, (_, n) => vehicle(n)),
      {
        id: 'urn:ngsi-ld:Building:1',
        type: ['Building', 'Shop'],
        scope: '/Ningbo/Haishu',
        name: { type: 'LanguageProperty', languageMap: { en: 'Drum Tower', zh: '鼓楼' } },
        visitors: [
          { type: 'Property', value: 5 },
          { type: 'Property', value: 900, datasetId: 'urn:ngsi-ld:Dataset:year' },
        ],
      },
    ];
    const made = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/create`,
      payload,
    });
    expect(made.statusCode).toBe(201);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  const get = (query: Record<string, string>, headers: Record<string, string> = {}) =>
    house.app.inject({ url: `${DOOR}/entities`, query, headers });
  const idsOf = (answer: { json: () => unknown }) =>
    (answer.json() as { id: string }[]).map(({ id }) => id.split(':').at(-1));

  it('are answered by type, value and place at once', async () => {
    const answer = await get({
      type: 'Vehicle',
      q: 'speed>=10;brandName=="Mercedes"',
      georel: 'near;maxDistance==2500',
      geometry: 'Point',
      coordinates: '[121.52,29.87]',
      options: 'keyValues',
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual([
      expect.objectContaining({ id: 'urn:ngsi-ld:Vehicle:1', speed: 10, brandName: 'Mercedes' }),
      expect.objectContaining({ id: 'urn:ngsi-ld:Vehicle:3', speed: 30 }),
    ]);
  });

  it('are answered page by page, with links and a number', async () => {
    const answer = await get({ type: 'Vehicle', limit: '2', offset: '2', count: 'true' });
    expect(idsOf(answer)).toEqual(['2', '3']);
    expect(answer.headers['ngsild-results-count']).toBe('6');
    const links = String(answer.headers.link);
    expect(links).toContain(
      `<${DOOR}/entities?count=true&limit=2&offset=4&type=Vehicle>;rel="next";type="application/json"`,
    );
    expect(links).toContain('rel="prev"');
    expect(links).toContain('json-ld#context');
    const next = /<([^>]*)>;rel="next"/.exec(links)![1]!;
    expect(idsOf(await house.app.inject(next))).toEqual(['4', '5']);
    expect((await get({ type: 'Vehicle', limit: '0', count: 'true' })).json()).toEqual([]);
  });

  it('are answered by languages, scopes, datasets, ids and order', async () => {
    expect(idsOf(await get({ type: '(Building;Shop)', q: 'name[zh]=="鼓楼"' }))).toEqual(['1']);
    expect(idsOf(await get({ type: '*', scopeQ: '/Ningbo/#' }))).toEqual(['1']);
    expect(
      idsOf(await get({ local: 'true', id: 'urn:ngsi-ld:Vehicle:4,urn:ngsi-ld:Vehicle:5' })),
    ).toEqual(['4', '5']);
    expect(
      idsOf(await get({ type: 'Vehicle', idPattern: ':[45]$', orderBy: 'speed;desc' })),
    ).toEqual(['5', '4']);
    expect(idsOf(await get({ attrs: 'visitors' }))).toEqual(['1']);
    const year = await get({
      type: 'Building',
      datasetId: 'urn:ngsi-ld:Dataset:year',
      options: 'keyValues',
    });
    expect(year.json()).toEqual([
      {
        id: 'urn:ngsi-ld:Building:1',
        type: ['Building', 'Shop'],
        scope: '/Ningbo/Haishu',
        visitors: 900,
      },
    ]);
  });

  it('are answered as GeoJSON', async () => {
    const answer = await get({ type: 'Vehicle', limit: '1' }, { accept: 'application/geo+json' });
    expect(answer.json()).toMatchObject({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', geometry: { type: 'Point', coordinates: [121.5, 29.87] } }],
    });
  });

  it('come in a body too', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/query?limit=3&count=true`,
      payload: {
        type: 'Query',
        entities: [{ type: 'Vehicle', idPattern: '[0-3]$' }, { type: 'Building' }],
        q: 'speed<30|visitors==900',
        geoQ: undefined,
        pick: ['id', 'speed'],
        ordering: { orderBy: ['speed;desc'] },
      },
    });
    expect(answer.statusCode).toBe(200);
    expect(idsOf(answer)).toEqual(['2', '1', '0']);
    expect(answer.json()[0]).not.toHaveProperty('brandName');
    expect(answer.headers['ngsild-results-count']).toBe('4');
    const near = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/query`,
      payload: {
        type: 'Query',
        geoQ: { georel: 'near;maxDistance==10', geometry: 'Point', coordinates: [121.5, 29.87] },
      },
    });
    expect(idsOf(near)).toEqual(['0']);
  });

  it.each([
    [{}, 400, 'too wide'],
    [{ q: 'createdAt>2020-01-01T00:00:00Z' }, 400, 'too wide'],
    [{ type: 'Vehicle', q: 'speed>' }, 400, 'clause 4.9'],
    [{ type: 'Vehicle', q: 'owner{name}=="x"' }, 400, 'linked entities'],
    [{ type: 'Vehicle', georel: 'within' }, 400, 'clause 4.10'],
    [{ type: 'Vehicle', limit: '-1' }, 400, 'limit'],
    [{ type: 'Vehicle', limit: '0' }, 400, 'limit=0'],
    [{ type: 'Vehicle', id: 'one' }, 400, 'URI'],
    [{ type: 'Vehicle', geometryProperty: 'location' }, 400, 'geo+json'],
    [{ type: 'Vehicle', join: 'sideways' }, 400, 'join'],
    [{ type: 'Vehicle', join: 'flat', joinLevel: '11' }, 400, 'joinLevel'],
    [{ type: 'Vehicle', collation: 'de-u-co-pinyin' }, 400, 'collation'],
    [{ type: 'Vehicle', csf: '))' }, 400, 'clause 4.9'],
    [{ attrs: 'createdAt' }, 400, 'too wide'],
    [{ type: '*', local: 'false' }, 400, 'local'],
    [{ type: 'Vehicle', nonsense: '1' }, 400, ''],
    [{ type: 'Vehicle', id: 'urn:x:\0' }, 400, 'Unicode'],
    [{ type: 'Vehicle', idPattern: '\0' }, 400, 'Unicode'],
    [{ type: 'Veh\0' }, 400, 'Unicode'],
    [{ type: 'Vehicle', q: 'speed[\0]' }, 400, 'Unicode'],
  ])('%j is refused', async (query, status, why) => {
    const answer = await get(query as Record<string, string>);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toContain(why);
  });

  it('in a body are checked', async () => {
    for (const payload of [
      {},
      { type: 'Query' },
      { type: 'Query', entities: [{ id: 'urn:x:1' }] },
      { type: 'Query', q: 'a', temporalQ: {} },
    ]) {
      const answer = await house.app.inject({
        method: 'POST',
        url: `${DOOR}/entityOperations/query`,
        payload,
      });
      expect(answer.statusCode).toBe(400);
    }
  });
});
