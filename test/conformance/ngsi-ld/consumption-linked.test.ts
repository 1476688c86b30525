import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, run } from './cases.ts';

/** Linked entities, projections, orders and languages of ETSI GS CIM 009 v1.9.1. */
const [SCHOOL, DISTRICT, CITY] = [
  'urn:ngsi-ld:School:xiaoshi',
  'urn:ngsi-ld:District:haishu',
  'urn:ngsi-ld:City:ningbo',
];
const to = (object: string | string[]) => ({ type: 'Relationship', object });
const has = (value: unknown) => ({ type: 'Property', value });
const school = { id: SCHOOL, type: 'School', name: has('效实中学'), liesIn: to(DISTRICT) };
const district = { id: DISTRICT, type: 'District', name: has('海曙'), partOf: to(CITY) };
const city = { id: CITY, type: 'City', name: has('宁波'), seat: to(DISTRICT) };
const given = [school, district, city];

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));

describe('4.5.23 linked entity retrieval', () => {
  hold([
    {
      is: '4.5.23.2: inline, the linked entity stands in its relationship',
      given,
      ask: ['GET', `${SCHOOL}?join=inline`],
      status: 200,
      body: { ...school, liesIn: { ...school.liesIn, entity: district } },
    },
    {
      is: '4.5.23.2: simplified, it stands for its id',
      given,
      ask: ['GET', `${SCHOOL}?join=inline&joinLevel=1&options=keyValues`],
      status: 200,
      body: {
        id: SCHOOL,
        type: 'School',
        name: '效实中学',
        liesIn: { id: DISTRICT, type: 'District', name: '海曙', partOf: CITY },
      },
    },
    {
      is: '4.5.23.1: a ring is not followed',
      given,
      ask: ['GET', `${DISTRICT}?join=inline&joinLevel=5`],
      status: 200,
      body: { ...district, partOf: { ...district.partOf, entity: city } },
    },
    {
      is: '4.5.23.3: flat, linked entities follow, each once',
      given,
      ask: ['GET', `${SCHOOL}?join=flat&joinLevel=5`],
      status: 200,
      body: given,
    },
    {
      is: '4.5.23.1: nothing that is not here is linked',
      given: [school],
      ask: ['GET', `${SCHOOL}?join=flat`],
      status: 200,
      body: school,
    },
    {
      is: '6.5.3.1: containedBy is not met again',
      given,
      ask: ['GET', `${SCHOOL}?join=inline&joinLevel=2&containedBy=${CITY}`],
      status: 200,
      body: { ...school, liesIn: { ...school.liesIn, entity: district } },
    },
    {
      is: '4.5.23.2: many objects have many entities, a list an entityList',
      given: [
        district,
        {
          id: 'urn:ngsi-ld:Line:1',
          type: 'Line',
          meets: to([DISTRICT, 'urn:ngsi-ld:District:none']),
          stops: { type: 'ListRelationship', objectList: [DISTRICT] },
        },
      ],
      ask: ['GET', 'urn:ngsi-ld:Line:1?join=inline'],
      status: 200,
      body: expect.objectContaining({
        meets: expect.objectContaining({ entity: [district] }),
        stops: expect.objectContaining({ entityList: [district] }),
      }),
    },
    {
      is: '5.7.2: of every entity of a page',
      given,
      ask: ['GET', '/entities?type=District,School&join=inline&orderBy=name&pick=id,partOf,liesIn'],
      status: 200,
      body: [
        { id: SCHOOL, liesIn: { ...school.liesIn, entity: district } },
        { id: DISTRICT, partOf: { ...district.partOf, entity: city } },
      ],
    },
    {
      is: '5.2.23: in a body too',
      given,
      ask: [
        'POST',
        '/entityOperations/query',
        { type: 'Query', entities: [{ type: 'School' }], join: 'flat', joinLevel: 1 },
      ],
      status: 200,
      body: [school, district],
    },
    {
      is: '5.2.23: joinLevel is positive',
      ask: [
        'POST',
        '/entityOperations/query',
        { type: 'Query', entities: [{ type: 'School' }], join: 'flat', joinLevel: 0 },
      ],
      status: 400,
      error: 'BadRequestData',
    },
  ]);
});

describe('4.21 projection', () => {
  const wrong = (is: string, parameters: string): Case => ({
    is,
    given,
    ask: ['GET', `${SCHOOL}?${parameters}`],
    status: 400,
    error: 'BadRequestData',
  });
  hold([
    {
      is: 'pick leaves what is named, id and type among it',
      given,
      ask: ['GET', `${SCHOOL}?pick=name|id`],
      status: 200,
      body: { id: SCHOOL, name: school.name },
    },
    {
      is: 'omit takes what is named',
      given,
      ask: ['GET', `${SCHOOL}?omit=type,liesIn`],
      status: 200,
      body: { id: SCHOOL, name: school.name },
    },
    {
      is: 'of linked entities by braces',
      given,
      ask: ['GET', `${SCHOOL}?pick=id,liesIn{id,partOf{name}}&join=inline&joinLevel=2`],
      status: 200,
      body: {
        id: SCHOOL,
        liesIn: {
          ...school.liesIn,
          entity: {
            id: DISTRICT,
            partOf: { ...district.partOf, entity: { name: city.name } },
          },
        },
      },
    },
    {
      is: 'what is not picked is not followed',
      given,
      ask: ['GET', `${SCHOOL}?pick=id,liesIn{id,name}&join=flat&joinLevel=2`],
      status: 200,
      body: [
        { id: SCHOOL, liesIn: school.liesIn },
        { id: DISTRICT, name: district.name },
      ],
    },
    {
      is: 'omit within a link takes nothing from the one who links',
      given,
      ask: ['GET', `${SCHOOL}?omit=type,liesIn{name}&join=flat`],
      status: 200,
      body: [
        { id: SCHOOL, name: school.name, liesIn: school.liesIn },
        { id: DISTRICT, type: 'District', partOf: district.partOf },
      ],
    },
    {
      is: '5.7.1.4: what it leaves nothing of is ResourceNotFound',
      given,
      ask: ['GET', `${SCHOOL}?pick=colour`],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.7.1.4: and so where all is omitted',
      given,
      ask: ['GET', `${SCHOOL}?omit=id,type,name,liesIn`],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.7.2: it is no part of a list, nor of its number',
      given,
      ask: ['GET', '/entities?type=School,District,City&pick=liesIn&count=true'],
      status: 200,
      body: [{ liesIn: school.liesIn }],
      answers: { 'ngsild-results-count': '1' },
    },
    wrong('not picked and omitted at once', 'pick=name&omit=name'),
    wrong('not with attrs', 'pick=name&attrs=name'),
    wrong('no linked names without join', 'pick=liesIn{name}'),
    wrong('no more of them than joinLevel', 'pick=liesIn{partOf{name}}&join=inline'),
    wrong('no empty names', 'pick=id,,name'),
    wrong('no open brace', 'pick=liesIn{name&join=inline'),
    wrong('no empty braces', 'pick=liesIn{}&join=inline'),
    wrong('no semicolon', 'pick=id;name'),
  ]);
});

describe('4.9 linked entities', () => {
  const query = (q: string, more = '') => `/entities?type=School&q=${encodeURIComponent(q)}${more}`;
  hold([
    {
      is: 'example 13: an attribute of what a relationship points to',
      given,
      ask: ['GET', query('liesIn{name}=="海曙"', '&join=inline&pick=id')],
      status: 200,
      body: [{ id: SCHOOL }],
    },
    {
      is: 'through two of them',
      given,
      ask: ['GET', query('liesIn{partOf{name}}=="宁波"', '&join=flat&joinLevel=2&pick=id')],
      status: 200,
      body: [{ id: SCHOOL }],
    },
    {
      is: 'example 14: of the type that is named',
      given,
      ask: ['GET', query('liesIn{District:name}', '&join=inline&pick=id')],
      status: 200,
      body: [{ id: SCHOOL }],
    },
    {
      is: 'example 14: not of another',
      given,
      ask: ['GET', query('liesIn{City,Town:name}', '&join=inline')],
      status: 200,
      body: [],
    },
    {
      is: '5.7.2.4: not without join',
      given,
      ask: ['GET', query('liesIn{name}=="海曙"')],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.7.2.4: not deeper than joinLevel',
      given,
      ask: ['GET', query('liesIn{partOf{name}}', '&join=flat')],
      status: 400,
      error: 'BadRequestData',
    },
  ]);
});

describe('4.23 order', () => {
  const named = (id: string, name: string) => ({
    id: `urn:x:${id}`,
    type: 'Shop',
    name: has(name),
  });
  const shops = [named('1', 'A'), named('2', 'b'), named('3', 'á')];
  const order = (by: string): Case['ask'] => ['GET', `/entities?type=Shop&pick=name&${by}`];
  const in_ = (...at: number[]) => at.map((n) => ({ name: shops[n]!.name }));
  hold([
    {
      is: 'by code point',
      given: shops,
      ask: order('orderBy=name'),
      status: 200,
      body: in_(0, 1, 2),
    },
    {
      is: '4.23.3: by a collation',
      given: shops,
      ask: order('orderBy=name&collation=und'),
      status: 200,
      body: in_(0, 2, 1),
    },
    {
      is: '4.23.3: downwards, and page by page',
      given: shops,
      ask: order('orderBy=name;desc&collation=und&limit=1&offset=1'),
      status: 200,
      body: in_(2),
    },
    {
      is: '4.23.3: Chinese by the sound of it',
      given: [named('1', '宁海'), named('2', '北仑'), named('3', '慈溪')],
      ask: order('orderBy=name&collation=zh-u-co-pinyin'),
      status: 200,
      body: ['北仑', '慈溪', '宁海'].map((name) => ({ name: has(name) })),
    },
    {
      is: '5.7.2.4: a collation that is none is BadRequestData',
      ask: order('orderBy=name&collation=!!nope'),
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.4.3.2: by type',
      given: [school, district, city],
      ask: ['GET', '/entities?type=*&orderBy=type;desc&pick=type'],
      status: 200,
      body: [{ type: 'School' }, { type: 'District' }, { type: 'City' }],
    },
    {
      is: '6.4.3.2: by scope, without one last',
      given: [school, { ...district, scope: '/b' }, { ...city, scope: '/a' }],
      ask: ['GET', '/entities?type=*&orderBy=scope&pick=type'],
      status: 200,
      body: [{ type: 'City' }, { type: 'District' }, { type: 'School' }],
    },
  ]);
});

describe('4.15 language filter', () => {
  const id = 'urn:ngsi-ld:Street:zhongshan';
  const street = (languageMap: object) => [
    { id, type: 'Street', name: { type: 'LanguageProperty', languageMap } },
  ];
  const map = { 'zh-Hans': '中山路', en: 'Zhongshan Road', fr: 'Rue Zhongshan' };
  const said = (lang: string, value: string, tag: string): Case => ({
    is: `${lang} is ${tag}`,
    given: street(map),
    ask: ['GET', `${id}?pick=name&lang=${encodeURIComponent(lang)}`],
    status: 200,
    body: { name: { type: 'Property', value, lang: tag } },
  });
  hold([
    said('fr;q=0.2,en;q=0.9', map.en, 'en'),
    said('FR', map.fr, 'fr'),
    said('en-GB', map.en, 'en'),
    said('zh', map['zh-Hans'], 'zh-Hans'),
    said('pt', expect.any(String), expect.any(String)),
    said('*', expect.any(String), expect.any(String)),
  ]);
});

describe('4.3.6.8 earlier versions', () => {
  const id = 'urn:ngsi-ld:Stop:1';
  const stop = {
    id,
    type: 'Stop',
    scope: '/Ningbo',
    mode: { type: 'VocabProperty', vocab: 'bus' },
  };
  hold([
    {
      is: 'a VocabProperty is a Property before 1.8',
      given: [stop],
      ask: ['GET', id],
      headers: { prefer: 'ngsi-ld=1.5' },
      status: 203,
      body: { ...stop, mode: has('bus') },
      answers: { 'preference-applied': 'ngsi-ld=1.5' },
    },
    {
      is: 'scopes came with 1.4',
      given: [stop],
      ask: ['GET', '/entities?type=Stop'],
      headers: { prefer: 'body=json, ngsi-ld=1.3' },
      status: 203,
      body: [{ id, type: 'Stop', mode: has('bus') }],
    },
    {
      is: 'what conforms is as it is',
      given: [stop],
      ask: ['GET', id],
      headers: { prefer: 'ngsi-ld=1.9' },
      status: 200,
      body: stop,
      answers: { 'preference-applied': 'ngsi-ld=1.9' },
    },
  ]);
});

describe('5.7.1 and 6.3.11', () => {
  hold([
    {
      is: '6.3.20: a format that is none is InvalidRequest',
      ask: ['GET', `${SCHOOL}?format=pretty`],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '5.7.1.4: of the type that is named',
      given,
      ask: ['GET', `${SCHOOL}?type=School&local=true`],
      status: 200,
      body: school,
    },
    {
      is: '5.7.1.4: of another it is ResourceNotFound',
      given,
      ask: ['GET', `${SCHOOL}?type=City`],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '6.3.11: expiresAt is a system attribute',
      given: [{ ...school, expiresAt: '2100-01-01T00:00:00Z' }],
      ask: ['GET', SCHOOL],
      status: 200,
      body: school,
    },
    {
      is: '4.5.5: one dataset',
      given: [
        { ...school, pupils: [has(900), { ...has(880), datasetId: 'urn:ngsi-ld:Dataset:2025' }] },
      ],
      ask: ['GET', `${SCHOOL}?datasetId=urn:ngsi-ld:Dataset:2025&options=keyValues`],
      status: 200,
      body: { id: SCHOOL, type: 'School', pupils: 880 },
    },
  ]);
});
