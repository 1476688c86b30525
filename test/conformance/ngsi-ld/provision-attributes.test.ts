import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, run } from './cases.ts';

/** What attributes are, and what they never are: clause 4.5 of ETSI GS CIM 009 V1.9.1. */
const ID = 'urn:ngsi-ld:Ferry:putuo-7';
const NULL = 'urn:ngsi-ld:null';
const ferry = (more: object = {}) => ({ id: ID, type: 'Ferry', ...more });
const SPEED = { type: 'Property', value: 12 };
const QUAY = { type: 'Relationship', object: 'urn:ngsi-ld:Quay:beilun-2' };

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const hold = (cases: readonly Case[]) => test.each(cases)('$is', (one) => run(house, one));

const refuses = (is: string, entity: object): Case => ({
  is,
  ask: ['POST', '/entities', entity],
  status: 400,
  error: 'BadRequestData',
  leaves: [ID, 404],
});
const takes = (is: string, entity: object, shown: object = entity): Case => ({
  is,
  ask: ['POST', '/entities', entity],
  status: 201,
  leaves: [ID, shown],
});

describe('4.5.2 to 4.5.24 Kinds of attributes', () => {
  hold([
    refuses('4.5.2.2: a Property has no object', ferry({ a: { ...SPEED, object: 'urn:a:b' } })),
    refuses('4.5.2.2: … no languageMap', ferry({ a: { ...SPEED, languageMap: { zh: '渡轮' } } })),
    refuses('4.5.2.2: … no previousValue', ferry({ a: { ...SPEED, previousValue: 11 } })),
    refuses('4.5.2.2: … no sealed members', ferry({ a: { ...SPEED, entityIdSealed: ID } })),
    refuses('5.5.7: … no context', ferry({ a: { ...SPEED, '@context': { a: 'urn:a:b' } } })),
    refuses('4.5.3.2: a Relationship has no unitCode', ferry({ a: { ...QUAY, unitCode: 'KNT' } })),
    refuses('4.5.3.2: … no value', ferry({ a: { ...QUAY, value: 1 } })),
    refuses(
      '4.5.21.2: a ListProperty has no value',
      ferry({ a: { type: 'ListProperty', valueList: [1], value: 1 } }),
    ),
    refuses(
      '4.5.22.2: a ListRelationship lists URIs',
      ferry({ a: { type: 'ListRelationship', objectList: ['no uri'] } }),
    ),
    refuses(
      '4.5.24.2: a JsonProperty has no unitCode',
      ferry({ a: { type: 'JsonProperty', json: {}, unitCode: 'KNT' } }),
    ),
    refuses('4.5.24.2: … holds objects', ferry({ a: { type: 'JsonProperty', json: 5 } })),
    refuses(
      '5.2.32: a LanguageProperty is of langString alone',
      ferry({ a: { type: 'LanguageProperty', languageMap: { zh: '渡轮' }, valueType: 'string' } }),
    ),
    refuses(
      '4.6.5: … maps to texts',
      ferry({ a: { type: 'LanguageProperty', languageMap: { zh: ['渡轮', 5] } } }),
    ),
    takes(
      '4.5.22.2: a ListRelationship is read as a list of objects, however it is written',
      ferry({ stops: { objectList: ['urn:q:1', { object: 'urn:q:2' }] } }),
      ferry({
        stops: {
          type: 'ListRelationship',
          objectList: [{ object: 'urn:q:1' }, { object: 'urn:q:2' }],
        },
      }),
    ),
    takes(
      '4.5.24.3: raw JSON is what it was',
      ferry({ papers: { json: { speed: 3, type: 'raw', '@context': 'x' } } }),
      ferry({
        papers: { type: 'JsonProperty', json: { speed: 3, type: 'raw', '@context': 'x' } },
      }),
    ),
    takes(
      '4.5.2.2: valueType is a name',
      ferry({ built: { type: 'Property', value: '2019', valueType: 'Year' } }),
    ),
    takes(
      '4.5.2.2: a proof says what it vouches for',
      ferry({
        ngsildproof: {
          type: 'Property',
          value: { type: 'DataIntegrityProof', proofValue: 'z3n' },
          entityIdSealed: ID,
          entityTypeSealed: 'Ferry',
        },
      }),
    ),
    refuses('4.5.2.2: a proof is an object', ferry({ ngsildproof: { ...SPEED, value: 'z3n' } })),
    takes(
      '4.5.5: "@none" is the default instance, and is never told',
      ferry({
        speed: [
          { ...SPEED, datasetId: '@none' },
          { ...SPEED, datasetId: 'urn:d:gps' },
        ],
      }),
      ferry({ speed: [SPEED, { ...SPEED, datasetId: 'urn:d:gps' }] }),
    ),
    refuses(
      '4.5.5: there are not two default instances',
      ferry({ speed: [SPEED, { ...SPEED, datasetId: '@none' }] }),
    ),
  ]);
});

describe('4.6 to 4.8, 4.18 and 5.5.4 Values', () => {
  const at = (geometry: unknown) => ferry({ location: { type: 'GeoProperty', value: geometry } });
  const point = { type: 'Point', coordinates: [122.1, 29.98] };
  hold([
    takes('4.7.2: a geometry may be a text', at(JSON.stringify(point)), at(point)),
    refuses('4.7.2: … if it is one', at('off Putuo')),
    refuses(
      '4.6.3: a collection of geometries is none',
      at({ type: 'GeometryCollection', geometries: [point] }),
    ),
    refuses('4.7.1: location is a GeoProperty', ferry({ location: SPEED })),
    refuses(
      '4.6.3: instants are in UTC',
      ferry({ speed: { ...SPEED, observedAt: '2026-08-01T08:00:00+08:00' } }),
    ),
    refuses(
      '4.8: instants are not reified',
      ferry({ speed: { ...SPEED, observedAt: { type: 'Property', value: 1 } } }),
    ),
    ...['datasetId', 'instanceId', 'observedAt', 'unitCode', 'value', 'object'].map((name) =>
      refuses(`4.5.1: ${name} is no attribute of its own`, ferry({ [name]: SPEED })),
    ),
    refuses('4.6.2: a name holds no blank', ferry({ 'top speed': SPEED })),
    refuses('4.6.2: a name begins with a letter', { ...ferry(), type: '9Ferry' }),
    takes('4.6.2: letters are those of all scripts', { ...ferry({ 航速: SPEED }), type: '渡轮' }),
    ...['1/a', '/a//b', '/a-b', NULL, ['/ok', '9']].map((scope) =>
      refuses(`4.18: ${JSON.stringify(scope)} is no scope`, ferry({ scope })),
    ),
    takes(
      '4.18: a scope begins with a slash',
      ferry({ scope: '甬/Beilun' }),
      ferry({ scope: '/甬/Beilun' }),
    ),
    ...['\u202E', '\u200B', '\u00A0', '\u2028', '\uFE0F', '\uFFFE', '\u3164', '\u2800', '<'].map(
      (sign): Case => ({
        is: `4.5.1: an id holds no U+${sign.charCodeAt(0).toString(16)}`,
        ask: ['POST', '/entities', { ...ferry(), id: `urn:ngsi-ld:Ferry:a${sign}b` }],
        status: 400,
        error: 'BadRequestData',
      }),
    ),
    takes(
      '4.6.4: what a value holds is left as it is',
      ferry({ note: { type: 'Property', value: `<b>"q" = ';' ( )</b> 渡轮` } }),
    ),
    refuses('5.5.4: null is no id', { ...ferry(), id: NULL }),
    refuses('5.5.4: … no type', { ...ferry(), type: NULL }),
    refuses('5.5.4: … no expiresAt of what is made', ferry({ expiresAt: NULL })),
    refuses(
      '5.5.4: … is nowhere in a value',
      ferry({ a: { ...SPEED, value: { b: { c: NULL } } } }),
    ),
    refuses(
      '5.2.1: … nor in a sub-attribute',
      ferry({ a: { ...SPEED, b: { ...SPEED, value: NULL } } }),
    ),
    refuses(
      '4.6.5: … nor in a language map',
      ferry({ a: { type: 'LanguageProperty', languageMap: { '@none': NULL } } }),
    ),
  ]);
});

describe('4.22 Transient entities and attributes', () => {
  const PAST = '2026-01-01T00:00:00Z';
  const LATER = '2126-01-01T00:00:00Z';
  hold([
    {
      is: '4.22: what has expired can be made again',
      given: [ferry({ expiresAt: PAST })],
      ask: ['POST', '/entities', ferry({ speed: SPEED })],
      status: 201,
      leaves: [ID, ferry({ speed: SPEED })],
    },
    ...(
      [
        ['PATCH', ID, { speed: SPEED }],
        ['PUT', ID, ferry()],
        ['POST', `${ID}/attrs`, { speed: SPEED }],
        ['PATCH', `${ID}/attrs`, { speed: SPEED }],
        ['PATCH', `${ID}/attrs/speed`, { value: 1 }],
        ['DELETE', `${ID}/attrs/speed`],
        ['DELETE', ID],
        ['GET', ID],
      ] as const
    ).map((ask): Case => ({
      is: `4.22: what has expired is not there for ${ask[0]} ${ask[1].replace(ID, '{id}')}`,
      given: [ferry({ speed: SPEED, expiresAt: PAST })],
      ask,
      status: 404,
      error: 'ResourceNotFound',
    })),
    {
      is: '4.22: an attribute goes by itself, and a sub-attribute',
      given: [
        ferry({
          speed: { ...SPEED, expiresAt: PAST },
          course: { ...SPEED, source: { ...SPEED, expiresAt: PAST } },
        }),
      ],
      ask: ['GET', ID],
      status: 200,
      body: ferry({ course: SPEED }),
    },
    {
      is: '4.22: what has expired cannot be updated in part',
      given: [ferry({ speed: { ...SPEED, expiresAt: PAST } })],
      ask: ['PATCH', `${ID}/attrs/speed`, { value: 13 }],
      status: 404,
      error: 'ResourceNotFound',
    },
    {
      is: '4.22: a batch finds it gone too',
      given: [ferry({ expiresAt: PAST })],
      ask: ['POST', '/entityOperations/delete', [ID]],
      status: 207,
      body: { success: [], errors: [{ entityId: ID, error: expect.any(Object) }] },
    },
    {
      is: '5.5.12: null lets it stay',
      given: [ferry({ expiresAt: '2126-01-01T00:00:00Z' })],
      ask: ['PATCH', ID, { expiresAt: NULL }],
      status: 204,
      leaves: [
        `${ID}?options=sysAttrs`,
        { ...ferry(), createdAt: expect.any(String), modifiedAt: expect.any(String) },
      ],
    },
    {
      is: '6.3.11: of attributes and sub-attributes too',
      given: [ferry({ speed: { ...SPEED, expiresAt: LATER, by: { ...SPEED, expiresAt: LATER } } })],
      ask: ['GET', `${ID}?options=sysAttrs&omit=type`],
      status: 200,
      body: {
        id: ID,
        createdAt: expect.any(String),
        modifiedAt: expect.any(String),
        speed: expect.objectContaining({
          expiresAt: LATER,
          by: { ...SPEED, expiresAt: LATER },
        }),
      },
    },
    {
      is: '4.22: an instance goes by itself',
      given: [ferry({ speed: [SPEED, { ...SPEED, datasetId: 'urn:d:gps', expiresAt: PAST }] })],
      ask: ['GET', ID],
      status: 200,
      body: ferry({ speed: SPEED }),
    },
    {
      is: '4.22: an entity may be said to have gone',
      given: [ferry({ speed: SPEED })],
      ask: ['PATCH', ID, { expiresAt: PAST }],
      status: 204,
      leaves: [ID, 404],
    },
    ...[`urn`, '2026-13-45T00:00:00Z', '2026-01-01'].map((expiresAt) =>
      refuses(`4.22: ${expiresAt} is no time to expire`, ferry({ a: { ...SPEED, expiresAt } })),
    ),
    {
      is: '6.3.11: when it goes is told with what else the system keeps',
      given: [ferry({ expiresAt: '2126-01-01T00:00:00Z' })],
      ask: ['GET', `${ID}?options=sysAttrs`],
      status: 200,
      body: {
        ...ferry(),
        createdAt: expect.any(String),
        modifiedAt: expect.any(String),
        expiresAt: '2126-01-01T00:00:00Z',
      },
    },
  ]);
});
