import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR, ERROR } from './cases.ts';

/** Clauses 5.9 and 5.10 of ETSI GS CIM 009 v1.9.1: the counties of Ningbo as sources of the city. */
const BEILUN = 'urn:ngsi-ld:ContextSourceRegistration:beilun';
const CIXI = 'urn:ngsi-ld:ContextSourceRegistration:cixi';
const LIGHT = 'urn:ngsi-ld:Streetlight:beilun:1';
const beilun = {
  id: BEILUN,
  type: 'ContextSourceRegistration',
  endpoint: 'http://beilun.example:1026',
  information: [
    {
      entities: [{ type: 'Streetlight', id: LIGHT }],
      propertyNames: ['illuminance', 'powerState'],
      relationshipNames: ['refStreetlightGroup'],
    },
    {
      entities: [
        { type: 'ParkingSpot', idPattern: '.*harbour$' },
        { type: 'ParkingSpot', idPattern: '.*47$' },
      ],
      propertyNames: ['status'],
    },
  ],
};
const cixi = {
  id: CIXI,
  type: 'ContextSourceRegistration',
  endpoint: 'http://cixi.example:1026',
  information: [{ entities: [{ type: 'Streetlight' }] }],
};

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  house.app.inject({ method, url: DOOR + path, ...(payload ? { payload } : {}) });
const register = async (payload: object) => {
  const made = await ask('POST', '/csourceRegistrations', payload);
  expect(made.statusCode, made.body).toBe(201);
  return made;
};
const at = (id: string) => `/csourceRegistrations/${id}`;
const find = async (query: string) => {
  const answer = await ask('GET', `/csourceRegistrations?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as Record<string, unknown>[];
};
const idsFor = async (query: string) => (await find(query)).map(({ id }) => id);

beforeEach(async () => {
  for (const { tenant, id } of await house.database.query<{ tenant: string; id: string }>(
    'select tenant, id from context.registrations',
  ))
    await house.app.inject({
      method: 'DELETE',
      url: DOOR + at(id),
      headers: tenant ? { 'ngsild-tenant': tenant } : {},
    });
  await house.database.query('truncate context.entities, context.history');
});

describe('5.9.2 Register Context Source', () => {
  test('6.8.3.1: 201, its address, and what was registered is what is found', async () => {
    const made = await register(beilun);
    expect(made.body).toBe('');
    expect(made.headers.location).toBe(`${DOOR}${at(BEILUN)}`);
    expect((await ask('GET', at(BEILUN))).json()).toEqual(beilun);
  });

  test('an id is made where none is given; the same id is there once', async () => {
    const { id: _id, ...nameless } = cixi;
    const { headers } = await register(nameless);
    const id = String(headers.location).split('/').at(-1)!;
    expect((await ask('GET', at(id))).json()).toEqual({ ...cixi, id });
    const again = await ask('POST', '/csourceRegistrations', { ...cixi, id });
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({
      type: `${ERROR}AlreadyExists`,
      title: expect.any(String),
    });
  });

  const entities = [{ type: 'Streetlight' }];
  test.each([
    ['no information', { information: undefined }],
    ['information that is null', { information: null }],
    ['no element of information', { information: [] }],
    ['an empty element of information', { information: [{}] }],
    ['no entity in a list of them', { information: [{ entities: [] }] }],
    ['no name in a list of them', { information: [{ entities, propertyNames: [] }] }],
    ['an entity that is no URI', { information: [{ entities: [{ type: 'A', id: 'one' }] }] }],
    ['a pattern that is none', { information: [{ entities: [{ type: 'A', idPattern: '(' }] }] }],
    ['another type', { type: 'Streetlight' }],
    ['no endpoint', { endpoint: undefined }],
    ['an endpoint that is no address', { endpoint: 'beilun' }],
    ['an endpoint with a password', { endpoint: 'http://a:b@beilun.example' }],
    ['an unknown mode', { mode: 'both' }],
    ['an unknown operation', { operations: ['everything'] }],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['a place that is none', { location: { type: 'Point', coordinates: [300, 0] } }],
    ['a scope that is none', { scope: '//' }],
    [
      'an interval backwards',
      { observationInterval: { startAt: '2026-02-01T00:00:00Z', endAt: '2026-01-01T00:00:00Z' } },
    ],
    ['5.2.34: management that is no object', { management: 'yes' }],
    ['5.2.34: a duration that is none', { management: { cacheDuration: 'bogus' } }],
    ['5.2.34: no cooldown at all', { management: { cooldown: 0 } }],
    ['5.2.34: a timeout before now', { management: { timeout: -5 } }],
    ['5.2.34: localOnly in words', { management: { localOnly: 'yes' } }],
    [
      '4.3.6.6: a version in words',
      { contextSourceInfo: [{ key: 'ngsildConformance', value: 'new' }] },
    ],
    [
      '4.3.6.6: a medium that is not ours',
      { contextSourceInfo: [{ key: 'accept', value: 'text/html' }] },
    ],
    [
      '5.9.2.4: an auxiliary source that writes',
      { mode: 'auxiliary', operations: ['updateEntity'] },
    ],
    [
      '4.3.6.3: exclusive without attributes',
      { mode: 'exclusive', information: [{ entities: [{ type: 'A', id: LIGHT }] }] },
    ],
    [
      '4.3.6.3: exclusive for a type',
      { mode: 'exclusive', information: [{ entities, propertyNames: ['a'] }] },
    ],
  ])('%s is refused', async (_what, more) => {
    const answer = await ask('POST', '/csourceRegistrations', { ...cixi, ...more });
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  test('all that clause 5.2.9 has is kept', async () => {
    const whole = {
      ...beilun,
      registrationName: 'Beilun',
      description: 'The district of Beilun',
      contextSourceInfo: [{ key: 'Authorization', value: 'Bearer abc' }],
      contextSourceAlias: 'beilun',
      datasetId: ['urn:ngsi-ld:Dataset:beilun', '@none'],
      expiresAt: '2099-01-01T00:00:00Z',
      location: { type: 'Point', coordinates: [121.84, 29.9] },
      management: { cacheDuration: 'PT5M', cooldown: 500, timeout: 3000, localOnly: true },
      mode: 'inclusive',
      operations: ['retrieveOps', 'updateAttrs'],
      refreshRate: 'PT1H',
      scope: ['/Ningbo/Beilun'],
      tenant: 'beilun',
    };
    await register(whole);
    expect((await ask('GET', at(BEILUN))).json()).toEqual(whole);
  });
});

describe('4.3.6.3 Proxied Registrations', () => {
  const proxied = (id: string, mode: string, names = ['illuminance']) => ({
    ...cixi,
    id: `urn:ngsi-ld:ContextSourceRegistration:${id}`,
    mode,
    operations: ['redirectionOps'],
    information: [{ entities: [{ type: 'Streetlight', id: LIGHT }], propertyNames: names }],
  });
  const light = {
    id: LIGHT,
    type: 'Streetlight',
    illuminance: { type: 'Property', value: 12 },
  };

  test('beside an exclusive registration there is no other proxied one of its attributes', async () => {
    await register(proxied('first', 'exclusive'));
    for (const mode of ['exclusive', 'redirect']) {
      const second = await ask('POST', '/csourceRegistrations', proxied('second', mode));
      expect(second.statusCode).toBe(409);
      expect(second.json()).toMatchObject({ type: `${ERROR}Conflict` });
    }
    expect((await ask('GET', at(proxied('second', '').id))).statusCode).toBe(404);
    await register(proxied('others', 'exclusive', ['powerState']));
    await register(proxied('beside', 'inclusive'));
  });

  test('redirect registrations may overlap each other, but leave no room for an exclusive one', async () => {
    await register(proxied('first', 'redirect'));
    await register(proxied('second', 'redirect'));
    const third = await ask('POST', '/csourceRegistrations', proxied('third', 'exclusive'));
    expect(third.statusCode).toBe(409);
  });

  test('5.9.2.4: what is held here is not registered as held elsewhere', async () => {
    expect((await ask('POST', '/entities', light)).statusCode).toBe(201);
    for (const mode of ['exclusive', 'redirect']) {
      const refused = await ask('POST', '/csourceRegistrations', proxied('first', mode));
      expect(refused.statusCode).toBe(409);
      expect(refused.json()).toMatchObject({ type: `${ERROR}Conflict` });
    }
    await register(proxied('first', 'exclusive', ['powerState']));
    const changed = await ask('PATCH', at(proxied('first', '').id), {
      information: proxied('first', 'exclusive').information,
    });
    expect(changed.statusCode).toBe(409);
  });
});

describe('5.9.3 Update Context Source Registration', () => {
  test('5.5.8: members given take the place of those there, null removes', async () => {
    await register({ ...beilun, description: 'Beilun', management: { timeout: 5, cooldown: 7 } });
    const changed = await ask('PATCH', at(BEILUN), {
      id: BEILUN,
      type: 'ContextSourceRegistration',
      endpoint: 'http://new.example:1026',
      description: 'urn:ngsi-ld:null',
      management: { cooldown: null },
    });
    expect([changed.statusCode, changed.body]).toEqual([204, '']);
    expect((await ask('GET', at(BEILUN))).json()).toEqual({
      ...beilun,
      endpoint: 'http://new.example:1026',
      management: { timeout: 5 },
    });
  });

  test.each([
    ['an id that is no URI', 'beilun', { endpoint: 'http://a.example' }, 400, 'BadRequestData'],
    ['nobody', 'urn:ngsi-ld:none', { endpoint: 'http://a.example' }, 404, 'ResourceNotFound'],
    ['another type', BEILUN, { type: 'Streetlight' }, 400, 'BadRequestData'],
    ['no information any more', BEILUN, { information: null }, 400, 'BadRequestData'],
    ['another id', BEILUN, { id: CIXI }, 400, 'BadRequestData'],
  ])('%s is refused', async (_what, id, patch, status, type) => {
    await register(beilun);
    const answer = await ask('PATCH', at(id), patch);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: ERROR + type });
  });

  test('6.3.2: without an id there is no such method, and nothing to say but that', async () => {
    const answer = await ask('PATCH', '/csourceRegistrations/', { endpoint: 'http://a.example' });
    expect([answer.statusCode, answer.body]).toEqual([405, '']);
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
    const nothing = await ask('GET', '/csourceRegistration');
    expect(nothing.statusCode).toBe(404);
    expect(nothing.json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
  });

  test('6.3.3: what is no JSON is no request', async () => {
    await register(beilun);
    const answer = await house.app.inject({
      method: 'PATCH',
      url: DOOR + at(BEILUN),
      headers: { 'content-type': 'application/json' },
      payload: '{"endpoint":',
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}InvalidRequest` });
  });
});

describe('5.9.4 Delete and 5.10.1 Retrieve Context Source Registration', () => {
  test('what is deleted is gone, and another tenant has its own', async () => {
    await register(beilun);
    const other = await house.app.inject({
      url: DOOR + at(BEILUN),
      headers: { 'ngsild-tenant': 'other' },
    });
    expect(other.statusCode).toBe(404);
    expect((await ask('DELETE', at(BEILUN))).statusCode).toBe(204);
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await ask(method, at(BEILUN));
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
    }
    expect((await ask('GET', at('beilun'))).json()).toMatchObject({
      type: `${ERROR}BadRequestData`,
    });
  });

  test('sysAttrs shows when it was made; ld+json has its context in the body', async () => {
    await register(beilun);
    expect((await ask('GET', `${at(BEILUN)}?options=sysAttrs`)).json()).toEqual({
      ...beilun,
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
    });
    const ld = await house.app.inject({
      url: DOOR + at(BEILUN),
      headers: { accept: 'application/ld+json' },
    });
    expect(ld.json()).toEqual({ ...beilun, '@context': expect.anything() });
  });

  test('5.9.2.4: it goes when its time is over', async () => {
    await register({ ...cixi, expiresAt: new Date(Date.now() + 300).toISOString() });
    await expect.poll(async () => (await ask('GET', at(CIXI))).statusCode).toBe(404);
    expect(await idsFor('type=Streetlight')).toEqual([]);
  });
});

describe('5.10.2 Query Context Source Registrations', () => {
  test.each([
    ['nothing', ''],
    ['an id that is no URI', 'id=one'],
    ['a broken query', 'q=(one'],
    ['half a geo-query', 'georel=within'],
    ['half a temporal query', 'type=A&timerel=before'],
    ['no page at all', 'type=A&limit=0'],
  ])('%s is refused', async (_what, query) => {
    const answer = await ask('GET', `/csourceRegistrations?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  test('6.3.20: a parameter that is not of the operation is refused', async () => {
    const answer = await ask('GET', '/csourceRegistrations?type=A&orderBy=id');
    expect(answer.json()).toMatchObject({ type: `${ERROR}InvalidRequest` });
  });

  test('5.10.2.5: what matches is given as it was registered, with all its information', async () => {
    await register(beilun);
    expect(await find('type=ParkingSpot&idPattern=.*harbour$')).toEqual([beilun]);
  });

  test('5.12: entities and attributes are matched by type, id, pattern and name', async () => {
    await register(beilun);
    await register(cixi);
    const byQuery = {
      'type=Streetlight': [BEILUN, CIXI],
      'type=ParkingSpot': [BEILUN],
      'type=Streetlight&id=urn:ngsi-ld:Streetlight:2': [CIXI],
      'type=ParkingSpot&id=urn:ngsi-ld:ParkingSpot:47': [BEILUN],
      'type=ParkingSpot&id=urn:ngsi-ld:ParkingSpot:48': [],
      'id=urn:ngsi-ld:Streetlight:2': [CIXI],
      'attrs=colour': [CIXI],
      'type=Streetlight&pick=id,illuminance': [BEILUN, CIXI],
      'q=powerState=="on"': [BEILUN, CIXI],
      'q=colour=="red"': [CIXI],
      'type=Streetlight&attrs=colour&idPattern=.*beilun.*': [CIXI],
    };
    for (const [query, ids] of Object.entries(byQuery))
      expect(await idsFor(query), query).toEqual(ids);
  });

  test('csf and scopeQ are about the registration itself', async () => {
    await register({ ...beilun, scope: '/Ningbo/Beilun', operator: 'harbour' });
    await register({
      ...cixi,
      scope: '/Ningbo/Cixi',
      sourceKind: { type: 'Property', value: 'county' },
    });
    expect(await idsFor('type=Streetlight&csf=endpoint=="http://cixi.example:1026"')).toEqual([
      CIXI,
    ]);
    expect(await idsFor('type=Streetlight&csf=operator=="harbour"')).toEqual([BEILUN]);
    expect(await idsFor('type=Streetlight&csf=sourceKind=="county"')).toEqual([CIXI]);
    expect(await idsFor('type=Streetlight&csf=!sourceKind;mode!="redirect"')).toEqual([]);
    expect(await idsFor('type=Streetlight&scopeQ=/Ningbo/%23')).toEqual([BEILUN, CIXI]);
    expect(await idsFor('type=Streetlight&scopeQ=/Ningbo/Cixi')).toEqual([CIXI]);
  });

  test('4.10: its place answers, or what lies within it may', async () => {
    const ring = [
      [121.7, 29.8],
      [122, 29.8],
      [122, 30],
      [121.7, 30],
      [121.7, 29.8],
    ];
    await register({ ...beilun, location: { type: 'Polygon', coordinates: [ring] } });
    await register({ ...cixi, location: { type: 'Point', coordinates: [121.25, 30.17] } });
    await register({ ...cixi, id: `${CIXI}:nowhere` });
    const near = (meters: number) =>
      `type=Streetlight&georel=near;maxDistance==${meters}&geometry=Point&coordinates=[121.25,30.17]`;
    expect(await idsFor(near(2_000))).toEqual([CIXI]);
    expect(await idsFor(near(200_000))).toEqual([BEILUN, CIXI]);
    const inside = '[[[121.8,29.85],[121.9,29.85],[121.9,29.9],[121.8,29.85]]]';
    for (const relation of ['within', 'intersects', 'contains', 'overlaps'])
      expect(
        await idsFor(`type=Streetlight&georel=${relation}&geometry=Polygon&coordinates=${inside}`),
        relation,
      ).toEqual([BEILUN]);
  });

  test('a source of histories answers for its time alone, one of the present for now', async () => {
    const interval = { startAt: '2026-01-01T00:00:00Z', endAt: '2026-06-01T00:00:00Z' };
    await register({ ...cixi, observationInterval: interval });
    await register({
      ...cixi,
      id: `${CIXI}:kept`,
      managementInterval: { startAt: interval.startAt },
    });
    await register(beilun);
    expect(await idsFor('type=Streetlight')).toEqual([BEILUN]);
    const during = (from: string, more = '') =>
      idsFor(`type=Streetlight&timerel=after&timeAt=${from}T00:00:00Z${more}`);
    expect(await during('2026-02-01')).toEqual([CIXI]);
    expect(await during('2026-06-01')).toEqual([CIXI]);
    expect(await during('2026-07-01')).toEqual([]);
    expect(await during('2026-07-01', '&timeproperty=modifiedAt')).toEqual([`${CIXI}:kept`]);
    const between = (from: string, to: string) =>
      idsFor(`type=Streetlight&timerel=between&timeAt=${from}T00:00:00Z&endTimeAt=${to}T00:00:00Z`);
    expect(await between('2025-01-01', '2026-02-01')).toEqual([CIXI]);
    expect(await between('2025-01-01', '2025-02-01')).toEqual([]);
  });

  test('5.5.9: page by page, counted', async () => {
    for (const n of [1, 2, 3]) await register({ ...cixi, id: `${CIXI}:${n}` });
    const page = await ask(
      'GET',
      '/csourceRegistrations?type=Streetlight&limit=1&offset=1&count=true',
    );
    expect(page.json()).toMatchObject([{ id: `${CIXI}:2` }]);
    expect(page.headers['ngsild-results-count']).toBe('3');
    const links = String(page.headers.link).split(', ');
    expect(links.find((link) => link.includes('rel="next"'))).toContain('offset=2');
    expect(links.find((link) => link.includes('rel="prev"'))).toContain('offset=0');
  });

  test('5.5.7: names are those of the caller', async () => {
    const harbour = {
      '@context': { Light: 'http://example.org/Light', lux: 'http://example.org/lux' },
      id: CIXI,
      type: 'ContextSourceRegistration',
      endpoint: 'http://cixi.example',
      information: [{ entities: [{ type: 'Light' }], propertyNames: ['lux'] }],
    };
    const made = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/csourceRegistrations`,
      headers: { 'content-type': 'application/ld+json' },
      payload: harbour,
    });
    expect(made.statusCode).toBe(201);
    expect(await idsFor('type=Light')).toEqual([]);
    expect(await find('type=http://example.org/Light')).toMatchObject([
      {
        information: [
          {
            entities: [{ type: 'http://example.org/Light' }],
            propertyNames: ['http://example.org/lux'],
          },
        ],
      },
    ]);
  });
});
