import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Json, openReceiver } from '../../receiver.ts';
import { DOOR } from './cases.ts';

/** Clause 5.8.6. Expected values are those of ETSI GS CIM 009 v1.9.1, and of the public ETSI conformance suite where it has the case. */
const BRIDGE = 'urn:ngsi-ld:Bridge:lingqiao';
const DISTRICT = 'urn:ngsi-ld:District:haishu';
const NULL = 'urn:ngsi-ld:null';
const FRENCH = 'urn:ngsi-ld:Dataset:french';
const point = { type: 'Point', coordinates: [121.5563, 29.8687] };
const AT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const bridge = {
  id: BRIDGE,
  type: 'Bridge',
  name: { type: 'Property', value: '灵桥' },
  location: { type: 'GeoProperty', value: point },
  street: { type: 'LanguageProperty', languageMap: { zh: '药行街', en: 'Yaohang Street' } },
  inDistrict: { type: 'Relationship', object: DISTRICT },
  kind: { type: 'VocabProperty', vocab: 'arch' },
  survey: { type: 'JsonProperty', json: { id: 'S-7', type: 'visual', note: null } },
};
const { name, location, street, inDistrict, kind, survey } = bridge;
const district = {
  id: DISTRICT,
  type: 'District',
  name: { type: 'Property', value: '海曙区' },
  inCity: { type: 'Relationship', object: 'urn:ngsi-ld:City:ningbo' },
};

let house: House;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  receiver = await openReceiver();
}, 120_000);
afterAll(async () => {
  await house?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

const ask = async (
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
  headers: Record<string, string> = {},
) => {
  const answer = await house.app.inject({
    method,
    url: `${DOOR}${path}`,
    headers,
    ...(payload ? { payload } : {}),
  });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
};
const subscribe = (more: object, notification: object = {}, endpoint: object = {}) =>
  ask('POST', '/subscriptions', {
    id: 'urn:ngsi-ld:Subscription:bridges',
    type: 'Subscription',
    entities: [{ type: 'Bridge' }],
    ...more,
    notification: { ...notification, endpoint: { uri: receiver.url, ...endpoint } },
  });
/** The next notification. */
const told = async (): Promise<Json> => {
  const [first] = await receiver.until(1);
  receiver.received.splice(0);
  return first!.body;
};
const data = async (): Promise<Json> => (await told()).data;
afterEach(async () => {
  await ask('DELETE', '/subscriptions/urn:ngsi-ld:Subscription:bridges');
  await house.database.query('truncate context.entities, context.history, context.deliveries');
  await ask('POST', '/entityOperations/upsert', []).catch(() => undefined);
  receiver.received.splice(0);
});

const attributePath = `/entities/${BRIDGE}/attrs`;
const watchingDeletions = { notificationTrigger: ['attributeDeleted'] };
const without = (member: keyof typeof bridge) => {
  const { [member]: _gone, ...rest } = bridge;
  return rest;
};

describe('what is deleted', () => {
  test.each<[string, keyof typeof bridge, object]>([
    ['a Property', 'name', { type: 'Property', value: NULL }],
    ['a GeoProperty', 'location', { type: 'GeoProperty', value: NULL }],
    ['a Relationship', 'inDistrict', { type: 'Relationship', object: NULL }],
    ['a LanguageProperty', 'street', { type: 'LanguageProperty', languageMap: { '@none': NULL } }],
    ['a VocabProperty', 'kind', { type: 'VocabProperty', vocab: NULL }],
    ['a JsonProperty', 'survey', { type: 'JsonProperty', json: NULL }],
  ])('%s is told as null', async (_what, member, shown) => {
    await ask('POST', '/entities', bridge);
    await subscribe(watchingDeletions);
    await ask('DELETE', `${attributePath}/${member}`);
    expect(await data()).toEqual([{ ...without(member), [member]: shown }]);
  });

  test.each(['simplified', 'concise'])('in %s form the null stands alone', async (format) => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name, inDistrict });
    await subscribe(watchingDeletions, { format });
    await ask('DELETE', `${attributePath}/inDistrict`);
    expect(await data()).toEqual([
      { id: BRIDGE, type: 'Bridge', name: name.value, inDistrict: NULL },
    ]);
  });

  const names = [name, { type: 'Property', value: 'Pont Ling', datasetId: FRENCH }];
  test('one instance of several, by its datasetId', async () => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name: names });
    await subscribe({ ...watchingDeletions, watchedAttributes: ['name'] });
    await ask('DELETE', `${attributePath}/name?datasetId=${FRENCH}`);
    const [{ name: shown }] = await data();
    expect(shown).toEqual([name, { type: 'Property', value: NULL, datasetId: FRENCH }]);
  });

  test('one instance of several, simplified', async () => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name: names });
    await subscribe(watchingDeletions, { format: 'keyValues' });
    await ask('DELETE', `${attributePath}/name?datasetId=${FRENCH}`);
    const [{ name: shown }] = await data();
    expect(shown).toEqual({ dataset: { '@none': name.value, [FRENCH]: NULL } });
  });

  test('all instances at once are told as one attribute', async () => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name: names });
    await subscribe(watchingDeletions);
    await ask('DELETE', `${attributePath}/name?deleteAll=true`);
    expect((await data())[0].name).toEqual({ type: 'Property', value: NULL });
  });

  test('by a merge with null, with the system’s times on demand', async () => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name, kind });
    await subscribe({ ...watchingDeletions, watchedAttributes: ['name'] }, { sysAttrs: true });
    await ask('PATCH', `/entities/${BRIDGE}`, { name: NULL });
    const times = { createdAt: AT, modifiedAt: AT };
    expect(await data()).toEqual([
      {
        id: BRIDGE,
        type: 'Bridge',
        ...times,
        name: { type: 'Property', value: NULL, ...times, deletedAt: AT },
        kind: { ...kind, ...times },
      },
    ]);
  });

  test('an entity, by its deletedAt alone', async () => {
    await ask('POST', '/entities', bridge);
    await subscribe({ notificationTrigger: ['entityDeleted'] });
    await ask('DELETE', `/entities/${BRIDGE}`);
    expect(await data()).toEqual([{ id: BRIDGE, type: 'Bridge', deletedAt: AT }]);
  });

  test('an entity, to who watches the deletion of one of its attributes', async () => {
    await ask('POST', '/entities', bridge);
    await subscribe({ ...watchingDeletions, watchedAttributes: ['name'] }, { sysAttrs: true });
    await ask('DELETE', `/entities/${BRIDGE}`);
    const times = { createdAt: AT, modifiedAt: AT, deletedAt: AT };
    expect(await data()).toEqual([
      { id: BRIDGE, type: 'Bridge', ...times, name: { type: 'Property', value: NULL, ...times } },
    ]);
  });
});

describe('showChanges', () => {
  const showing = { showChanges: true };
  test.each<[string, object, object]>([
    ['previousValue', { name: { type: 'Property', value: '老江桥' } }, { previousValue: '灵桥' }],
    [
      'previousObject',
      { inDistrict: { type: 'Relationship', object: 'urn:ngsi-ld:District:yinzhou' } },
      { previousObject: DISTRICT },
    ],
    [
      'previousLanguageMap',
      { street: { type: 'LanguageProperty', languageMap: { zh: '灵桥路' } } },
      { previousLanguageMap: street.languageMap },
    ],
    [
      'previousVocab',
      { kind: { type: 'VocabProperty', vocab: 'beam' } },
      { previousVocab: 'arch' },
    ],
    [
      'previousJson',
      { survey: { type: 'JsonProperty', json: { id: 'S-8' } } },
      { previousJson: survey.json },
    ],
  ])('%s stands beside the new one, and nowhere else', async (_member, fragment, previous) => {
    await ask('POST', '/entities', bridge);
    await subscribe({}, showing);
    await ask('PATCH', attributePath, fragment);
    const [[member, value]] = Object.entries(fragment) as [[string, object]];
    expect(await data()).toEqual([{ ...bridge, [member]: { ...value, ...previous } }]);
  });

  test('what is new has no previous value', async () => {
    await subscribe({}, showing);
    await ask('POST', '/entities', bridge);
    expect(await data()).toEqual([bridge]);
  });

  test('of a deleted attribute', async () => {
    await ask('POST', '/entities', bridge);
    await subscribe(watchingDeletions, showing);
    await ask('DELETE', `${attributePath}/street`);
    expect((await data())[0].street).toEqual({
      type: 'LanguageProperty',
      languageMap: { '@none': NULL },
      previousLanguageMap: street.languageMap,
    });
  });

  test('of a deleted entity', async () => {
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name, location, inDistrict });
    await subscribe({ notificationTrigger: ['entityDeleted'] }, showing);
    await ask('DELETE', `/entities/${BRIDGE}`);
    expect(await data()).toEqual([
      {
        id: BRIDGE,
        type: 'Bridge',
        deletedAt: AT,
        name: { type: 'Property', value: NULL, previousValue: '灵桥' },
        location: { type: 'GeoProperty', value: NULL, previousValue: point },
        inDistrict: { type: 'Relationship', object: NULL, previousObject: DISTRICT },
      },
    ]);
  });
});

describe('what is told of an entity', () => {
  const linked = { id: BRIDGE, type: 'Bridge', inDistrict };
  const rename = () =>
    ask('POST', `${attributePath}`, { name: { type: 'Property', value: '灵桥' } });

  test.each<[string, object, object[]]>([
    ['4.5.23.3: flat', { join: 'flat' }, [{ ...linked, name }, district]],
    [
      '4.5.23.2: inline',
      { join: 'inline' },
      [{ ...linked, name, inDistrict: { ...inDistrict, entity: district } }],
    ],
    [
      'flat, of picked attributes',
      { join: 'flat', joinLevel: 1, attributes: ['inDistrict'] },
      [linked, district],
    ],
    [
      'inline and simplified',
      { join: 'inline', format: 'simplified' },
      [
        {
          id: BRIDGE,
          type: 'Bridge',
          name: '灵桥',
          inDistrict: {
            id: DISTRICT,
            type: 'District',
            name: '海曙区',
            inCity: 'urn:ngsi-ld:City:ningbo',
          },
        },
      ],
    ],
    [
      '4.21: inline, of picked members of both',
      { join: 'inline', pick: ['id', 'inDistrict{name}'] },
      [{ id: BRIDGE, inDistrict: { ...inDistrict, entity: { name: district.name } } }],
    ],
  ])('linked entities: %s', async (_how, notification, expected) => {
    await ask('POST', '/entities', district);
    await ask('POST', '/entities', linked);
    await subscribe({}, notification);
    await rename();
    expect(await data()).toEqual(expected);
  });

  test.each<[string, object, object]>([
    ['picked members alone', { pick: ['id', 'name'] }, { id: BRIDGE, name }],
    ['all but what is omitted', { omit: ['type', 'inDistrict'] }, { id: BRIDGE, name }],
  ])('4.21: %s', async (_what, notification, expected) => {
    await ask('POST', '/entities', linked);
    await subscribe({}, notification);
    await rename();
    expect(await data()).toEqual([expected]);
  });

  test('4.5.5: instances of the datasets asked for', async () => {
    const french = { type: 'Property', value: 'Pont Ling', datasetId: FRENCH };
    await subscribe({ datasetId: [FRENCH] });
    await ask('POST', '/entities', { ...linked, name: [name, french] });
    expect(await data()).toEqual([{ id: BRIDGE, type: 'Bridge', name: french }]);
  });

  test('4.15: texts in one language', async () => {
    await subscribe({ lang: 'en' });
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', street });
    expect((await data())[0].street).toEqual({
      type: 'Property',
      value: 'Yaohang Street',
      lang: 'en',
    });
  });

  test('4.3.6.8: in the words of an earlier version', async () => {
    await subscribe({ ngsildConformance: '1.3' });
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', scope: '/haishu', kind, name });
    expect(await data()).toEqual([
      { id: BRIDGE, type: 'Bridge', kind: { type: 'Property', value: 'arch' }, name },
    ]);
  });

  test('5.2.12: sysAttrs adds the times', async () => {
    await subscribe({}, { sysAttrs: true });
    await ask('POST', '/entities', { id: BRIDGE, type: 'Bridge', name });
    const times = { createdAt: AT, modifiedAt: AT };
    expect(await data()).toEqual([
      { id: BRIDGE, type: 'Bridge', ...times, name: { ...name, ...times } },
    ]);
  });
});

describe('how it is told', () => {
  const names = 'https://example.org/bridges.jsonld';
  const small = { id: BRIDGE, type: 'Bridge', name };

  test('6.3.5: JSON, with the context in a Link header and what receiverInfo adds', async () => {
    await subscribe({}, {}, { receiverInfo: [{ key: 'X-District', value: 'haishu' }] });
    await ask('POST', '/entities', small);
    const [first] = await receiver.until(1);
    expect(first!.headers).toMatchObject({
      'content-type': 'application/json',
      link: expect.stringMatching(/rel="http:\/\/www\.w3\.org\/ns\/json-ld#context"/),
      'x-district': 'haishu',
    });
    expect(first!.body).toEqual({
      id: expect.stringMatching(/^urn:ngsi-ld:Notification:/),
      type: 'Notification',
      subscriptionId: 'urn:ngsi-ld:Subscription:bridges',
      notifiedAt: AT,
      data: [small],
    });
  });

  test('JSON-LD, with the context in the body and in each entity', async () => {
    await subscribe({}, {}, { accept: 'application/ld+json' });
    await ask('POST', '/entities', small);
    const [first] = await receiver.until(1);
    expect(first!.headers['content-type']).toBe('application/ld+json');
    expect(first!.headers.link).toBeUndefined();
    expect(first!.body['@context']).toBeDefined();
    expect(first!.body.data[0]['@context']).toBeDefined();
  });

  test.each<[string, object]>([
    ['with its context', { '@context': expect.anything() }],
    ['without, where body=json is preferred', {}],
  ])('GeoJSON, %s', async (_how, more) => {
    const receiverInfo = 'Prefer body=json'.split(' ');
    const [key = '', value = ''] = receiverInfo;
    await subscribe(
      {},
      {},
      {
        accept: 'application/geo+json',
        ...('@context' in more ? {} : { receiverInfo: [{ key, value }] }),
      },
    );
    await ask('POST', '/entities', { ...small, location });
    expect(await data()).toEqual({
      type: 'FeatureCollection',
      features: [
        {
          id: BRIDGE,
          type: 'Feature',
          geometry: point,
          properties: { type: 'Bridge', name, location },
        },
      ],
      ...more,
    });
  });

  test('5.2.12: a context that is not there is refused when it is asked for', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/subscriptions`,
      payload: {
        type: 'Subscription',
        entities: [{ type: 'Bridge' }],
        jsonldContext: names.replace('example.org', 'nobody.invalid'),
        notification: { endpoint: { uri: receiver.url } },
      },
    });
    expect(answer.json()).toMatchObject({ type: expect.stringMatching(/LdContextNotAvailable$/) });
    await subscribe({});
  });

  test('5.8.6: counters and times of what succeeded and what failed', async () => {
    await subscribe({});
    await ask('POST', '/entities', small);
    await told();
    const read = async () =>
      (await house.app.inject(`${DOOR}/subscriptions/urn:ngsi-ld:Subscription:bridges`)).json()
        .notification;
    await expect.poll(read).toMatchObject({
      status: 'ok',
      timesSent: 1,
      lastNotification: AT,
      lastSuccess: AT,
    });
    receiver.behaviour.answer = () => 404;
    await ask('PATCH', attributePath, { name: { type: 'Property', value: '老江桥' } });
    await receiver.until(1);
    await expect.poll(read).toMatchObject({ status: 'failed', lastFailure: AT });
    receiver.behaviour.answer = () => 200;
  });
});

describe('which changes are told', () => {
  const small = { id: BRIDGE, type: 'Bridge', inDistrict };

  test('4.9: a query that goes into linked entities', async () => {
    await ask('POST', '/entities', district);
    await ask('POST', '/entities', {
      ...district,
      id: 'urn:ngsi-ld:District:yinzhou',
      name: { type: 'Property', value: '鄞州区' },
    });
    await subscribe({ q: 'inDistrict{name}=="海曙区"' });
    await ask('POST', '/entities', {
      ...small,
      id: 'urn:ngsi-ld:Bridge:other',
      inDistrict: { type: 'Relationship', object: 'urn:ngsi-ld:District:yinzhou' },
    });
    await ask('POST', '/entities', small);
    expect((await data()).map(({ id }: { id: string }) => id)).toEqual([BRIDGE]);
  });

  test('4.10: any relation with any geometry, of a further GeoProperty too', async () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [121.55, 29.86],
        [121.57, 29.88],
      ],
    };
    const across = { type: 'GeoProperty', value: line };
    await subscribe({
      geoQ: {
        georel: 'equals',
        geometry: 'LineString',
        coordinates: line.coordinates,
        geoproperty: 'axis',
      },
    });
    await ask('POST', '/entities', { ...small, id: 'urn:ngsi-ld:Bridge:other', axis: location });
    await ask('POST', '/entities', { ...small, axis: across });
    expect((await data()).map(({ id }: { id: string }) => id)).toEqual([BRIDGE]);
  });

  test.each<[string, object[]]>([
    ['by id', [{ type: 'Bridge', id: BRIDGE }]],
    ['by one id of several', [{ type: 'Bridge', id: ['urn:ngsi-ld:Bridge:no', BRIDGE] }]],
    ['by a pattern of ids', [{ type: 'Bridge', idPattern: '.*lingqiao$' }]],
    ['by a selection of types', [{ type: 'Road|(Bridge;Bridge)' }]],
    ['by any type', [{ type: '*', id: BRIDGE }]],
  ])('5.2.33: entities %s', async (_how, entities) => {
    await subscribe({ entities });
    await ask('POST', '/entities', { ...small, id: 'urn:ngsi-ld:Tunnel:other', type: 'Tunnel' });
    await ask('POST', '/entities', small);
    expect((await data()).map(({ id }: { id: string }) => id)).toEqual([BRIDGE]);
  });

  test('5.2.12: by watched attributes alone, whatever the type', async () => {
    await subscribe({ entities: undefined, watchedAttributes: ['inDistrict'] });
    await ask('POST', '/entities', { id: 'urn:ngsi-ld:Tunnel:other', type: 'Tunnel', name });
    await ask('POST', '/entities', small);
    expect((await data()).map(({ id }: { id: string }) => id)).toEqual([BRIDGE]);
  });
});
