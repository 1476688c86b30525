import { describe, expect, test } from 'vitest';
import { ERROR, LINK } from './cases.ts';
import { alone, LAMP, lamp, standCity } from './distributed-stand.ts';

/** Clauses 4.3.6, 4.5.5, 5.7 and 6.3.17 of ETSI GS CIM 009 v1.9.1: answers that sources have a part in. */
const city = standCity();
const ONE = `/entities/${LAMP}`;
const observed = (value: unknown, observedAt: string) => ({
  id: LAMP,
  type: 'Streetlight',
  powerState: { type: 'Property', value, observedAt },
});
const shown = async (path: string) => {
  const answer = await city.ask('GET', path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};

describe('5.12 What a source is asked for', () => {
  const idPattern = '^urn:ngsi-ld:Streetlight:beilun:';
  const information = [{ entities: [{ type: 'Streetlight', idPattern }] }];

  test('a query goes on by the pattern that was registered', async () => {
    await city.register(city.beilun, { information });
    await shown('/entities?type=Streetlight');
    expect(city.beilun.asked[0]!.query.get('idPattern')).toBe(idPattern);
  });

  test('of the ids asked for those that may be there go on', async () => {
    await city.register(city.beilun, { information });
    await shown(`/entities?type=Streetlight&id=${LAMP},urn:ngsi-ld:Streetlight:cixi:1`);
    expect(city.beilun.asked[0]!.query.get('id')).toBe(LAMP);
  });
});

describe('5.7.1 Retrieve Entity', () => {
  test('what is here and what is there are one entity', async () => {
    await city.register(city.beilun, alone(['powerState']));
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', ONE, [200, lamp({ powerState: 'on' })]);
    expect(await shown(ONE)).toEqual(lamp({ height: 8, powerState: 'on' }));
  });

  test('4.3.6.1: what a source did not register is not taken from it', async () => {
    await city.register(city.beilun, alone(['powerState']));
    city.beilun.on('GET', ONE, [200, lamp({ powerState: 'on', height: 99 })]);
    expect(await shown(ONE)).toEqual(lamp({ powerState: 'on' }));
  });

  test.each([
    ['here', '2026-03-01T10:00:01Z', '2026-03-01T10:00:00Z', 'on'],
    ['there', '2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z', 'off'],
  ])('4.5.5.3: the one observed last is %s', async (_where, here, there, value) => {
    await city.register(city.beilun);
    await city.hold(observed('on', here));
    city.beilun.on('GET', ONE, [200, observed('off', there)]);
    expect(await shown(`${ONE}?options=simplified`)).toMatchObject({ powerState: value });
  });

  test('4.5.5.1: instances of several datasets stand beside each other', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    const datasetId = 'urn:ngsi-ld:Dataset:survey';
    const height = { type: 'Property', value: 8.2, datasetId };
    city.beilun.on('GET', ONE, [200, { id: LAMP, type: 'Streetlight', height }]);
    expect((await shown(ONE)).height).toEqual([{ type: 'Property', value: 8 }, height]);
  });

  test('4.5.5.2: what has expired there is not shown', async () => {
    await city.register(city.beilun);
    const expiresAt = '2020-01-01T00:00:00Z';
    city.beilun.on('GET', ONE, [200, { ...lamp({ height: 8 }), expiresAt }]);
    expect((await city.ask('GET', ONE)).statusCode).toBe(404);
  });

  test('4.3.6.2: an auxiliary source fills gaps and overrides nothing', async () => {
    await city.register(city.beilun, { mode: 'auxiliary', operations: ['retrieveOps'] });
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', ONE, [200, lamp({ height: 9, maker: 'Ninghai' })]);
    expect(await shown(ONE)).toEqual(lamp({ height: 8, maker: 'Ninghai' }));
  });

  test.each([
    ['an error', [403, {}], 299],
    ['no JSON', [200, 'not a document'], 111],
    ['no entity', [200, { id: 5 }], 111],
    ['nothing in time', 'never', 199],
  ] as const)('6.3.17: a source with %s leaves a warning', async (_what, answer, code) => {
    await city.register(city.beilun, { management: { timeout: 200 } });
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', ONE, answer);
    const told = await city.ask('GET', ONE);
    expect(told.statusCode).toBe(200);
    expect(told.json()).toEqual(lamp({ height: 8 }));
    expect(String(told.headers['ngsild-warning'])).toMatch(new RegExp(`^${code} `));
  });

  test('6.3.17: nobody there is a warning too, also where nothing was found', async () => {
    await city.register({ url: 'http://127.0.0.1:9' });
    const told = await city.ask('GET', ONE);
    expect(told.statusCode).toBe(404);
    expect(String(told.headers['ngsild-warning'])).toMatch(/^199 /);
  });

  test('6.3.17: a source that does not know it is nothing abnormal', async () => {
    await city.register(city.beilun);
    const told = await city.ask('GET', ONE);
    expect(told.statusCode).toBe(404);
    expect(told.headers['ngsild-warning']).toBeUndefined();
    expect(city.beilun.asked).toHaveLength(1);
  });

  test('6.3.18: local=true asks nobody', async () => {
    await city.register(city.beilun);
    expect((await city.ask('GET', `${ONE}?local=true`)).statusCode).toBe(404);
    expect(city.beilun.asked).toEqual([]);
  });
});

describe('how a source is asked', () => {
  test('6.3.18: with our pseudonym in Via, behind those before us', async () => {
    await city.register(city.beilun);
    await city.ask('GET', ONE, undefined, { via: '1.1 yinzhou' });
    const { contextSourceAlias } = (await city.ask('GET', '/info/sourceIdentity')).json();
    expect(city.beilun.asked[0]?.headers.via).toBe(`1.1 yinzhou, 1.1 ${contextSourceAlias}`);
  });

  test('4.3.6.4: not at all where the request went through it', async () => {
    await city.register(city.beilun, { contextSourceAlias: 'beilun' });
    await city.ask('GET', ONE, undefined, { via: '1.1 beilun, 1.1 cixi' });
    expect(city.beilun.asked).toEqual([]);
  });

  test('4.3.6.4: nobody is read from where the request was here before, with a warning', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    await city.ask('GET', ONE);
    const { via } = city.beilun.asked[0]!.headers;
    const told = await city.ask('GET', ONE, undefined, { via: String(via) });
    expect(told.statusCode).toBe(200);
    expect(city.beilun.asked).toHaveLength(1);
    expect(String(told.headers['ngsild-warning'])).toMatch(/^199 /);
  });

  test('6.3.17: what is written comes to an end with 508 where it was here before', async () => {
    await city.register(city.beilun, { mode: 'redirect' });
    await city.ask('GET', ONE);
    const { via } = city.beilun.asked[0]!.headers;
    const gone = await city.ask('DELETE', ONE, undefined, { via: String(via) });
    expect(gone.statusCode).toBe(508);
    expect(city.beilun.asked).toHaveLength(1);
  });

  test('4.3.6.5: what the registration says to send, and what the request brought', async () => {
    await city.register(city.beilun, {
      tenant: 'lights',
      contextSourceInfo: [
        { key: 'Authorization', value: 'Bearer of-the-city' },
        { key: 'X-Person', value: 'urn:ngsi-ld:request' },
        { key: 'X-Missing', value: 'urn:ngsi-ld:request' },
        { key: 'Content-Length', value: '1' },
        { key: 'NGSILD-Tenant', value: 'another' },
      ],
    });
    await city.ask('GET', ONE, undefined, { 'x-person': 'wang' });
    const { headers } = city.beilun.asked[0]!;
    expect(headers).toMatchObject({
      authorization: 'Bearer of-the-city',
      'x-person': 'wang',
      'ngsild-tenant': 'lights',
    });
    expect(headers).not.toHaveProperty('x-missing');
    expect(headers['content-length']).not.toBe('1');
  });

  test('4.3.6.4: of what it has itself, where the registration says so', async () => {
    await city.register(city.beilun, { management: { localOnly: true } });
    await city.ask('GET', ONE);
    expect(city.beilun.asked[0]?.query.get('local')).toBe('true');
  });

  test('4.3.6.6: with the context of the request, and the format registered', async () => {
    const contextSourceInfo = [{ key: 'accept', value: 'application/ld+json' }];
    await city.register(city.beilun, { contextSourceInfo });
    await city.ask('GET', ONE, undefined, { link: LINK });
    const { headers } = city.beilun.asked[0]!;
    expect(headers.accept).toMatch(/^application\/ld\+json/);
    expect(headers.link).toMatch(/rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"/);
  });

  test('4.3.6.6: a body with its context within, where it is registered so', async () => {
    const contextSourceInfo = [{ key: 'contentType', value: 'application/ld+json' }];
    await city.register(city.beilun, { contextSourceInfo });
    city.beilun.on('POST', '/entities', 201);
    await city.ask('POST', '/entities', lamp({ height: 8 }));
    const { headers, body } = city.beilun.asked[0]!;
    expect(headers['content-type']).toMatch(/^application\/ld\+json/);
    expect(body).toHaveProperty('@context');
  });

  test('Table 5.2.9-1: a source that failed is left alone until its cooldown is over', async () => {
    await city.register(city.beilun, { management: { timeout: 200, cooldown: 60_000 } });
    city.beilun.on('GET', ONE, 'never');
    await city.ask('GET', ONE);
    const told = await city.ask('GET', ONE);
    expect(city.beilun.asked).toHaveLength(1);
    expect(String(told.headers['ngsild-warning'])).toMatch(/^199 /);
  });
});

describe('5.7.2 Query Entities', () => {
  const ALL = '/entities?type=Streetlight';
  const idOf = (n: number) => `urn:ngsi-ld:Streetlight:beilun:${n}`;
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

  test('those here and those there, each once and merged', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', '/entities', [
      200,
      [lamp({ maker: 'Ninghai' }), lamp({ height: 9 }, idOf(2))],
    ]);
    expect(await shown(`${ALL}&count=true`)).toEqual([
      lamp({ height: 8, maker: 'Ninghai' }),
      lamp({ height: 9 }, idOf(2)),
    ]);
  });

  test('4.3.6.1: a source is asked for what it registered', async () => {
    await city.register(city.beilun, alone(['powerState']));
    city.beilun.on('GET', '/entities', [200, [lamp({ powerState: 'on' })]]);
    await shown('/entities?type=Streetlight,ParkingSpot');
    const { query } = city.beilun.asked[0]!;
    expect(query.get('type')).toBe('Streetlight');
    expect(query.get('id')).toBe(LAMP);
    expect(query.get('attrs')).toBe('powerState');
  });

  test('5.7.2.4: filters go with the request', async () => {
    await city.register(city.beilun);
    city.beilun.on('GET', '/entities', [200, []]);
    await shown(`${ALL}&q=height>5&scopeQ=/Beilun`);
    const { query } = city.beilun.asked[0]!;
    expect([query.get('q'), query.get('scopeQ')]).toEqual(['height>5', '/Beilun']);
  });

  test('4.3.6.7: of split entities what is put together is filtered', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', '/entities', [
      200,
      [lamp({ powerState: 'on' }), lamp({ powerState: 'on' }, idOf(2))],
    ]);
    const q = encodeURIComponent('height==8;powerState=="on"');
    expect(ids(await shown(`${ALL}&splitEntities=true&q=${q}`))).toEqual([LAMP]);
    expect(city.beilun.asked[0]?.query.has('q')).toBe(false);
  });

  test('5.5.9: pages over all sources, with their number', async () => {
    await city.register(city.beilun);
    await city.register(city.cixi);
    for (const n of [1, 4]) await city.hold(lamp({ height: n }, idOf(n)));
    city.beilun.on('GET', '/entities', [200, [3, 4].map((n) => lamp({ maker: 'A' }, idOf(n)))]);
    city.cixi.on('GET', '/entities', [200, [2, 3].map((n) => lamp({ owner: 'B' }, idOf(n)))]);
    const pages = await Promise.all(
      [0, 2].map((offset) => city.ask('GET', `${ALL}&limit=2&offset=${offset}&count=true`)),
    );
    expect(pages.map((page) => ids(page.json()))).toEqual([
      [idOf(1), idOf(2)],
      [idOf(3), idOf(4)],
    ]);
    expect(pages.map(({ headers }) => headers['ngsild-results-count'])).toEqual(['4', '4']);
    expect(String(pages[0]?.headers.link)).toMatch(/rel="next"/);
    expect(String(pages[1]?.headers.link)).not.toMatch(/rel="next"/);
  });

  test('5.7.2.4: no order over several sources, and order over what is here', async () => {
    await city.register(city.beilun);
    const refused = await city.ask('GET', `${ALL}&orderBy=height`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
    expect((await city.ask('GET', `${ALL}&orderBy=height&local=true`)).statusCode).toBe(200);
  });

  test('4.3.6.3: what an exclusive source has is added to what is here', async () => {
    await city.register(city.beilun, { mode: 'exclusive', ...alone(['powerState']) });
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', '/entities', [200, [lamp({ powerState: 'on' })]]);
    expect(await shown(ALL)).toEqual([lamp({ height: 8, powerState: 'on' })]);
  });

  test('5.7.2.4: csf says which sources are asked', async () => {
    await city.register(city.beilun, { district: 'Beilun' });
    await city.register(city.cixi, { district: 'Cixi' });
    for (const source of [city.beilun, city.cixi]) source.on('GET', '/entities', [200, []]);
    await shown(`${ALL}&csf=${encodeURIComponent('district=="Cixi"')}`);
    expect([city.beilun.asked.length, city.cixi.asked.length]).toEqual([0, 1]);
  });

  test('6.23.3.1: a query by POST is distributed, too', async () => {
    await city.register(city.beilun);
    const found = [200, [lamp({ height: 9 }, idOf(2))]] as const;
    city.beilun.on('GET', '/entities', found);
    city.beilun.on('POST', '/entityOperations/query', found);
    const answer = await city.ask('POST', '/entityOperations/query', {
      type: 'Query',
      entities: [{ type: 'Streetlight' }],
    });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(ids(answer.json())).toEqual([idOf(2)]);
  });

  test('6.3.17: the others answer while one does not, and the answer says so', async () => {
    await city.register(city.beilun);
    const silent = await city.register(city.cixi, { management: { timeout: 200 } });
    city.beilun.on('GET', '/entities', [200, [lamp({ height: 8 })]]);
    city.cixi.on('GET', '/entities', 'never');
    const answer = await city.ask('GET', ALL);
    expect(ids(answer.json())).toEqual([LAMP]);
    expect(String(answer.headers['ngsild-warning'])).toMatch(/^199 /);
    expect(String(answer.headers['ngsild-warning'])).toContain(silent);
  });
});

describe('5.7.5 to 5.7.10 types and attributes', () => {
  const list = (more: object) => [200, { id: 'urn:ngsi-ld:EntityTypeList:1', ...more }] as const;

  test('5.7.5: types here and there, each once', async () => {
    const entities = [{ type: 'Streetlight' }, { type: 'ParkingSpot' }];
    await city.register(city.beilun, { information: [{ entities }] });
    await city.hold(lamp({ height: 8 }));
    const typeList = ['Streetlight', 'ParkingSpot'];
    city.beilun.on('GET', '/types', list({ type: 'EntityTypeList', typeList }));
    expect((await shown('/types')).typeList).toEqual(['ParkingSpot', 'Streetlight']);
    expect((await shown('/types?local=true')).typeList).toEqual(['Streetlight']);
  });

  test('5.7.7: how many of a type, and with which attributes', async () => {
    await city.register(city.beilun);
    await city.hold(lamp({ height: 8 }));
    city.beilun.on('GET', '/types/Streetlight', [
      200,
      {
        type: 'EntityTypeInfo',
        typeName: 'Streetlight',
        entityCount: 2,
        attributeDetails: [{ attributeName: 'powerState', attributeTypes: ['Property'] }],
      },
    ]);
    const { entityCount, attributeDetails } = await shown('/types/Streetlight');
    expect(entityCount).toBe(3);
    expect(
      attributeDetails.map(({ attributeName }: { attributeName: string }) => attributeName),
    ).toEqual(['height', 'powerState']);
  });

  test('5.7.10: an attribute that only a source knows; an error there is a warning', async () => {
    await city.register(city.beilun);
    const path = '/attributes/powerState';
    city.beilun.on('GET', path, [
      200,
      { attributeName: 'powerState', attributeCount: 4, attributeTypes: ['Property'] },
    ]);
    expect(await shown(path)).toMatchObject({ attributeName: 'powerState', attributeCount: 4 });
    city.beilun.on('GET', path, 500);
    const told = await city.ask('GET', path);
    expect(told.statusCode).toBe(404);
    expect(String(told.headers['ngsild-warning'])).toMatch(/^299 /);
  });
});
