/**
 * `ngsijs`, the library of FIWARE's dashboards, as it is published: every method of `connection.ld` against a house that
 * answers on a port.
 */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../src/platform/context/module.ts';
import { openTestHouse } from '../house.ts';
import { type Json, openReceiver } from '../receiver.ts';

type Connection = { readonly ld: Readonly<Record<string, (...given: unknown[]) => Promise<Json>>> };
const require = createRequire(import.meta.url);
const NGSI = require('ngsijs') as {
  readonly Connection: new (url: string) => Connection;
  readonly NotFoundError: new () => Error;
  readonly AlreadyExistsError: new () => Error;
  readonly BadRequestError: new () => Error;
};

const ID = 'urn:ngsi-ld:TideGauge:zhenhai';
const LEVEL = { type: 'Property', value: 2.4, unitCode: 'MTR', observedAt: '2026-08-01T00:00:00Z' };
const GAUGE = {
  id: ID,
  type: 'TideGauge',
  level: LEVEL,
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [121.71, 29.95] } },
};

let house: House;
let ld: Connection['ld'];
let vocabulary: string;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  const address = await house.listen();
  ld = new NGSI.Connection(address).ld;
  const hosted = await house.app.inject({
    method: 'POST',
    url: '/ngsi-ld/v1/jsonldContexts',
    payload: { '@context': { TideGauge: 'https://ningbo.example/TideGauge' } },
  });
  vocabulary = address + String(hosted.headers['location']);
});
afterAll(() => house?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await house.database.query('truncate context.entities, context.history');
});

/** A method of the library; one that it does not have is a fault of this test. */
const call = (method: string, ...given: unknown[]): Promise<Json> => ld[method]!(...given);

test('entities: createEntity, getEntity, queryEntities, deleteEntity', async () => {
  expect(await call('createEntity', structuredClone(GAUGE))).toMatchObject({
    location: `/ngsi-ld/v1/entities/${ID}`,
  });
  await expect(call('createEntity', structuredClone(GAUGE))).rejects.toBeInstanceOf(
    NGSI.AlreadyExistsError,
  );
  expect(await call('getEntity', { id: ID, keyValues: true })).toMatchObject({
    entity: { id: ID, level: 2.4 },
  });
  const near = await call('queryEntities', {
    type: 'TideGauge',
    q: 'level>2',
    georel: 'near;maxDistance==2000',
    geometry: 'Point',
    coordinates: '[121.7,29.95]',
    count: true,
    limit: 5,
  });
  expect(near).toMatchObject({ count: 1, results: [{ id: ID, level: LEVEL }] });
  expect(await call('queryEntities', { type: 'TideGauge', q: 'level>3' })).toMatchObject({
    results: [],
  });
  expect(
    (await call('queryEntities', { id: ID, type: 'TideGauge', sysAttrs: true })).results[0],
  ).toHaveProperty('createdAt');
  await expect(call('getEntity', 'urn:ngsi-ld:TideGauge:none')).rejects.toBeInstanceOf(
    NGSI.NotFoundError,
  );
  await expect(call('queryEntities', { type: 'TideGauge', q: 'level>' })).rejects.toBeInstanceOf(
    NGSI.BadRequestError,
  );
  await call('deleteEntity', ID);
  await expect(call('deleteEntity', ID)).rejects.toBeInstanceOf(NGSI.NotFoundError);
});

test('attributes: append, update one, update some, delete', async () => {
  await call('createEntity', structuredClone(GAUGE));
  const battery = { type: 'Property', value: 80 };
  expect(await call('appendEntityAttributes', { id: ID, battery })).toEqual({
    updated: ['battery'],
    notUpdated: [],
  });
  await call('updateEntityAttribute', { value: 79 }, { id: ID, attribute: 'battery' });
  await call('updateEntityAttributes', { id: ID, level: { ...LEVEL, value: 2.6 } });
  expect((await call('getEntity', { id: ID, keyValues: true })).entity).toMatchObject({
    battery: 79,
    level: 2.6,
  });
  await call('deleteEntityAttribute', { id: ID, attribute: 'battery' });
  await expect(
    call('deleteEntityAttribute', { id: ID, attribute: 'battery' }),
  ).rejects.toBeInstanceOf(NGSI.NotFoundError);
  await call('deleteEntity', ID);
});

test('types: listTypes, getType; a context of ours by its address', async () => {
  await call('createEntity', { ...GAUGE, '@context': vocabulary });
  expect((await call('listTypes')).results).toMatchObject({
    typeList: ['https://ningbo.example/TideGauge'],
  });
  expect(
    (await call('listTypes', { details: true, '@context': vocabulary })).results,
  ).toMatchObject([{ typeName: 'TideGauge', attributeNames: expect.arrayContaining(['level']) }]);
  expect(await call('getType', { type: 'TideGauge', '@context': vocabulary })).toMatchObject({
    type: { typeName: 'TideGauge', entityCount: 1 },
  });
  await call('deleteEntity', ID);
});

test('subscriptions: create, list, get, update, delete, and the notification comes', async () => {
  await using receiver = await openReceiver();
  const { subscription } = await call('createSubscription', {
    type: 'Subscription',
    entities: [{ type: 'TideGauge' }],
    notification: { endpoint: { uri: `${receiver.url}/tide` } },
    '@context': vocabulary,
  });
  expect(await call('listSubscriptions', { count: true })).toMatchObject({ count: 1 });
  await call('updateSubscription', { id: subscription.id, subscriptionName: 'tides' });
  expect(await call('getSubscription', subscription.id)).toMatchObject({
    subscription: { subscriptionName: 'tides', status: 'active' },
  });
  await call('createEntity', { ...GAUGE, '@context': vocabulary });
  const [told] = await receiver.until(1);
  expect(told!.body.data).toMatchObject([{ id: ID, type: 'TideGauge', level: LEVEL }]);
  expect(told!.headers.link).toContain(vocabulary);
  await call('deleteSubscription', subscription.id);
  await expect(call('getSubscription', subscription.id)).rejects.toBeInstanceOf(NGSI.NotFoundError);
  await call('deleteEntity', ID);
});

test('history: create, add, query, correct and delete', async () => {
  const past = (value: number, hour: string) => ({
    ...LEVEL,
    value,
    observedAt: `2026-07-01T${hour}:00:00Z`,
  });
  const made = await call('createTemporalEntity', {
    id: ID,
    type: 'TideGauge',
    level: [past(1, '00'), past(2, '01')],
  });
  expect(made).toMatchObject({ created: true });
  await call('addTemporalEntityAttributes', { id: ID, level: [past(3, '02')] });
  const levels = async () => {
    const { results } = await call('queryTemporalEntities', {
      type: 'TideGauge',
      attrs: 'level',
      timerel: 'between',
      timeAt: '2026-07-01T00:00:00Z',
      endTimeAt: '2026-07-02T00:00:00Z',
    });
    return (results[0]?.level ?? []) as { value: number; instanceId: string }[];
  };
  const found = await levels();
  expect(found.map(({ value }) => value).toSorted()).toEqual([1, 2, 3]);
  const one = { id: ID, attribute: 'level', instance: found[0]!.instanceId };
  await call('updateTemporalEntityAttributeInstance', { level: past(9, '00') }, one);
  expect((await levels()).map(({ value }) => value)).toContain(9);
  const [first] = await levels();
  await call('deleteTemporalEntityAttributeInstance', { ...one, instance: first!.instanceId });
  expect(await levels()).toHaveLength(2);
  await call('deleteTemporalEntityAttribute', { id: ID, attribute: 'level', deleteAll: true });
  await call('deleteTemporalEntity', ID);
});
