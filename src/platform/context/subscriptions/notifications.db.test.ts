import { describe, expect, test } from 'vitest';
import { testEngines } from '#kernel/database';
import type { House } from '#kernel/boot';
import { openTestHouse } from '../../../../test/house.ts';
import { type Json, openReceiver } from '../../../../test/receiver.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const CORE = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld';
/** GS CIM 009 V1.9.1, annex C.2.3. */
const parking = (availableSpotNumber: number, more: object = {}) => ({
  id: 'urn:ngsi-ld:OffStreetParking:Downtown1',
  type: 'OffStreetParking',
  name: { type: 'Property', value: 'Downtown One' },
  availableSpotNumber: {
    type: 'Property',
    value: availableSpotNumber,
    observedAt: '2017-07-29T12:05:02Z',
    reliability: { type: 'Property', value: 0.7 },
    providedBy: { type: 'Relationship', object: 'urn:ngsi-ld:Camera:C1' },
  },
  totalSpotNumber: { type: 'Property', value: 200 },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.5, 41.2] } },
  ...more,
});

describe.each(testEngines)('notifications on %s', (engine) => {
  const open = () =>
    openTestHouse({ modules: [context], engine, env: { EGRESS_ALLOW: '127.0.0.1' } });
  const post = (house: House, path: string, payload: object, headers = {}) =>
    house.app.inject({ method: 'POST', url: DOOR + path, payload, headers });
  const subscribe = async (house: House, uri: string, more: Json = {}, headers = {}) => {
    const { notification = {}, endpoint = {}, ...rest } = more;
    const answer = await post(
      house,
      '/subscriptions',
      {
        type: 'Subscription',
        entities: [{ type: 'OffStreetParking' }],
        notification: { ...notification, endpoint: { uri, ...endpoint } },
        ...rest,
      },
      headers,
    );
    expect(answer.body).toBe('');
    expect(answer.statusCode).toBe(201);
    return decodeURIComponent(String(answer.headers.location).split('/').at(-1)!);
  };
  const patch = (house: House, payload: object) =>
    house.app.inject({
      method: 'PATCH',
      url: `${DOOR}/entities/urn:ngsi-ld:OffStreetParking:Downtown1`,
      payload,
    });

  test('a change is told once, as the standard words it, and counted', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    const id = await subscribe(house, `${receiver.url}/told`, {
      watchedAttributes: ['availableSpotNumber'],
      q: 'availableSpotNumber<150',
      endpoint: { receiverInfo: [{ key: 'Authorization', value: 'Bearer abc' }] },
    });
    await post(house, '/entities', parking(121));
    const [first] = await receiver.until(1);
    expect(receiver.received).toHaveLength(1);
    expect(first!.path).toBe('/told');
    expect(first!.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer abc',
      link: `<${CORE}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
    });
    expect(first!.body).toEqual({
      id: expect.stringMatching(/^urn:ngsi-ld:Notification:[0-9a-f-]{36}$/),
      type: 'Notification',
      subscriptionId: id,
      notifiedAt: expect.stringMatching(/Z$/),
      data: [parking(121)],
    });
    await patch(house, { availableSpotNumber: 170 }); // no longer under 150
    await patch(house, { totalSpotNumber: 190 }); // not watched
    await patch(house, { availableSpotNumber: 99 });
    const told = await receiver.until(2);
    expect(told.map((t) => t.body.data[0].availableSpotNumber.value)).toEqual([121, 99]);
    expect(told[1]!.body.id).not.toBe(told[0]!.body.id);
    const read = (await house.app.inject(`${DOOR}/subscriptions/${id}`)).json();
    expect(read).toMatchObject({
      status: 'active',
      jsonldContext: CORE,
      watchedAttributes: ['availableSpotNumber'],
      entities: [{ type: 'OffStreetParking' }],
      notification: { status: 'ok', timesSent: 2 },
    });
    expect(read.notification.timesFailed).toBeUndefined();
  });

  test('the representation, the members and the context are those asked for', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    const ld = { 'content-type': 'application/ld+json' };
    const names = {
      Garage: 'https://example.org/OffStreetParking',
      spots: 'https://example.org/spots',
    };
    await subscribe(
      house,
      receiver.url,
      {
        entities: [{ type: 'Garage' }],
        notification: { attributes: ['spots'], format: 'keyValues' },
        endpoint: { accept: 'application/ld+json' },
        '@context': names,
      },
      ld,
    );
    await post(house, '/entities', {
      id: 'urn:x:1',
      type: 'https://example.org/OffStreetParking',
      'https://example.org/spots': 7,
      name: 'not told',
    });
    const [first] = await receiver.until(1);
    expect(first!.headers['content-type']).toBe('application/ld+json');
    expect(first!.headers.link).toBeUndefined();
    expect(first!.body).toMatchObject({
      '@context': [names, CORE],
      data: [{ id: 'urn:x:1', type: 'Garage', spots: 7 }],
    });
    expect(first!.body.data[0].name).toBeUndefined();
  });

  test('each trigger tells of its own kind of change; the same value again is none', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    const triggers = [
      'entityCreated',
      'entityDeleted',
      'attributeCreated',
      'attributeUpdated',
      'attributeDeleted',
    ];
    for (const trigger of triggers)
      await subscribe(house, `${receiver.url}/${trigger}`, { notificationTrigger: [trigger] });
    await subscribe(house, `${receiver.url}/default`);
    const seen = async (count: number) => {
      const paths = (await receiver.until(count)).map((r) => r.path.slice(1)).sort();
      return receiver.received.splice(0) && paths;
    };
    await post(house, '/entities', parking(121));
    expect(await seen(3)).toEqual(['attributeCreated', 'default', 'entityCreated']);
    await patch(house, { availableSpotNumber: 120 });
    expect(await seen(2)).toEqual(['attributeUpdated', 'default']);
    await patch(house, { availableSpotNumber: 120 });
    await patch(house, { colour: 'red' });
    expect(await seen(2)).toEqual(['attributeCreated', 'default']);
    await patch(house, { colour: 'urn:ngsi-ld:null' });
    const [gone] = await receiver.until(1);
    expect(gone!.body.data[0].colour).toEqual({ type: 'Property', value: 'urn:ngsi-ld:null' });
    expect(await seen(1)).toEqual(['attributeDeleted']);
    await house.app.inject({ method: 'DELETE', url: `${DOOR}/entities/${parking(0).id}` });
    const deleted = await receiver.until(2);
    const bare = { id: parking(0).id, type: 'OffStreetParking', deletedAt: expect.any(String) };
    const told = (path: string) => deleted.find((one) => one.path === path)!.body.data[0];
    expect(told('/entityDeleted')).toEqual(bare);
    expect(told('/attributeDeleted')).toMatchObject({
      ...bare,
      name: { type: 'Property', value: 'urn:ngsi-ld:null' },
    });
    expect(await seen(2)).toEqual(['attributeDeleted', 'entityDeleted']);
  });

  test('place and scope decide, too, and GeoJSON is told where it is wanted', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    await subscribe(house, receiver.url, {
      geoQ: { georel: 'near;maxDistance==2000', geometry: 'Point', coordinates: [-8.5, 41.2] },
      scopeQ: '/Madrid/#',
      notification: { format: 'simplified' },
      endpoint: { accept: 'application/geo+json' },
    });
    await post(house, '/entities', parking(1, { id: 'urn:x:no-scope' }));
    await post(house, '/entities', parking(2, { id: 'urn:x:here', scope: '/Madrid/Gardens' }));
    const far = { type: 'GeoProperty', value: { type: 'Point', coordinates: [-8.6, 41.2] } };
    await post(
      house,
      '/entities',
      parking(3, { id: 'urn:x:far', scope: '/Madrid/Gardens', location: far }),
    );
    const [first] = await receiver.until(1);
    expect(receiver.received).toHaveLength(1);
    expect(first!.body.data).toMatchObject({
      type: 'FeatureCollection',
      '@context': CORE,
      features: [
        {
          id: 'urn:x:here',
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [-8.5, 41.2] },
          properties: { type: 'OffStreetParking', availableSpotNumber: 2 },
        },
      ],
    });
  });

  test('what changes within the throttling is passed over; a periodic one tells all that match', async () => {
    await using house = await open();
    await using receiver = await openReceiver();
    await subscribe(house, `${receiver.url}/slow`, { throttling: 60 });
    await post(house, '/entities', parking(1));
    for (let n = 2; n < 6; n++) await patch(house, { availableSpotNumber: n });
    await receiver.until(1);
    await new Promise((done) => setTimeout(done, 300));
    expect(receiver.received).toHaveLength(1);
    receiver.received.splice(0);
    await post(house, '/entities', parking(9, { id: 'urn:x:other' }));
    await subscribe(house, `${receiver.url}/periodic`, {
      timeInterval: 1,
      q: 'availableSpotNumber>3',
    });
    const [first, second] = await receiver.until(2);
    expect(first!.path).toBe('/periodic');
    expect(first!.body.data.map((e: Json) => e.id).sort()).toEqual([parking(0).id, 'urn:x:other']);
    expect(second!.body.id).not.toBe(first!.body.id);
  });
});
