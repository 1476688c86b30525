/**
 * What the whole house answers to input that nobody should send: each a clear sentence that names the clause or the
 * field, never a bug, and nothing of it is kept.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestCity } from './city.ts';

const NGSI = 'https://uri.etsi.org/ngsi-ld/errors/';
const BAD = `${NGSI}BadRequestData`;
const ENTITIES = '/ngsi-ld/v1/entities';
const JSON_TYPE = 'application/json';
const LD_TYPE = 'application/ld+json';

let house: House;
beforeAll(async () => {
  house = await openTestCity({ AUTH: 'on' });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
const send = async (
  method: Method,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const began = performance.now();
  const answer = await house.app.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${house.consoleSecret}`,
      ...(body === undefined ? {} : { 'content-type': JSON_TYPE }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: answer.statusCode,
    type: String(answer.headers['content-type'] ?? ''),
    body: (answer.body ? answer.json() : {}) as Record<string, unknown>,
    text: answer.body,
    ms: performance.now() - began,
  };
};

const thing = (more: object = {}) => ({ id: 'urn:ngsi-ld:Thing:bad', type: 'Thing', ...more });
const create = (more: object, headers?: Record<string, string>) =>
  send('POST', ENTITIES, thing(more), headers);
const geo = (type: unknown, coordinates: unknown) => ({
  location: { type: 'GeoProperty', value: { type, coordinates } },
});
const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce((inner) => [inner], 1 as unknown);
const context = (value: unknown) => create({ '@context': value }, { 'content-type': LD_TYPE });

describe('the NGSI-LD door', () => {
  afterAll(async () => {
    expect((await send('GET', `${ENTITIES}/urn:ngsi-ld:Thing:bad`)).status).toBe(404);
  });

  test('refuses names longer than an index holds, and nobody else is refused with them', async () => {
    const long = `urn:x:${'長'.repeat(2000)}`;
    const [bad, good] = await Promise.all([
      send('POST', ENTITIES, { id: long, type: 'Thing' }),
      send('POST', ENTITIES, { id: 'urn:x:beside', type: 'Thing' }),
    ]);
    expect([bad.status, good.status]).toEqual([400, 201]);
    expect((await create({ type: 'T'.repeat(6000) })).status).toBe(400);
    expect((await send('GET', '/ngsi-ld/v1/types/A%00')).status).toBeLessThan(500);
  });

  test.each([
    ['half an object', '{"id": "urn:x:y"'],
    ['a blank', ' '],
    ['a word', 'hello'],
    ['bytes that are no text', '{"a": "\u0001"}'],
    ['a trailing comma', '{"id":"urn:x:y",}'],
  ])('says that %s is not JSON', async (_, text) => {
    const { status, body } = await send('POST', ENTITIES, text);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: `${NGSI}InvalidRequest`, detail: expect.any(String) });
  });

  test.each([
    ['a list', [], /object/],
    ['a number', 7, /object/],
    ['null', null, /object/],
    ['no id', { type: 'T' }, /id must be a URI \(clause 4\.5\.1\)/],
    ['an id that is no URI', { id: 'a b', type: 'T' }, /id must be a URI \(clause 4\.5\.1\)/],
    ['no type', { id: 'urn:x:y' }, /type/],
    ['a type that is a number', { id: 'urn:x:y', type: 3 }, /type/],
    ['no types', { id: 'urn:x:y', type: [] }, /types/],
    ['null', thing({ a: null }), /a .*null/],
    ['a Property without a value', thing({ a: { type: 'Property' } }), /a/],
    ['an unknown kind of attribute', thing({ a: { type: 'Wish', value: 1 } }), /a/],
    ['a Relationship to no URI', thing({ a: { type: 'Relationship', object: 'no' } }), /a.*URI/],
    [
      'a language map of numbers',
      thing({ a: { type: 'LanguageProperty', languageMap: { zh: 1 } } }),
      /4\.5\.18/,
    ],
    [
      'a time that is none',
      thing({ a: { type: 'Property', value: 1, observedAt: 'yesterday' } }),
      /a\.observedAt.*4\.6\.3/,
    ],
    [
      'a time without a zone',
      thing({ a: { type: 'Property', value: 1, observedAt: '2026-08-01T08:00:00' } }),
      /observedAt/,
    ],
    [
      'a unit that is no text',
      thing({ a: { type: 'Property', value: 1, unitCode: 7 } }),
      /unitCode/,
    ],
    [
      'a datasetId that is no URI',
      thing({ a: { type: 'Property', value: 1, datasetId: 'x y' } }),
      /datasetId/,
    ],
    [
      'two default instances',
      thing({
        a: [
          { type: 'Property', value: 1 },
          { type: 'Property', value: 2 },
        ],
      }),
      /a/,
    ],
    ['values nested without end', thing({ a: { type: 'Property', value: deep(200) } }), /nested/],
    ['a scope that is no path', thing({ scope: '/a//b' }), /scope/i],
  ])('refuses %s and names what is wrong', async (_, json, names) => {
    const { status, body } = await send('POST', ENTITIES, json);
    expect(body).toMatchObject({ type: BAD, status: 400 });
    expect(status).toBe(400);
    expect(String(body['detail'])).toMatch(names);
  });

  test.each([
    ['an unknown type', geo('Circle', [121, 29])],
    ['a latitude past the pole', geo('Point', [121, 91])],
    ['a longitude beyond the world', geo('Point', [999, 29])],
    ['one number', geo('Point', [121])],
    ['texts', geo('Point', ['121', '29'])],
    ['a line of one point', geo('LineString', [[121, 29]])],
    [
      'a ring that does not close',
      geo('Polygon', [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      ]),
    ],
    [
      'a ring of three',
      geo('Polygon', [
        [
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      ]),
    ],
    [
      'rings that cross each other',
      geo('Polygon', [
        [
          [0, 0],
          [2, 0],
          [2, 2],
          [0, 0],
        ],
        [
          [1, -1],
          [1.5, -1],
          [1.5, 1],
          [1, -1],
        ],
      ]),
    ],
    ['no coordinates', { location: { type: 'GeoProperty', value: { type: 'Point' } } }],
    ['a value that is no geometry', { location: { type: 'GeoProperty', value: 'here' } }],
  ])('refuses a geometry with %s', async (_, more) => {
    const { status, body } = await create(more);
    expect(body).toMatchObject({ type: BAD });
    expect(status).toBe(400);
    expect(String(body['detail'])).toMatch(
      /geometr|coordinate|ring|Polygon|Point|LineString|position|GeoJSON/i,
    );
  });

  test('takes a context neither from inside the network nor from anything but http', async () => {
    for (const url of [
      'http://127.0.0.1:21900/c.jsonld',
      'http://169.254.169.254/latest',
      'http://[::1]/c',
      'http://localhost/c',
    ]) {
      const { status, body } = await context(url);
      expect(body, url).toMatchObject({ type: `${NGSI}LdContextNotAvailable`, status: 504 });
      expect(status).toBe(504);
    }
    for (const url of ['file:///etc/passwd', 'ftp://example.org/c', 'c.jsonld'])
      expect((await context(url)).body, url).toMatchObject({ type: BAD });
  });

  test('refuses contexts in rings, in depth and in number', async () => {
    const rings = { a: { '@id': 'b:x' }, b: { '@id': 'a:y' } };
    expect((await context(rings)).body).toMatchObject({ type: BAD });
    expect((await context(7)).body).toMatchObject({ type: BAD });
    expect(
      (await context(Array.from({ length: 60 }, () => ({ a: 'urn:a:b' })))).body,
    ).toMatchObject({ type: BAD });
    expect((await context({ a: 7 })).body).toMatchObject({ type: BAD });
    const nested = await send(
      'POST',
      ENTITIES,
      `{"id":"urn:x:y","type":"T","@context":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      { 'content-type': LD_TYPE },
    );
    expect(nested.status).toBe(400);
    expect(nested.ms).toBeLessThan(1000);
  });

  test('refuses a body that is too large before it reads it all', async () => {
    const { status, body } = await send('POST', ENTITIES, `{"a":"${'x'.repeat(9 * 1024 * 1024)}"}`);
    expect(status).toBe(413);
    expect(body).toMatchObject({ status: 413, detail: expect.stringMatching(/large/i) });
  });

  test('refuses words of other media types', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data'])
      expect((await send('POST', ENTITIES, thing(), { 'content-type': type })).status).toBe(415);
    const { status } = await send('GET', `${ENTITIES}?type=Thing`, undefined, {
      accept: 'text/csv',
    });
    expect(status).toBe(406);
  });

  test('refuses names of tenants that no table could hold', async () => {
    const { body } = await send('GET', `${ENTITIES}?type=Thing`, undefined, {
      'ngsild-tenant': "'; drop table",
    });
    expect(body).toMatchObject({ type: BAD, detail: expect.stringContaining('6.3.14') });
  });

  test('refuses doubles: a member twice, an entity twice, an id twice in a batch', async () => {
    const id = 'urn:ngsi-ld:Thing:double';
    const entity = { id, type: 'Thing' };
    expect((await send('POST', ENTITIES, entity)).status).toBe(201);
    expect((await send('POST', ENTITIES, entity)).body).toMatchObject({
      type: `${NGSI}AlreadyExists`,
      status: 409,
    });
    const batch = await send('POST', '/ngsi-ld/v1/entityOperations/create', [
      { id: `${id}2`, type: 'Thing' },
      { id: `${id}2`, type: 'Thing' },
    ]);
    expect(batch.status).toBe(207);
    expect(batch.body).toMatchObject({
      success: [`${id}2`],
      errors: [{ entityId: `${id}2`, error: { type: `${NGSI}AlreadyExists` } }],
    });
  });

  test('refuses text with the one character that no database keeps', async () => {
    const { status, body } = await create({ a: { type: 'Property', value: 'x\u0000y' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: BAD });
  });

  test.each([
    ['limit=-1', /limit/],
    ['limit=1000000', /limit/],
    ['offset=x', /offset/],
    ['q=((((', /q/],
    ['q=a==', /q/],
    ['georel=near', /georel|geometry|maxDistance/],
    [
      'georel=near;maxDistance==5&geometry=Point&coordinates=[999,0]',
      /position|coordinate|longitude|degrees/i,
    ],
    ['georel=near;maxDistance==5&geometry=Point&coordinates=hello', /coordinates/],
    ['idPattern=(a%2B)%2B%24%5B', /regular expression/],
    ['options=everything', /options/],
    ['format=xml', /format/],
    ['wish=1', /wish/],
  ])('refuses the query ?%s and names the parameter', async (query, names) => {
    const { status, text, ms } = await send('GET', `${ENTITIES}?type=Thing&${query}`);
    expect(status).toBe(400);
    expect(text).toMatch(names);
    expect(ms).toBeLessThan(1000);
  });
});

describe('the gateway of devices', () => {
  const readings = (id: string, body: unknown, secret: string) =>
    send('POST', `/api/sensing/devices/${id}/readings`, body, {
      authorization: `Bearer ${secret}`,
    });
  let id: string;
  let secret: string;
  beforeAll(async () => {
    const made = await send('POST', '/api/sensing/sandbox-devices', {});
    ({
      secret,
      device: { id },
    } = made.body as never);
  });

  test('knows neither unknown devices nor wrong secrets', async () => {
    expect((await readings(id, { t: 1 }, 'wrong')).body).toMatchObject({ status: 401 });
    expect((await readings('someone-else', { t: 1 }, secret)).body).toMatchObject({ status: 403 });
    const unknown = await send('POST', '/api/sensing/devices/nobody-knows/readings', { t: 1 });
    expect(unknown.body).toMatchObject({
      status: 404,
      title: expect.stringContaining('nobody-knows'),
    });
  });

  test('refuses clocks that are far wrong and names the member', async () => {
    for (const observedAt of ['2126-01-01T00:00:00Z', '1826-01-01T00:00:00Z', 'noon']) {
      const { status, body } = await readings(id, { t: 1, observedAt }, secret);
      expect(status, observedAt).toBe(400);
      expect(String(body['title']), observedAt).toMatch(/observedAt|clock|future|old|time/i);
    }
  });

  test('refuses places that are not on earth and readings of nothing', async () => {
    for (const reading of [{ t: 1, location: [500, 2] }, {}, [], 'x', { t: 1, location: 'here' }]) {
      const { status, body } = await readings(id, reading, secret);
      expect(status, JSON.stringify(reading)).toBe(400);
      expect(body, JSON.stringify(reading)).toMatchObject({ title: expect.any(String) });
    }
  });

  test('refuses a unit that cannot be what the mapping wants', async () => {
    const document = { attributes: { temperature: { from: 't', unit: 'no-such-unit' } } };
    const { status, body } = await send('PUT', '/api/sensing/mappings/wrong', {
      name: { zh: '错', en: 'Wrong' },
      document,
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 400 });
  });

  test('refuses a device that is already there', async () => {
    const device = {
      id: 'twice',
      name: { zh: '双', en: 'Twice' },
      class: 'I20.1/test',
      entity: 'urn:ngsi-ld:Device:twice',
      entityType: 'Device',
    };
    expect((await send('POST', '/api/sensing/devices', device)).status).toBe(201);
    expect((await send('POST', '/api/sensing/devices', device)).body).toMatchObject({
      status: 409,
      title: expect.stringContaining('twice'),
    });
  });
});

describe('the doors of people', () => {
  test('refuse a name that no column holds', async () => {
    const body = { name: 'ad\u0000min', password: 'wrong wrong wrong' };
    const { status } = await send('POST', '/api/identity/sessions', body, { authorization: '' });
    expect(status).toBe(400);
  });

  test('refuse wrong passwords without saying which part was wrong', async () => {
    const wrong = { name: 'admin', password: 'wrong wrong wrong' };
    const known = await send('POST', '/api/identity/sessions', wrong, { authorization: '' });
    const unknown = await send(
      'POST',
      '/api/identity/sessions',
      { ...wrong, name: 'nobody' },
      { authorization: '' },
    );
    expect(known.status).toBe(401);
    expect(unknown.body).toEqual(known.body);
  });

  test('name the fault in problem+json', async () => {
    const { status, type, body } = await send('POST', '/api/sensing/devices', { id: 7 });
    expect(status).toBe(400);
    expect(type).toContain('application/problem+json');
    expect(body).toMatchObject({ title: expect.stringMatching(/body/), faults: expect.any(Array) });
  });
});
