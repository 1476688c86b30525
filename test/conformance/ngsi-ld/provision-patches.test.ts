import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, LINK, run } from './cases.ts';

/** How what is there is changed: clauses 5.5.8, 5.5.12 and 5.6 of ETSI GS CIM 009 V1.9.1. */
const ID = 'urn:ngsi-ld:Sluice:yaojiang';
const OTHER = 'urn:ngsi-ld:Sluice:fenghua';
const NULL = 'urn:ngsi-ld:null';
const sluice = (more: object = {}, id = ID) => ({ id, type: 'Sluice', ...more });
const LEVEL = { type: 'Property', value: 2.5, unitCode: 'MTR', observedAt: '2026-08-01T08:00:00Z' };
const ADDRESS = { type: 'Property', value: { street: 'Yongjiang Dadao', district: 'Jiangbei' } };
const NAME = { type: 'LanguageProperty', languageMap: { zh: '姚江大闸', en: 'Yaojiang Sluice' } };

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));

describe('5.5.8 Partial update', () => {
  const given = [sluice({ level: LEVEL, address: ADDRESS, name: NAME })];
  hold([
    {
      is: '5.6.4: members that are not sent stay',
      given: [sluice({ level: LEVEL })],
      ask: ['PATCH', `${ID}/attrs/level`, { type: 'Property', value: 3 }],
      status: 204,
      leaves: [ID, sluice({ level: { ...LEVEL, value: 3 } })],
    },
    {
      is: '5.6.4: those sent are replaced whole',
      given: [sluice({ address: ADDRESS })],
      ask: ['PATCH', `${ID}/attrs/address`, { value: { street: 'Daqing Lu' } }],
      status: 204,
      leaves: [ID, sluice({ address: { type: 'Property', value: { street: 'Daqing Lu' } } })],
    },
    {
      is: '5.6.4: null removes a member',
      given: [sluice({ level: { ...LEVEL, accuracy: { type: 'Property', value: 0.01 } } })],
      ask: ['PATCH', `${ID}/attrs/level`, { unitCode: NULL, accuracy: NULL }],
      status: 204,
      leaves: [
        ID,
        sluice({ level: { type: 'Property', value: 2.5, observedAt: LEVEL.observedAt } }),
      ],
    },
    {
      is: '5.6.4: the context of the fragment is not part of it',
      given: [sluice({ level: LEVEL })],
      ask: ['PATCH', `${ID}/attrs/level`, { value: 3, '@context': [] }],
      headers: { 'content-type': 'application/ld+json' },
      status: 204,
      leaves: [ID, sluice({ level: { ...LEVEL, value: 3 } })],
    },
    {
      is: '5.5.4: null within a value is for merges alone',
      given,
      ask: ['PATCH', `${ID}/attrs/address`, { value: { district: NULL } }],
      status: 400,
      error: 'BadRequestData',
      leaves: [ID, given[0]],
    },
    {
      is: '5.5.8: a datasetId cannot be taken away',
      given,
      ask: ['PATCH', `${ID}/attrs/level`, { datasetId: NULL }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.2: an attribute is replaced whole',
      given: [sluice({ level: LEVEL })],
      ask: ['PATCH', `${ID}/attrs`, { level: { type: 'Property', value: 3 } }],
      status: 204,
      leaves: [ID, sluice({ level: { type: 'Property', value: 3 } })],
    },
    {
      is: '5.6.2: what it calls null is not kept',
      given: [sluice({ level: LEVEL })],
      ask: ['PATCH', `${ID}/attrs`, { level: { value: 3, unitCode: NULL, source: NULL } }],
      status: 204,
      leaves: [ID, sluice({ level: { type: 'Property', value: 3 } })],
    },
    {
      is: '5.6.2: another dataset stands beside it',
      given: [sluice({ level: LEVEL })],
      ask: ['PATCH', `${ID}/attrs`, { level: { ...LEVEL, datasetId: 'urn:d:radar' } }],
      status: 204,
      leaves: [ID, sluice({ level: [LEVEL, { ...LEVEL, datasetId: 'urn:d:radar' }] })],
    },
    {
      is: '5.6.2: the null of a language map removes it',
      given: [sluice({ name: NAME })],
      ask: ['PATCH', `${ID}/attrs`, { name: { ...NAME, languageMap: { '@none': NULL } } }],
      status: 204,
      leaves: [ID, sluice()],
    },
    {
      is: '5.6.2.4: scopes that are not there are not replaced, which is told (table 6.6.3.2-2)',
      given: [sluice()],
      ask: ['PATCH', `${ID}/attrs`, { scope: '/Ningbo/Jiangbei' }],
      status: 207,
      body: {
        updated: [],
        notUpdated: [
          { attributeName: 'https://uri.etsi.org/ngsi-ld/scope', reason: expect.any(String) },
        ],
      },
      leaves: [ID, sluice()],
    },
    {
      is: '5.6.2.4: those that are there are',
      given: [sluice({ scope: '/Ningbo' })],
      ask: ['PATCH', `${ID}/attrs`, { scope: '/Ningbo/Jiangbei' }],
      status: 204,
      leaves: [ID, sluice({ scope: '/Ningbo/Jiangbei' })],
    },
    {
      is: '5.6.3.4: with noOverwrite scopes are added',
      given: [sluice({ scope: '/Ningbo' })],
      ask: ['POST', `${ID}/attrs?options=noOverwrite`, { scope: ['/Ningbo', '/Water'] }],
      status: 204,
      leaves: [ID, sluice({ scope: ['/Ningbo', '/Water'] })],
    },
    {
      is: '5.6.4.4: what can be no attribute is BadRequestData',
      given,
      ask: ['PATCH', `${ID}/attrs/${encodeURIComponent('le vel')}`, { value: 1 }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.5.4: the dataset @none is the default instance',
      given: [sluice({ level: [LEVEL, { ...LEVEL, datasetId: 'urn:d:radar' }] })],
      ask: ['DELETE', `${ID}/attrs/level?datasetId=@none`],
      status: 204,
      leaves: [ID, sluice({ level: { ...LEVEL, datasetId: 'urn:d:radar' } })],
    },
  ]);
});

describe('5.5.12 and 5.6.17 Merge', () => {
  const merge = (is: string, was: object, fragment: object, now: object, query = ''): Case => ({
    is,
    given: [sluice(was)],
    ask: ['PATCH', `${ID}${query}`, fragment],
    status: 204,
    leaves: [ID, sluice(now)],
  });
  hold([
    merge(
      '5.5.12: null removes within values, and what is not named stays',
      { address: ADDRESS },
      { address: { type: 'Property', value: { district: NULL, gate: 3 } } },
      { address: { type: 'Property', value: { street: 'Yongjiang Dadao', gate: 3 } } },
    ),
    merge(
      '5.5.12: null that is appended leaves nothing',
      {},
      { address: { type: 'Property', value: { district: NULL, gate: 3 } } },
      { address: { type: 'Property', value: { gate: 3 } } },
    ),
    merge(
      '5.5.12: a language goes from a map by null',
      { name: NAME },
      { name: { languageMap: { en: NULL, ja: '姚江水門' } } },
      { name: { ...NAME, languageMap: { zh: '姚江大闸', ja: '姚江水門' } } },
    ),
    merge('5.6.17.4: null removes scopes', { scope: '/Ningbo' }, { scope: NULL }, {}),
    merge(
      '5.6.17.4: a common observedAt is for what has had one',
      { level: LEVEL, gates: { type: 'Property', value: 6 } },
      { level: { value: 3 }, gates: { value: 7 }, flow: 80 },
      {
        level: { ...LEVEL, value: 3, observedAt: '2026-08-02T08:00:00Z' },
        gates: { type: 'Property', value: 7 },
        flow: { type: 'Property', value: 80 },
      },
      '?observedAt=2026-08-02T08:00:00Z',
    ),
    merge(
      '5.6.17.4: one of its own goes before it',
      { level: LEVEL },
      { level: { value: 3, observedAt: '2026-08-03T08:00:00Z' } },
      { level: { ...LEVEL, value: 3, observedAt: '2026-08-03T08:00:00Z' } },
      '?observedAt=2026-08-02T08:00:00Z',
    ),
    merge(
      '5.6.17.4: a text in a common language goes into the map',
      { name: NAME },
      { name: 'The Sluice' },
      { name: { ...NAME, languageMap: { ...NAME.languageMap, en: 'The Sluice' } } },
      '?lang=en',
    ),
    merge(
      '6.5.3.4: in the simplified form attributes stay of their kinds',
      {
        level: LEVEL,
        river: { type: 'Relationship', object: 'urn:ngsi-ld:River:yao' },
        gates: { type: 'ListProperty', valueList: [1, 2] },
      },
      { level: 3, river: 'urn:ngsi-ld:River:yong', gates: [1, 2, 3] },
      {
        level: { ...LEVEL, value: 3 },
        river: { type: 'Relationship', object: 'urn:ngsi-ld:River:yong' },
        gates: { type: 'ListProperty', valueList: [1, 2, 3] },
      },
      '?format=simplified',
    ),
    {
      is: '6.5.3.4: what would make another kind of it is BadRequestData',
      given: [sluice({ river: { type: 'Relationship', object: 'urn:ngsi-ld:River:yao' } })],
      ask: ['PATCH', `${ID}?options=keyValues`, { river: 5 }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.5.3.4: a form that is none is BadRequestData',
      given: [sluice()],
      ask: ['PATCH', `${ID}?format=short`, { level: 3 }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.5.3.4: an observedAt that is no instant is BadRequestData',
      given: [sluice()],
      ask: ['PATCH', `${ID}?observedAt=today`, { level: 3 }],
      status: 400,
      error: 'BadRequestData',
    },
  ]);
});

describe('4.17 and 5.6 The type of what is meant', () => {
  const given = [sluice({ level: LEVEL, scope: '/Ningbo' })];
  const asks = [
    ['PUT', ID, sluice()],
    ['PATCH', ID, { level: 3 }],
    ['POST', `${ID}/attrs`, { level: 3 }],
    ['PATCH', `${ID}/attrs`, { level: 3 }],
    ['PATCH', `${ID}/attrs/level`, { value: 3 }],
    ['PUT', `${ID}/attrs/level`, { type: 'Property', value: 3 }],
    ['DELETE', `${ID}/attrs/level`],
    ['DELETE', ID],
  ] as const;
  hold(
    asks.flatMap(([method, path, body]): Case[] => [
      {
        is: `${method} ${path.replace(ID, '{id}')} of another type is ResourceNotFound`,
        given,
        ask: [method, `${path}?type=Bridge`, body],
        status: 404,
        error: 'ResourceNotFound',
        leaves: [ID, given[0]],
      },
      {
        is: `${method} ${path.replace(ID, '{id}')} of one of these types is done`,
        given,
        ask: [method, `${path}?type=Bridge,Sluice&local=true`, body],
        status: 204,
      },
    ]),
  );
  hold([
    {
      is: '5.6.5.4: scope is an attribute to be deleted',
      given,
      ask: ['DELETE', `${ID}/attrs/scope?type=Sluice`],
      status: 204,
      leaves: [ID, sluice({ level: LEVEL })],
    },
  ]);
});

describe('5.6.21 Purge Entities', () => {
  const bridge = { id: 'urn:ngsi-ld:Bridge:lingqiao', type: 'Bridge', level: LEVEL };
  const given = [
    sluice({ level: LEVEL, gates: { type: 'Property', value: 6 }, scope: '/Ningbo' }),
    sluice({ level: { ...LEVEL, value: 9 } }, OTHER),
    bridge,
  ];
  const all = '/entities?type=*&attrs=level,gates';
  const purge = (is: string, query: string, left: readonly object[]): Case => ({
    is,
    given,
    ask: ['DELETE', `/entities?${query}`],
    status: 204,
    body: '',
    leaves: ['/entities?local=true', left],
  });
  const refuses = (is: string, query: string): Case => ({
    is,
    given,
    ask: ['DELETE', `/entities${query}`],
    status: 400,
    error: 'BadRequestData',
    leaves: [all, expect.objectContaining({ length: 3 })],
  });
  const [first, second] = given as [object, object];
  hold([
    refuses('5.6.21.4: without a condition it is too wide', ''),
    refuses('5.6.21.3: ids alone are too wide', `?id=${ID}`),
    refuses('5.6.21.3: … a pattern of ids too', '?idPattern=.*'),
    refuses('5.6.21.4: … what every entity has too', '?attrs=createdAt'),
    refuses('5.6.21.4: … in a query too', '?q=modifiedAt>2020-01-01T00:00:00Z'),
    refuses('5.6.21.3: keep and drop are not both meant', '?type=Sluice&keep=level&drop=gates'),
    refuses(
      '5.6.21.4: q follows no links',
      `?type=Sluice&q=${encodeURIComponent('river{name}=="x"')}`,
    ),
    refuses(
      '5.6.21.4: attrs follows none',
      `?type=Sluice&attrs=${encodeURIComponent('river{name}')}`,
    ),
    refuses('5.6.21.4: an id is a URI', '?type=Sluice&id=yaojiang'),
    refuses('5.6.21.4: a query is one', '?type=Sluice&q=level=='),
    purge('5.6.21.4: those of a type', 'type=Sluice', [bridge]),
    purge('5.6.21.4: those of a type and an id', `type=Sluice&id=${ID}`, [bridge, second]),
    purge('5.6.21.4: those that a query holds of', 'q=level>5', [bridge, first]),
    purge('5.6.21.4: those of a scope', 'local=true&scopeQ=/Ningbo', [bridge, second]),
    purge('5.6.21.4: all that is here', 'local=true', []),
    purge('5.6.21.4: all types are local', 'type=*', []),
    purge('5.6.21.4: what is dropped goes', 'type=Sluice&drop=level', [
      bridge,
      sluice({}, OTHER),
      sluice({ gates: { type: 'Property', value: 6 }, scope: '/Ningbo' }),
    ]),
    purge('5.6.21.4: what is not kept goes', `id=${ID}&keep=gates`, [
      bridge,
      second,
      sluice({ gates: { type: 'Property', value: 6 } }),
    ]),
  ]);
});

describe('5.6.7 to 5.6.10 and 5.6.20 Batches', () => {
  hold([
    {
      is: '4.6.6: of two of one id the later is the newer',
      ask: [
        'POST',
        '/entityOperations/upsert',
        [sluice({ level: LEVEL, gates: 6 }), sluice({ level: { ...LEVEL, value: 9 } })],
      ],
      status: 201,
      body: [ID],
      leaves: [ID, sluice({ level: { ...LEVEL, value: 9 } })],
    },
    {
      is: '5.6.7.4: one null fails them all',
      ask: ['POST', '/entityOperations/create', [sluice(), null]],
      status: 400,
      error: 'BadRequestData',
      leaves: [ID, 404],
    },
    {
      is: '5.6.20.4: merged null deletes',
      given: [sluice({ level: LEVEL, address: ADDRESS })],
      ask: [
        'POST',
        '/entityOperations/merge',
        [sluice({ level: NULL, address: { type: 'Property', value: { district: NULL } } })],
      ],
      status: 204,
      leaves: [ID, sluice({ address: { type: 'Property', value: { street: 'Yongjiang Dadao' } } })],
    },
    {
      is: '5.6.8.3: replace and update are not both meant',
      ask: ['POST', '/entityOperations/upsert?options=replace,update', [sluice()]],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.6.8.4: with update what is not sent stays',
      given: [sluice({ level: LEVEL })],
      ask: [
        'POST',
        '/entityOperations/upsert?options=update&local=true',
        [sluice({ gates: { type: 'Property', value: 6 } })],
      ],
      status: 204,
      leaves: [ID, sluice({ level: LEVEL, gates: { type: 'Property', value: 6 } })],
    },
    {
      is: '5.6.9.4: noOverwrite leaves what is there, which is told',
      given: [sluice({ level: LEVEL })],
      ask: [
        'POST',
        '/entityOperations/update?options=noOverwrite',
        [sluice({ level: { ...LEVEL, value: 9 }, gates: { type: 'Property', value: 6 } })],
      ],
      status: 207,
      body: {
        success: [],
        errors: [
          {
            entityId: ID,
            error: expect.objectContaining({ detail: expect.stringContaining('level') }),
          },
        ],
      },
      leaves: [ID, sluice({ level: LEVEL, gates: { type: 'Property', value: 6 } })],
    },
    {
      is: '5.6.9.5: noOverwrite of what is not there is done',
      given: [sluice({ level: LEVEL })],
      ask: [
        'POST',
        '/entityOperations/update?options=noOverwrite',
        [sluice({ gates: { type: 'Property', value: 6 } })],
      ],
      status: 204,
      leaves: [ID, sluice({ level: LEVEL, gates: { type: 'Property', value: 6 } })],
    },
    {
      is: '6.3.5: a Link header beside application/ld+json makes all of a batch faulty',
      ask: [
        'POST',
        '/entityOperations/create',
        [
          sluice({
            '@context': 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',
          }),
        ],
      ],
      headers: { 'content-type': 'application/ld+json', link: LINK },
      status: 400,
      error: 'BadRequestData',
      leaves: [ID, 404],
    },
    {
      is: '5.6.7.5: each that cannot be made is told of, the others are made',
      given: [sluice()],
      ask: ['POST', '/entityOperations/create', [sluice(), sluice({}, OTHER), { id: 'x' }]],
      status: 207,
      body: {
        success: [OTHER],
        errors: [
          { entityId: 'x', error: expect.objectContaining({ status: 400 }) },
          { entityId: ID, error: expect.objectContaining({ status: 409 }) },
        ],
      },
    },
  ]);
});
