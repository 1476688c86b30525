import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { openReceiver } from '../../receiver.ts';
import { DOOR, ERROR } from './cases.ts';

/** Clause 5.11 of ETSI GS CIM 009 v1.9.1: who is told of sources that come, change and go. */
const BEILUN = 'urn:ngsi-ld:ContextSourceRegistration:beilun';
const WATCHER = 'urn:ngsi-ld:Subscription:watcher';
const beilun = (more: object = {}) => ({
  id: BEILUN,
  type: 'ContextSourceRegistration',
  endpoint: 'http://beilun.example:1026',
  information: [{ entities: [{ type: 'Streetlight' }] }, { entities: [{ type: 'Bus' }] }],
  ...more,
});

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await house.database.query('truncate context.subscriptions, context.deliveries');
  for (const { id } of await house.database.query<{ id: string }>(
    'select id from context.registrations',
  ))
    await ask('DELETE', `/csourceRegistrations/${id}`);
});

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  house.app.inject({ method, url: DOOR + path, ...(payload ? { payload } : {}) });
const done = async (...asked: Parameters<typeof ask>) => {
  const answer = await ask(...asked);
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer;
};
const subscription = (
  uri: string,
  { endpoint = {}, ...more }: { [name: string]: unknown } = {},
) => ({
  id: WATCHER,
  type: 'Subscription',
  entities: [{ type: 'Streetlight' }],
  notification: { endpoint: { uri, accept: 'application/json', ...(endpoint as object) } },
  ...more,
});
const at = `/csourceSubscriptions/${WATCHER}`;

describe('5.11.2–5.11.6 Context Source Registration Subscriptions', () => {
  const sub = (more = {}) => subscription('https://example.org/told', more);

  test('6.12.3.1: made once, found, listed, changed and deleted', async () => {
    const made = await ask('POST', '/csourceSubscriptions', sub());
    expect([made.statusCode, made.body, made.headers.location]).toEqual([201, '', DOOR + at]);
    const again = await ask('POST', '/csourceSubscriptions', sub());
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ type: `${ERROR}AlreadyExists` });
    expect((await ask('GET', at)).json()).toMatchObject({ ...sub(), status: 'active' });
    const listed = await ask('GET', '/csourceSubscriptions?limit=1&count=true');
    expect(listed.json()).toMatchObject([{ id: WATCHER }]);
    expect(listed.headers['ngsild-results-count']).toBe('1');
    expect((await ask('PATCH', at, { subscriptionName: 'Lights' })).statusCode).toBe(204);
    expect((await ask('GET', at)).json()).toMatchObject({ subscriptionName: 'Lights' });
    expect((await ask('DELETE', at)).statusCode).toBe(204);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await ask(method, at)).json()).toMatchObject({ type: `${ERROR}ResourceNotFound` });
  });

  test('they are apart from subscriptions to entities', async () => {
    await done('POST', '/csourceSubscriptions', sub());
    expect((await ask('GET', '/subscriptions')).json()).toEqual([]);
    expect((await ask('GET', `/subscriptions/${WATCHER}`)).statusCode).toBe(404);
    expect((await ask('DELETE', `/subscriptions/${WATCHER}`)).statusCode).toBe(404);
    expect((await ask('GET', at)).statusCode).toBe(200);
  });

  test.each([
    ['no notification', { notification: undefined }],
    ['another type', { type: 'ContextSourceRegistration' }],
    ['a broken query', { q: 'speed>' }],
    ['no watched attribute in a list of them', { watchedAttributes: [] }],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['half a temporal query', { temporalQ: { timerel: 'before' } }],
    ['a broken csf', { csf: '(' }],
    ['a trigger of entities', { notificationTrigger: ['entityCreated'] }],
    [
      'GeoJSON, which registrations are not given as',
      { endpoint: { accept: 'application/geo+json' } },
    ],
  ])('5.2.12: %s is refused', async (_what, more) => {
    const answer = await ask('POST', '/csourceSubscriptions', sub(more));
    expect(answer.statusCode, answer.body).toBe(400);
    expect(answer.json()).toMatchObject({ type: `${ERROR}BadRequestData` });
  });

  test('an id that is no URI, and one that is nobody', async () => {
    const change = { subscriptionName: 'x' };
    const [bad, none] = ['/csourceSubscriptions/one', '/csourceSubscriptions/urn:ngsi-ld:none'];
    for (const [path, status] of [
      [bad, 400],
      [none, 404],
    ] as const) {
      expect((await ask('PATCH', path, change)).statusCode).toBe(status);
      expect((await ask('GET', path)).statusCode).toBe(status);
      expect((await ask('DELETE', path)).statusCode).toBe(status);
    }
  });
});

describe('5.11.7 Notification behaviour', () => {
  test('what matches is told at once, then each change with its reason; 5.3.2', async () => {
    await using receiver = await openReceiver();
    await done('POST', '/csourceRegistrations', beilun());
    await done('POST', '/csourceSubscriptions', subscription(receiver.url));
    const [first] = await receiver.until(1);
    const [light] = beilun().information;
    expect(first!.body).toEqual({
      id: expect.stringMatching(/^urn:/),
      type: 'ContextSourceNotification',
      subscriptionId: WATCHER,
      notifiedAt: expect.any(String),
      triggerReason: 'newlyMatching',
      data: [beilun({ information: [{ ...light, entities: [{ type: ['Streetlight'] }] }] })],
    });
    const path = `/csourceRegistrations/${BEILUN}`;
    await done('PATCH', path, { endpoint: 'http://new.example' });
    await done('PATCH', path, { information: [{ entities: [{ type: 'Bus' }] }] });
    await done('PATCH', path, { description: 'Buses alone' });
    await done('PATCH', path, { information: beilun().information });
    await done('DELETE', path);
    const told = (await receiver.until(5)).slice(1).map(({ body }) => body);
    expect(told.map(({ triggerReason }) => triggerReason)).toEqual([
      'updated',
      'noLongerMatching',
      'newlyMatching',
      'noLongerMatching',
    ]);
    expect(told[0]).toMatchObject({ data: [{ id: BEILUN, endpoint: 'http://new.example' }] });
    await expect
      .poll(async () => (await ask('GET', at)).json())
      .toMatchObject({
        notification: { timesSent: 5, status: 'ok', lastSuccess: expect.any(String) },
      });
  });

  test('where nothing matches nothing is told, until a change of the subscription makes it match', async () => {
    await using receiver = await openReceiver();
    await done(
      'POST',
      '/csourceSubscriptions',
      subscription(receiver.url, { entities: [{ type: 'Tram' }] }),
    );
    await done('POST', '/csourceRegistrations', beilun());
    await done('PATCH', at, { entities: [{ type: 'Bus' }] });
    const [only] = await receiver.until(1);
    expect(receiver.received).toHaveLength(1);
    expect(only!.body).toMatchObject({ triggerReason: 'newlyMatching', data: [{ id: BEILUN }] });
  });

  test('5.11.2.4: place, time, csf and scope of the source decide', async () => {
    await using receiver = await openReceiver();
    const asks: Record<string, { told?: string[]; [more: string]: unknown }> = {
      geo: {
        geoQ: { georel: 'near;maxDistance==2000', geometry: 'Point', coordinates: [121.84, 29.9] },
      },
      past: { temporalQ: { timerel: 'after', timeAt: '2026-02-01T00:00:00Z' } },
      managed: {
        temporalQ: { timerel: 'after', timeAt: '2026-02-01T00:00:00Z', timeproperty: 'createdAt' },
      },
      csf: { csf: 'operator=="harbour"' },
      scope: { scopeQ: '/Ningbo/Beilun' },
      narrow: { watchedAttributes: ['colour'], told: ['colour'] },
    };
    for (const [name, { told, ...more }] of Object.entries(asks)) {
      const { notification: base, ...rest } = subscription(receiver.url, more);
      await done('POST', '/csourceSubscriptions', {
        ...rest,
        id: `urn:ngsi-ld:Subscription:${name}`,
        notification: { ...base, ...(told ? { attributes: told } : {}) },
      });
    }
    const information = [{ entities: [{ type: 'Streetlight' }], propertyNames: ['illuminance'] }];
    const location = { type: 'Point', coordinates: [121.84, 29.9] };
    const open = { startAt: '2026-01-01T00:00:00Z' };
    const of = (name: string) => ({ id: `${BEILUN}:${name}`, information });
    for (const source of [
      { ...of('geo'), location },
      { ...of('past'), observationInterval: open },
      { ...of('managed'), managementInterval: open },
      { ...of('csf'), operator: 'harbour' },
      { ...of('scope'), scope: '/Ningbo/Beilun' },
      {
        ...of('narrow'),
        information: [{ entities: [{ type: 'Streetlight' }], propertyNames: ['colour'] }],
      },
    ])
      await done('POST', '/csourceRegistrations', beilun(source));
    const notices = await receiver.until(6);
    const pairs = notices.map(({ body }) => [
      body['subscriptionId'],
      (body['data'] as { id: string }[])[0]!.id,
    ]);
    expect(new Set(pairs.map(([who, what]) => `${who} ${what}`))).toEqual(
      new Set(
        Object.keys(asks).map((name) => `urn:ngsi-ld:Subscription:${name} ${BEILUN}:${name}`),
      ),
    );
    expect(receiver.received).toHaveLength(6);
  });

  test('with a timeInterval all that match are told at first and then again and again', async () => {
    await using receiver = await openReceiver();
    await done('POST', '/csourceRegistrations', beilun());
    await done('POST', '/csourceSubscriptions', subscription(receiver.url, { timeInterval: 1 }));
    const told = await receiver.until(3);
    for (const { body } of told)
      expect(body).toMatchObject({ triggerReason: 'newlyMatching', data: [{ id: BEILUN }] });
  });

  test('a paused subscription is not told', async () => {
    await using receiver = await openReceiver();
    await done('POST', '/csourceSubscriptions', subscription(receiver.url));
    await done('PATCH', at, { isActive: false });
    await done('POST', '/csourceRegistrations', beilun());
    expect((await ask('GET', at)).json()).toMatchObject({ status: 'paused' });
    await done('PATCH', at, { isActive: true });
    await receiver.until(1);
    expect(receiver.received).toHaveLength(1);
  });

  test('a receiver that is away is a failure to be seen', async () => {
    await done('POST', '/csourceSubscriptions', subscription('http://127.0.0.1:9/gone'));
    await done('POST', '/csourceRegistrations', beilun());
    await expect
      .poll(async () => (await ask('GET', at)).json())
      .toMatchObject({
        notification: {
          status: 'failed',
          timesFailed: expect.any(Number),
          lastFailure: expect.any(String),
        },
      });
  });
});
