import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, run } from './cases.ts';

/** Expected values are those of ETSI GS CIM 009 v1.9.1, and of the public ETSI conformance suite where it has the case. */
const [A, B] = ['urn:ngsi-ld:Building:a', 'urn:ngsi-ld:Building:b'];
const place = (lon: number, lat: number) => ({
  type: 'GeoProperty',
  value: { type: 'Point', coordinates: [lon, lat] },
});
const building = (id: string, floors: number, lon: number) => ({
  id,
  type: 'Building',
  floors: { type: 'Property', value: floors },
  location: place(lon, 29.87),
  name: { type: 'LanguageProperty', languageMap: { zh: '楼', en: 'House' } },
});
const given = [building(A, 3, 121.55), building(B, 30, 121.75)];
const [a, b] = given;
const ids = (...some: string[]) => some.map((id) => expect.objectContaining({ id }));

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));
const typeOf = (type: string) =>
  expect.stringMatching(new RegExp(`^${type.replace('+', '\\+')}(?:;|$)`));

describe('5.7.1 Retrieve Entity', () => {
  hold([
    {
      is: '6.5.3.1: the entity, its context in a Link header',
      given,
      ask: ['GET', A],
      status: 200,
      body: a,
      answers: {
        'content-type': typeOf('application/json'),
        link: expect.stringContaining('rel="http://www.w3.org/ns/json-ld#context"'),
      },
    },
    {
      is: '6.3.6: application/ld+json has its @context in the body',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/ld+json' },
      status: 200,
      body: { ...a, '@context': expect.anything() },
      answers: { 'content-type': typeOf('application/ld+json'), link: undefined },
    },
    {
      is: '6.3.4: among equals application/json comes first',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/ld+json, application/json' },
      status: 200,
      answers: { 'content-type': typeOf('application/json') },
    },
    {
      is: '6.3.4: weights decide before that',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/json;q=0.1, application/ld+json;q=0.9' },
      status: 200,
      answers: { 'content-type': typeOf('application/ld+json') },
    },
    {
      is: '6.3.4: application/* is application/json',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/*' },
      status: 200,
      answers: { 'content-type': typeOf('application/json') },
    },
    {
      is: '6.3.4: what is not offered is 406',
      given,
      ask: ['GET', A],
      headers: { accept: 'text/html' },
      status: 406,
    },
    {
      is: '5.2.29: GeoJSON has its @context in the body',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/geo+json' },
      status: 200,
      body: expect.objectContaining({
        id: A,
        type: 'Feature',
        geometry: a!.location.value,
        '@context': expect.anything(),
      }),
    },
    {
      is: '6.3.6: Prefer body=json moves it to the Link header',
      given,
      ask: ['GET', A],
      headers: { accept: 'application/geo+json', prefer: 'body=json' },
      status: 200,
      body: expect.not.objectContaining({ '@context': expect.anything() }),
      answers: { link: expect.any(String) },
    },
    {
      is: '5.7.1.4: geometryProperty without GeoJSON is BadRequestData',
      given,
      ask: ['GET', `${A}?geometryProperty=location`],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.7.1.4: attrs narrow the answer',
      given,
      ask: ['GET', `${A}?attrs=floors`],
      status: 200,
      body: { id: A, type: 'Building', floors: a!.floors },
    },
    {
      is: '5.7.1.4: none of attrs is ResourceNotFound',
      given,
      ask: ['GET', `${A}?attrs=colour`],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '4.5.4: simplified',
      given,
      ask: ['GET', `${A}?options=keyValues&attrs=floors`],
      status: 200,
      body: { id: A, type: 'Building', floors: 3 },
    },
    {
      is: '4.5.18: lang chooses the text',
      given,
      ask: ['GET', `${A}?lang=zh&attrs=name`],
      status: 200,
      body: { id: A, type: 'Building', name: { type: 'Property', value: '楼', lang: 'zh' } },
    },
    {
      is: '4.8: sysAttrs tell when',
      given,
      ask: ['GET', `${A}?options=sysAttrs`],
      status: 200,
      body: expect.objectContaining({
        createdAt: expect.stringMatching(/Z$/),
        modifiedAt: expect.stringMatching(/Z$/),
      }),
    },
    {
      is: '5.7.1.4: an unknown one is ResourceNotFound',
      given,
      ask: ['GET', 'urn:ngsi-ld:Building:none'],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.7.1.4: an id that is no URI is BadRequestData',
      given,
      ask: ['GET', 'none'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.20: options that it has not are InvalidRequest',
      given,
      ask: ['GET', `${A}?options=everything`],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '6.3.20: a parameter that it has not is InvalidRequest',
      given,
      ask: ['GET', `${A}?wish=1`],
      status: 400,
      error: 'InvalidRequest',
    },
  ]);
});

describe('5.7.2 Query Entities', () => {
  hold([
    {
      is: '6.4.3.2: by type',
      given,
      ask: ['GET', '/entities?type=Building'],
      status: 200,
      body: [a, b],
    },
    {
      is: '5.7.2.4: nothing found is an empty list',
      given,
      ask: ['GET', '/entities?type=Ship'],
      status: 200,
      body: [],
    },
    {
      is: '5.7.2.4: neither type, attrs, q nor georel is BadRequestData',
      given,
      ask: ['GET', '/entities'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.7.2.4: by id',
      given,
      ask: ['GET', `/entities?type=Building&id=${B}`],
      status: 200,
      body: [b],
    },
    {
      is: '5.7.2.4: by idPattern',
      given,
      ask: ['GET', '/entities?type=Building&idPattern=.*:a$'],
      status: 200,
      body: [a],
    },
    {
      is: '4.9: q compares',
      given,
      ask: ['GET', '/entities?type=Building&q=floors%3E5'],
      status: 200,
      body: [b],
    },
    {
      is: '4.9: a q that is none is BadRequestData',
      given,
      ask: ['GET', '/entities?type=Building&q=floors%3E'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '4.10: near',
      given,
      ask: [
        'GET',
        '/entities?type=Building&georel=near;maxDistance==1000&geometry=Point&coordinates=[121.55,29.87]',
      ],
      status: 200,
      body: [a],
    },
    {
      is: '4.10: georel without geometry is BadRequestData',
      given,
      ask: ['GET', '/entities?type=Building&georel=near;maxDistance==1000'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.13: count',
      given,
      ask: ['GET', '/entities?type=Building&count=true&limit=1'],
      status: 200,
      body: [a],
      answers: { 'ngsild-results-count': '2' },
    },
    {
      is: '6.3.13: limit=0 with count gives the number alone',
      given,
      ask: ['GET', '/entities?type=Building&count=true&limit=0'],
      status: 200,
      body: [],
      answers: { 'ngsild-results-count': '2' },
    },
    {
      is: '5.5.9.1: limit=0 without count is BadRequestData',
      given,
      ask: ['GET', '/entities?type=Building&limit=0'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.3.10: the next page is in the Link header',
      given,
      ask: ['GET', '/entities?type=Building&limit=1'],
      status: 200,
      answers: { link: expect.stringMatching(/offset=1.*rel="next"/) },
    },
    {
      is: '6.23.3.1: the same by POST',
      given,
      ask: [
        'POST',
        '/entityOperations/query',
        { type: 'Query', entities: [{ type: 'Building' }], q: 'floors<5' },
      ],
      status: 200,
      body: [a],
    },
    {
      is: '5.2.23: a Query of another type is BadRequestData',
      given,
      ask: ['POST', '/entityOperations/query', { type: 'Wish' }],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '5.2.30: GeoJSON is a FeatureCollection',
      given,
      ask: ['GET', '/entities?type=Building'],
      headers: { accept: 'application/geo+json' },
      status: 200,
      body: { type: 'FeatureCollection', features: ids(A, B), '@context': expect.anything() },
    },
  ]);
});

describe('5.7.3 and 5.7.4 temporal queries, 5.7.5 types', () => {
  const past = 'timerel=after&timeAt=2020-01-01T00:00:00Z&timeproperty=modifiedAt';
  hold([
    {
      is: '6.19.3.1: the evolution of an entity',
      given,
      ask: ['GET', `/temporal/entities/${A}?attrs=floors`],
      status: 200,
      body: expect.objectContaining({ id: A, type: 'Building' }),
    },
    {
      is: '5.7.3.4: an unknown one is ResourceNotFound',
      given,
      ask: ['GET', '/temporal/entities/urn:ngsi-ld:Building:none'],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '5.7.4.4: without timerel it is BadRequestData',
      given,
      ask: ['GET', '/temporal/entities?type=Building'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.18.3.2: by type and time',
      given,
      ask: ['GET', `/temporal/entities?type=Building&${past}`],
      status: 200,
      body: ids(A, B),
    },
    {
      is: '4.11: between needs an end',
      given,
      ask: ['GET', '/temporal/entities?type=Building&timerel=between&timeAt=2020-01-01T00:00:00Z'],
      status: 400,
      error: 'BadRequestData',
    },
    {
      is: '6.25.3.1: the types that are there',
      given,
      ask: ['GET', '/types'],
      status: 200,
      body: expect.objectContaining({ typeList: ['Building'] }),
    },
  ]);
});

describe('5.7.5 – 5.7.10 what there is', () => {
  const OF_VOCABULARY = { id: 'https://uri.etsi.org/ngsi-ld/default-context/Building' };
  const nobody = (path: string): Case => ({
    is: `${path}: what no entity has is ResourceNotFound`,
    given,
    ask: ['GET', path],
    status: 404,
    error: 'ResourceNotFound',
  });
  hold([
    {
      is: '5.7.6: types with the names of their attributes',
      given,
      ask: ['GET', '/types?details=true'],
      status: 200,
      body: [
        {
          ...OF_VOCABULARY,
          type: 'EntityType',
          typeName: 'Building',
          attributeNames: ['floors', 'name', 'location'],
        },
      ],
    },
    {
      is: '5.7.7: one type, how many there are and the kinds of its attributes',
      given,
      ask: ['GET', '/types/Building'],
      status: 200,
      body: expect.objectContaining({
        ...OF_VOCABULARY,
        type: 'EntityTypeInfo',
        entityCount: 2,
        attributeDetails: expect.arrayContaining([
          expect.objectContaining({ attributeName: 'name', attributeTypes: ['LanguageProperty'] }),
        ]),
      }),
    },
    {
      is: '5.7.8: names of attributes, not of members',
      given,
      ask: ['GET', '/attributes'],
      status: 200,
      body: expect.objectContaining({
        type: 'AttributeList',
        attributeList: ['floors', 'name', 'location'],
      }),
    },
    {
      is: '5.7.10: one attribute',
      given,
      ask: ['GET', '/attributes/floors'],
      status: 200,
      body: expect.objectContaining({
        attributeName: 'floors',
        attributeCount: 2,
        attributeTypes: ['Property'],
        typeNames: ['Building'],
      }),
    },
    nobody('/types/Ship'),
    nobody('/attributes/colour'),
    nobody('/attributes/createdAt'),
    nobody('/attributes/type'),
    {
      is: '6.3.20: a parameter that it has not is InvalidRequest',
      ask: ['GET', '/attributes?limit=5'],
      status: 400,
      error: 'InvalidRequest',
    },
    {
      is: '6.3.20: one type has no details',
      ask: ['GET', '/types/Building?details=true'],
      status: 400,
      error: 'InvalidRequest',
    },
  ]);
});
