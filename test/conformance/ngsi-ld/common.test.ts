import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, DOOR, ERROR, LINK, run, VOCABULARY } from './cases.ts';

/** Expected values are those of ETSI GS CIM 009 V1.9.1. */
const ID = 'urn:ngsi-ld:Quay:beilun-2';
const quay = (more: object = {}) => ({ id: ID, type: 'Quay', ...more });
const place = { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.88, 29.93] } };

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));

describe('6.3.4 and 6.3.6 What is given, and where its context is', () => {
  const given = [quay({ location: place })];
  const takes = (accept: string, type: RegExp): Case => ({
    is: `6.3.4: Accept: ${accept}`,
    given,
    ask: ['GET', ID],
    headers: { accept },
    status: 200,
    answers: { 'content-type': expect.stringMatching(type) },
  });
  hold([
    takes('*/*', /^application\/json/),
    takes('application/ld+json, application/json', /^application\/json/),
    takes('application/geo+json, application/json', /^application\/json/),
    takes('application/json;q=0.1, application/ld+json;q=0.9', /^application\/ld\+json/),
    takes('application/json;q=0, */*', /^application\/ld\+json/),
    takes('*/*;q=0.9, application/ld+json;q=0.8', /^application\/json/),
    takes('application/ld+json;q=much', /^application\/ld\+json/),
    takes('application/geo+json', /^application\/geo\+json/),
    {
      is: '6.3.4: what cannot be given is 406, whether or not it is there',
      ask: ['GET', ID],
      headers: { accept: 'application/xml' },
      status: 406,
    },
    {
      is: '6.3.6: plain JSON tells its context in the Link header',
      given,
      ask: ['GET', ID],
      status: 200,
      answers: { link: expect.stringContaining('http://www.w3.org/ns/json-ld#context') },
    },
    {
      is: '6.3.6: with Prefer: body=json GeoJSON tells its context in the Link header too',
      given,
      ask: ['GET', '/entities?type=Quay'],
      headers: { accept: 'application/geo+json', prefer: 'body=json' },
      status: 200,
      body: {
        type: 'FeatureCollection',
        features: [
          {
            id: ID,
            type: 'Feature',
            geometry: place.value,
            properties: { type: 'Quay', location: place },
          },
        ],
      },
      answers: { link: expect.stringContaining('json-ld#context') },
    },
  ]);
});

describe('6.3.4, 6.3.5 and 6.3.20 What is asked', () => {
  hold([
    {
      is: '6.3.4: no Content-Length is just 411, whatever the tenant',
      ask: ['PATCH', `${ID}/attrs`],
      headers: {
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
        'ngsild-tenant': 'nobody',
      },
      status: 411,
      body: '',
    },
    {
      is: '6.3.5: two contexts by Link headers are BadRequestData',
      ask: ['GET', '/entities?type=Quay'],
      headers: { link: `${LINK}, ${LINK.replace('v1.8', 'v1.7')}` },
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.5: the same one twice is one',
      ask: ['GET', '/entities?type=Quay'],
      headers: { link: `${LINK}, ${LINK}` },
      status: 200,
      body: [],
    },
    {
      is: '5.5.4: a body that is no JSON is InvalidRequest',
      ask: ['POST', '/entities', '{"id": "urn:ngsi-ld:Quay:1", "type":'],
      status: 400,
      error: 'InvalidRequest',
    },
    ...(
      [
        ['GET', '/entities?type=Quay&wish=1'],
        ['GET', '/types?wish=1'],
        ['GET', '/info/sourceIdentity?wish=1'],
        ['DELETE', '/entities?type=Quay&wish=1'],
        ['DELETE', `${ID}?wish=1`],
      ] as const
    ).map(([method, path]): Case => ({
      is: `6.3.20: ${method} ${path} is InvalidRequest`,
      ask: [method, path],
      status: 400,
      error: 'InvalidRequest',
    })),
    ...(['PATCH', 'PUT'] as const).map((method): Case => ({
      is: `5.6.17.4 and 5.6.18.4: ${method} of no entity is BadRequestData`,
      ask: [method, '/entities/', {}],
      status: 400,
      error: 'BadRequestData',
    })),
    {
      is: '6.3.4: the kind of a body that is not sent does not matter',
      given: [quay()],
      ask: ['DELETE', ID],
      headers: { 'content-type': 'application/json' },
      status: 204,
      leaves: [ID, 404],
    },
    {
      is: '6.3.2: an attribute without a name is no resource to be deleted',
      given: [quay()],
      ask: ['DELETE', `${ID}/attrs/`],
      status: 405,
    },
    {
      is: '6.3.18: local is true or false',
      given: [quay()],
      ask: ['DELETE', `${ID}?local=perhaps`],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.18: what is here is deleted locally',
      given: [quay()],
      ask: ['DELETE', `${ID}?local=true`],
      status: 204,
      leaves: [ID, 404],
    },
  ]);
});

describe('5.5.10 and 6.3.14 Tenants', () => {
  hold([
    {
      is: '5.5.10: a tenant that nobody made is NonexistentTenant, and named in the answer',
      ask: ['GET', '/entities?type=Quay'],
      headers: { 'ngsild-tenant': 'nobody' },
      status: 404,
      error: 'NonexistentTenant',
      answers: { 'ngsild-tenant': 'nobody' },
    },
    {
      is: '5.5.10: it is not made by what only changes',
      ask: ['PATCH', `${ID}/attrs`, { depth: 9 }],
      headers: { 'ngsild-tenant': 'nobody' },
      status: 404,
      error: 'NonexistentTenant',
    },
    {
      is: '4.14: a name that is none is BadRequestData',
      ask: ['GET', '/entities?type=Quay'],
      headers: { 'ngsild-tenant': 'a b' },
      status: 400,
      error: 'BadRequestData',
    },
  ]);

  test('5.5.10: what is created makes its tenant, which stays apart from the others', async () => {
    const headers = { 'ngsild-tenant': 'cixi' };
    const url = `${DOOR}/entities`;
    const made = await house.app.inject({ method: 'POST', url, headers, payload: quay() });
    expect([made.statusCode, made.headers['ngsild-tenant']]).toEqual([201, 'cixi']);
    const listed = await house.app.inject({ url: `${url}?type=Quay`, headers });
    expect(listed.json()).toEqual([quay()]);
    await house.app.inject({ method: 'DELETE', url: `${url}/${ID}`, headers });
    const empty = await house.app.inject({ url: `${url}?type=Quay`, headers });
    expect([empty.statusCode, empty.json()]).toEqual([200, []]);
    expect((await house.app.inject(`${url}/${ID}`)).statusCode).toBe(404);
  });
});

describe('5.15.1 Context source identity', () => {
  const identityOf = async (tenant?: string) => {
    const answer = await house.app.inject({
      url: `${DOOR}/info/sourceIdentity`,
      headers: tenant ? { 'ngsild-tenant': tenant } : {},
    });
    expect(answer.statusCode).toBe(200);
    return answer.json() as Record<string, string>;
  };

  test('5.2.40: who this is, for how long, and what time it has', async () => {
    expect(await identityOf()).toEqual({
      id: expect.stringMatching(/^urn:[^\s]+$/),
      type: 'ContextSourceIdentity',
      contextSourceAlias: expect.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/),
      contextSourceUptime: expect.stringMatching(/^PT\d+S$/),
      contextSourceTimeAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/),
    });
  });

  test('5.2.40: each tenant has an alias of its own, always the same', async () => {
    const aliases = await Promise.all(
      [undefined, 'cixi', 'yuyao', 'cixi'].map(
        async (t) => (await identityOf(t))['contextSourceAlias'],
      ),
    );
    expect(new Set(aliases).size).toBe(3);
    expect(aliases[1]).toBe(aliases[3]);
  });
});

describe('5.5.5 and 5.5.7 Names', () => {
  hold([
    {
      is: '5.5.5: without a context the core context is assigned',
      given: [quay({ depth: { type: 'Property', value: 17 } })],
      ask: ['GET', ID],
      headers: { accept: 'application/ld+json' },
      status: 200,
      body: {
        ...quay({ depth: { type: 'Property', value: 17 } }),
        '@context': expect.stringContaining('ngsi-ld-core-context'),
      },
    },
    {
      is: '5.5.7: another name for a core term changes nothing',
      ask: [
        'POST',
        '/entities',
        quay({
          '@context': [{ Property: 'https://example.org/P', depth: `${VOCABULARY}depth` }],
          depth: { type: 'Property', value: 17 },
        }),
      ],
      headers: { 'content-type': 'application/ld+json' },
      status: 201,
      leaves: [ID, quay({ depth: { type: 'Property', value: 17 } })],
    },
    {
      is: '4.4: @id and @type are id and type',
      ask: ['POST', '/entities', { '@id': ID, '@type': 'Quay' }],
      status: 201,
      leaves: [ID, quay()],
    },
    {
      is: '5.5.7: a scoped context is BadRequestData',
      ask: [
        'POST',
        '/entities',
        quay({ '@context': [{ Quay: { '@id': 'https://example.org/Q', '@context': {} } }] }),
      ],
      headers: { 'content-type': 'application/ld+json' },
      status: 400,
      error: 'BadRequestData',
    },
  ]);

  test('5.5.2: every problem has a type of the standard and a title', async () => {
    const answer = await house.app.inject(`${DOOR}/entities/${ID}-none`);
    expect(answer.json()).toMatchObject({
      type: `${ERROR}ResourceNotFound`,
      title: expect.any(String),
    });
  });
});
