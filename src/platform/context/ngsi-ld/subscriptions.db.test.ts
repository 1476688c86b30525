import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const ERRORS = 'https://uri.etsi.org/ngsi-ld/errors/';
const PARKING = 'http://example.org/parking/';
const VEHICLE = 'http://example.org/vehicle/';

describe.each(testEngines)('subscriptions, types and attributes on %s', (engine) => {
  let house: House;
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine });
  });
  afterAll(() => house[Symbol.asyncDispose]());

  const post = (path: string, payload: object, headers = {}) =>
    house.app.inject({ method: 'POST', url: DOOR + path, payload, headers });
  const get = async (path: string, headers = {}) =>
    (await house.app.inject({ url: DOOR + path, headers })).json();
  const subscription = (more: object = {}) => ({
    type: 'Subscription',
    entities: [{ type: 'Vehicle' }],
    notification: { endpoint: { uri: 'https://example.org/notify' } },
    ...more,
  });

  test.each([
    ['no endpoint', { notification: {} }, 400, 'BadRequestData'],
    ['neither entities nor attributes', { entities: undefined }, 400, 'BadRequestData'],
    ['an empty list', { watchedAttributes: [] }, 400, 'BadRequestData'],
    ['an unknown trigger', { notificationTrigger: ['entityMoved'] }, 400, 'BadRequestData'],
    ['a member that does not exist', { interval: 5 }, 400, 'BadRequestData'],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 400, 'BadRequestData'],
    ['an interval with throttling', { timeInterval: 5, throttling: 5 }, 400, 'BadRequestData'],
    ['a broken query', { q: 'speed>>5' }, 400, 'BadRequestData'],
    ['a broken pattern', { entities: [{ type: 'T', idPattern: '(' }] }, 400, 'BadRequestData'],
    ['an id that is no URI', { id: 'one' }, 400, 'BadRequestData'],
    [
      'an MQTT address without a topic',
      { notification: { endpoint: { uri: 'mqtt://a.b/' } } },
      400,
      'BadRequestData',
    ],
    [
      'previous values of simplified entities',
      {
        notification: {
          endpoint: { uri: 'https://a.b/c' },
          showChanges: true,
          format: 'simplified',
        },
      },
      400,
      'BadRequestData',
    ],
    [
      'a header that is ours',
      {
        notification: {
          endpoint: { uri: 'https://a.b/c', receiverInfo: [{ key: 'Host', value: 'x' }] },
        },
      },
      400,
      'BadRequestData',
    ],
  ])('%s is refused', async (_what, more, status, type) => {
    const answer = await post('/subscriptions', subscription(more));
    expect(answer.json()).toMatchObject({ status, type: ERRORS + type });
  });

  test('one is there once, in the words of whoever asks, page by page', async () => {
    const id = 'urn:ngsi-ld:Subscription:one';
    const ld = { 'content-type': 'application/ld+json' };
    const names = { '@vocab': 'http://example.org/vehicle/' };
    const sent = subscription({
      id,
      watchedAttributes: ['speed'],
      q: 'speed>50',
      '@context': names,
      notification: {
        attributes: ['speed'],
        endpoint: { uri: 'https://example.org/notify', accept: 'application/ld+json' },
        timesSent: 7,
      },
    });
    expect((await post('/subscriptions', sent, ld)).statusCode).toBe(201);
    expect((await post('/subscriptions', sent, ld)).json()).toMatchObject({
      status: 409,
      type: `${ERRORS}AlreadyExists`,
    });
    const read = await get(`/subscriptions/${id}?options=sysAttrs`);
    expect(read).toMatchObject({
      id,
      entities: [{ type: `${VEHICLE}Vehicle` }],
      watchedAttributes: [`${VEHICLE}speed`],
      status: 'active',
      createdAt: expect.any(String),
      notification: { attributes: [`${VEHICLE}speed`] },
    });
    expect(read.notification.timesSent).toBeUndefined();
    expect(read.terms).toBeUndefined();
    await post('/subscriptions', subscription({ id: 'urn:ngsi-ld:Subscription:two' }));
    const page = await house.app.inject(`${DOOR}/subscriptions?limit=1&count=true`);
    expect(page.json()).toHaveLength(1);
    expect(page.headers['ngsild-results-count']).toBe('2');
    expect(page.headers.link).toContain('rel="next"');
    expect(await get('/subscriptions', { 'ngsild-tenant': 'other' })).toMatchObject({
      status: 404,
    });
    expect(await get('/subscriptions/urn:x:none')).toMatchObject({ status: 404 });
  });

  test('types and attributes are told as in annex C.5.7 to C.5.12', async () => {
    const vehicle = (id: string, more: object) => ({
      id: `urn:ngsi-ld:Vehicle:${id}`,
      type: `${VEHICLE}Vehicle`,
      [`${VEHICLE}brandName`]: { type: 'Property', value: 'Mercedes' },
      ...more,
    });
    const isParked = { type: 'Relationship', object: 'urn:ngsi-ld:OffStreetParking:Downtown1' };
    const location = { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.2] } };
    await post('/entities', vehicle('A', { [`${VEHICLE}isParked`]: isParked }));
    await post('/entities', vehicle('B', { [`${VEHICLE}speed`]: 55, location }));
    await post('/entities', {
      id: 'urn:ngsi-ld:ParkingSpot:1',
      type: `${PARKING}ParkingSpot`,
      [`${PARKING}status`]: 'free',
    });
    const types = await get('/types');
    expect(types).toEqual({
      id: expect.stringMatching(/^urn:ngsi-ld:EntityTypeList:/),
      type: 'EntityTypeList',
      typeList: [`${PARKING}ParkingSpot`, `${VEHICLE}Vehicle`],
    });
    expect(await get('/types?details=true')).toEqual([
      {
        id: `${PARKING}ParkingSpot`,
        type: 'EntityType',
        typeName: `${PARKING}ParkingSpot`,
        attributeNames: [`${PARKING}status`],
      },
      {
        id: `${VEHICLE}Vehicle`,
        type: 'EntityType',
        typeName: `${VEHICLE}Vehicle`,
        attributeNames: [
          `${VEHICLE}brandName`,
          `${VEHICLE}isParked`,
          `${VEHICLE}speed`,
          'location',
        ],
      },
    ]);
    const detail = (id: string, kind: string, attributeName = id) => ({
      id,
      type: 'Attribute',
      attributeName,
      attributeTypes: [kind],
    });
    expect(await get(`/types/${encodeURIComponent(`${VEHICLE}Vehicle`)}`)).toEqual({
      id: `${VEHICLE}Vehicle`,
      type: 'EntityTypeInfo',
      typeName: `${VEHICLE}Vehicle`,
      entityCount: 2,
      attributeDetails: [
        detail(`${VEHICLE}brandName`, 'Property'),
        detail(`${VEHICLE}isParked`, 'Relationship'),
        detail(`${VEHICLE}speed`, 'Property'),
        detail('https://uri.etsi.org/ngsi-ld/location', 'GeoProperty', 'location'),
      ],
    });
    expect((await get('/attributes')).attributeList).toEqual([
      `${PARKING}status`,
      `${VEHICLE}brandName`,
      `${VEHICLE}isParked`,
      `${VEHICLE}speed`,
      'location',
    ]);
    expect((await get('/attributes?details=true'))[0]).toEqual({
      id: `${PARKING}status`,
      type: 'Attribute',
      attributeName: `${PARKING}status`,
      typeNames: [`${PARKING}ParkingSpot`],
    });
    expect(await get(`/attributes/${encodeURIComponent(`${VEHICLE}brandName`)}`)).toEqual({
      id: `${VEHICLE}brandName`,
      type: 'Attribute',
      attributeName: `${VEHICLE}brandName`,
      attributeCount: 2,
      attributeTypes: ['Property'],
      typeNames: [`${VEHICLE}Vehicle`],
    });
    expect(await get('/types/None')).toMatchObject({ type: `${ERRORS}ResourceNotFound` });
    expect(await get('/attributes/none')).toMatchObject({ type: `${ERRORS}ResourceNotFound` });
  });
});
