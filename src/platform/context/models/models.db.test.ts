import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import module from '../module.ts';

/** In the style of Smart Data Models: parts of its own common schema, and the type's own members. */
const COMMON = 'https://smart-data-models.github.io/data-models/common-schema.json';
const PARTS = {
  [COMMON]: {
    $schema: 'http://json-schema.org/schema',
    $id: COMMON,
    definitions: {
      Entity: {
        properties: {
          id: {
            anyOf: [
              {
                type: 'string',
                maxLength: 256,
                pattern: '^[\\w\\-\\.\\{\\}\\$\\+\\*\\[\\]`|~^@!,:\\\\]+$',
              },
            ],
          },
          name: { type: 'string' },
        },
      },
      Place: {
        properties: {
          location: {
            type: 'object',
            required: ['type', 'coordinates'],
            properties: {
              type: { enum: ['Point'] },
              coordinates: { type: 'array', minItems: 2, items: { type: 'number' } },
            },
          },
        },
      },
    },
  },
};
const SCHEMA = {
  $schema: 'http://json-schema.org/schema#',
  $id: 'https://smart-data-models.github.io/dataModel.Environment/WaterQuality/schema.json',
  title: 'Water quality',
  type: 'object',
  allOf: [
    { $ref: `${COMMON}#/definitions/Entity` },
    { $ref: `${COMMON}#/definitions/Place` },
    {
      properties: {
        type: { type: 'string', enum: ['WaterQuality'] },
        pH: { type: 'number', minimum: 0, maximum: 14 },
        dateObserved: { type: 'string', format: 'date-time' },
        measuredBy: { type: 'string', format: 'uri' },
      },
    },
  ],
  required: ['id', 'type', 'pH'],
};
const ID = 'urn:ngsi-ld:WaterQuality:yaojiang';
const property = (value: unknown) => ({ type: 'Property', value });
const water = (more: object = {}) => ({ id: ID, type: 'WaterQuality', pH: property(7.4), ...more });

describe.each(testEngines)('models on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [module], engine });
  });
  afterAll(() => house?.[Symbol.asyncDispose]());
  // Not TRUNCATE: it would lock what the jobs of the house are altering, each waiting for the other.
  afterEach(async () => {
    for (const table of ['entities', 'history'])
      await house.database.query(`delete from context.${table}`);
  });

  const inject = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
  ) => house.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  const entities = (method: 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
    inject(method, `/ngsi-ld/v1${path}`, payload);
  const declare = (body: object, type = 'WaterQuality') =>
    inject('PUT', `/api/context/models/${encodeURIComponent(type)}`, body);

  describe('a type that declares a model', () => {
    beforeAll(async () => {
      const { statusCode, body } = await declare({ schema: SCHEMA, parts: PARTS });
      expect(statusCode, body).toBe(200);
    });

    test.each<[string, object, RegExp]>([
      ['a member out of its range', { pH: property(15) }, /pH must be <= 14/],
      [
        'a member of another kind',
        { dateObserved: property('yesterday') },
        /dateObserved must match format "date-time"/,
      ],
      [
        'a part of a member',
        {
          location: {
            type: 'GeoProperty',
            value: {
              type: 'LineString',
              coordinates: [
                [121, 29],
                [122, 30],
              ],
            },
          },
        },
        /location\.type must be equal to one of the allowed values: \["Point"\]/,
      ],
      [
        'a relationship that is not as the model has it',
        { name: { type: 'Relationship', object: ['urn:a:1', 'urn:a:2'] } },
        /name must be string/,
      ],
    ])('takes no entity with %s, and says which', async (_what, more, detail) => {
      const answer = await entities('POST', '/entities', water(more));
      expect(answer.statusCode, answer.body).toBe(400);
      expect(answer.json()).toMatchObject({
        type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData',
        detail: expect.stringMatching(detail),
      });
      expect((await inject('GET', `/ngsi-ld/v1/entities/${ID}`)).statusCode).toBe(404);
    });

    test('looks at what the entity would be, whichever way it is written', async () => {
      expect((await entities('POST', '/entities', water({ pH: undefined }))).json().detail).toMatch(
        /pH is missing/,
      );
      expect((await entities('POST', '/entities', water())).statusCode).toBe(201);
      const acid = { pH: property(-1) };
      for (const answer of [
        await entities('PATCH', `/entities/${ID}/attrs/pH`, { value: -1 }),
        await entities('PATCH', `/entities/${ID}/attrs`, acid),
        await entities('POST', `/entities/${ID}/attrs`, acid),
        await entities('PATCH', `/entities/${ID}`, acid),
        await entities('DELETE', `/entities/${ID}/attrs/pH`),
      ])
        expect(answer.statusCode, answer.body).toBe(400);
      const other = 'urn:ngsi-ld:WaterQuality:fenghua';
      const batch = await entities('POST', '/entityOperations/upsert', [
        water(acid),
        water({ id: other }),
      ]);
      expect(batch.statusCode).toBe(207);
      expect(batch.json()).toMatchObject({ success: [other], errors: [{ entityId: ID }] });
      expect(
        (await inject('GET', `/ngsi-ld/v1/entities/${ID}?format=simplified`)).json(),
      ).toMatchObject({ pH: 7.4 });
      expect((await entities('DELETE', `/entities/${ID}`)).statusCode).toBe(204);
    });

    test('is held to it in every process and after a restart', async () => {
      await using second = await openTestHouse({ modules: [module], database: house.database });
      const write = () =>
        second.app.inject({
          method: 'POST',
          url: '/ngsi-ld/v1/entities',
          payload: water({ id: `urn:ngsi-ld:WaterQuality:${Math.random()}`, pH: property(20) }),
        });
      expect((await write()).statusCode).toBe(400);
      await inject('DELETE', '/api/context/models/WaterQuality');
      await expect.poll(async () => (await write()).statusCode, { timeout: 5_000 }).toBe(201);
      await declare({ schema: SCHEMA, parts: PARTS });
    });

    test('says nothing to other types and tenants', async () => {
      expect(
        (
          await entities('POST', '/entities', {
            id: 'urn:ngsi-ld:Bus:1',
            type: 'Bus',
            pH: property(99),
          })
        ).statusCode,
      ).toBe(201);
      const elsewhere = await house.app.inject({
        method: 'POST',
        url: '/ngsi-ld/v1/entities',
        headers: { 'ngsild-tenant': 'cixi' },
        payload: water({ pH: property(99) }),
      });
      expect(elsewhere.statusCode).toBe(201);
    });
  });

  test('a model is a record: listed, read and removed', async () => {
    await declare({ schema: { required: ['speed'] } }, 'https://ningbo.example/Ferry');
    const { items } = (await inject('GET', '/api/context/models')).json();
    expect(items).toContainEqual({
      type: 'https://ningbo.example/Ferry',
      modifiedAt: expect.any(String),
    });
    const at = `/api/context/models/${encodeURIComponent('https://ningbo.example/Ferry')}`;
    expect((await inject('GET', at)).json()).toMatchObject({
      schema: { required: ['speed'] },
      names: null,
    });
    expect((await inject('DELETE', at)).statusCode).toBe(204);
    expect((await inject('DELETE', at)).statusCode).toBe(404);
    expect((await inject('GET', at)).statusCode).toBe(404);
  });

  test('a model speaks in the names of its own context', async () => {
    const names = {
      ferry: 'https://ningbo.example/ferry#',
      Ferry: 'ferry:Ferry',
      speed: 'ferry:speed',
    };
    const made = await declare(
      { schema: { properties: { speed: { type: 'number' } } }, names },
      'Ferry',
    );
    expect(made.json()).toMatchObject({ type: 'https://ningbo.example/ferry#Ferry' });
    const write = (value: unknown) =>
      house.app.inject({
        method: 'POST',
        url: '/ngsi-ld/v1/entities',
        payload: {
          id: 'urn:ngsi-ld:Ferry:1',
          type: 'https://ningbo.example/ferry#Ferry',
          'https://ningbo.example/ferry#speed': property(value),
        },
      });
    expect((await write('fast')).json().detail).toBe(
      'speed must be number (by the model of Ferry).',
    );
    expect((await write(12)).statusCode).toBe(201);
  });

  test.each<[string, object, number]>([
    ['no schema', { schema: 'string' }, 400],
    ['a keyword that is wrong', { schema: { type: 'nonsense' } }, 400],
    ['what is nowhere', { schema: { $ref: 'https://nowhere.example/schema.json' } }, 400],
    ['a pattern that could hang', { schema: { properties: { a: { pattern: '(?=a)b' } } } }, 400],
    [
      'too many levels',
      { schema: Array.from({ length: 60 }).reduce<object>((inner) => ({ not: inner }), {}) },
      400,
    ],
    ['more than a model needs', { schema: { description: 'x'.repeat(300_000) } }, 413],
  ])('%s is refused', async (_what, body, status) => {
    const answer = await declare(body, 'Wrong');
    expect(answer.statusCode, answer.body).toBe(status);
  });
});
