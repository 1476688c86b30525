import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { type Case, DOOR, run } from './cases.ts';

/** Expected values are those of ETSI GS CIM 009 v1.9.1, and of the public ETSI conformance suite where it has the case. */
const ID = 'urn:ngsi-ld:Subscription:jiangbei-water';
const uri = 'https://jiangbei.example.org/notify';
const sent = (more: object = {}, notification: object = {}, endpoint: object = {}) => ({
  id: ID,
  type: 'Subscription',
  entities: [{ type: 'WaterQualityObserved' }],
  notification: { endpoint: { uri, ...endpoint }, ...notification },
  ...more,
});

let house: House;
beforeAll(async () => {
  house = await openTestHouse({ modules: [context] });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

const request = (method: 'POST' | 'PATCH' | 'DELETE' | 'GET', path: string, payload?: object) =>
  house.app.inject({ method, url: `${DOOR}${path}`, ...(payload ? { payload } : {}) });
/** A case that finds this one subscription, and leaves none. */
const withOne = async (work: () => Promise<void>, more: object = {}) => {
  const made = await request('POST', '/subscriptions', sent(more));
  expect(made.statusCode, made.body).toBe(201);
  await work();
  await request('DELETE', `/subscriptions/${ID}`);
};
const take = (cases: readonly Case[]) =>
  test.each(cases)('$is', async (one) => {
    await run(house, one);
    await request('DELETE', `/subscriptions/${ID}`);
  });
const post = (body: object): Pick<Case, 'ask'> => ({ ask: ['POST', '/subscriptions', body] });
const refused = (is: string, body: object): Case => ({
  is,
  ...post(body),
  status: 400,
  error: 'BadRequestData',
  leaves: [`/subscriptions/${ID}`, 404],
});

describe('5.8.1 Create Subscription', () => {
  take([
    {
      is: '6.10.3.1: Location names it; what was sent is what is there, and its status',
      ...post(sent({ watchedAttributes: ['pH'], throttling: 5 })),
      status: 201,
      body: '',
      answers: { location: `/ngsi-ld/v1/subscriptions/${ID}` },
      leaves: [
        `/subscriptions/${ID}`,
        {
          ...sent({ watchedAttributes: ['pH'], throttling: 5 }),
          status: 'active',
          jsonldContext: expect.stringMatching(/^https:\/\/uri\.etsi\.org\//),
        },
      ],
    },
    {
      is: '5.8.1.4: inactive, it is paused',
      ...post(sent({ isActive: false })),
      status: 201,
      leaves: [
        `/subscriptions/${ID}`,
        expect.objectContaining({ status: 'paused', isActive: false }),
      ],
    },
    {
      is: '5.2.12: the members that are the system’s are passed over, and so are notes of the sender’s own',
      ...post(sent({ status: 'expired', __by: 'me' }, { timesSent: 42, status: 'failed' })),
      status: 201,
      leaves: [
        `/subscriptions/${ID}`,
        { ...sent(), status: 'active', jsonldContext: expect.any(String) },
      ],
    },
    {
      is: '5.2.14.1: previous values go with the normalized form',
      ...post(sent({}, { format: 'normalized', showChanges: true })),
      status: 201,
    },
    {
      is: '5.2.22: pairs of texts for the receiver and the notifier',
      ...post(
        sent(
          {},
          {},
          {
            receiverInfo: [{ key: 'Authorization', value: 'Bearer abc' }],
            notifierInfo: [{ key: 'Prefer', value: 'body=json' }],
          },
        ),
      ),
      status: 201,
    },
    {
      is: '5.2.12: local, it needs neither entities nor attributes',
      ...post(sent({ entities: undefined, localOnly: true })),
      status: 201,
    },
    {
      is: '5.2.12: csf is a query',
      ...post(sent({ csf: 'endpoint=="https://yuyao.example.org"' })),
      status: 201,
    },
    refused('5.2.12: an id that is no URI', sent({ id: 'water' })),
    refused('5.2.12: an empty id', sent({ id: '' })),
    refused('5.2.12: another type', sent({ type: 'Wish' })),
    refused('5.2.12: no notification', sent({ notification: undefined })),
    refused('5.2.12: neither entities nor watchedAttributes', sent({ entities: undefined })),
    refused('5.2.12: an empty list of entities', sent({ entities: [] })),
    refused('5.2.33: an entity without a type', sent({ entities: [{ id: 'urn:x:1' }] })),
    refused('5.2.12: an empty list of attributes', sent({ watchedAttributes: [] })),
    refused('5.2.12: a trigger that is none', sent({ notificationTrigger: ['entityMoved'] })),
    refused('5.2.12: a csf that is no query', sent({ csf: '((' })),
    refused('5.2.12: a q that is no query', sent({ q: 'pH>>7' })),
    refused('5.2.12: throttling below zero', sent({ throttling: -5 })),
    refused('5.2.12: throttling and timeInterval', sent({ throttling: 5, timeInterval: 5 })),
    refused(
      '5.2.12: timeInterval and watchedAttributes',
      sent({ timeInterval: 5, watchedAttributes: ['pH'] }),
    ),
    refused('5.8.1.4: an expiry in the past', sent({ expiresAt: '2020-01-01T00:00:00Z' })),
    refused('4.3.6.8: a version that is none', sent({ ngsildConformance: 'latest' })),
    refused('5.2.12: temporalQ is for registrations', sent({ temporalQ: { timerel: 'before' } })),
    refused('5.2.14.1: attributes and pick', sent({}, { attributes: ['pH'], pick: ['pH'] })),
    refused('5.2.14.1: attributes and omit', sent({}, { attributes: ['pH'], omit: ['pH'] })),
    refused('4.21: picked and omitted', sent({}, { pick: ['id', 'pH'], omit: ['pH'] })),
    refused('5.2.14.1: an empty pick', sent({}, { pick: [] })),
    refused('5.2.14.1: an empty omit', sent({}, { omit: [] })),
    refused('5.2.14.1: a join that is none', sent({}, { join: 'deep' })),
    refused('5.2.14.1: levels of no join', sent({}, { joinLevel: 2 })),
    refused(
      '5.2.14.1: previous values in simplified form',
      sent({}, { format: 'simplified', showChanges: true }),
    ),
    refused(
      '5.2.14.1: previous values as key and value',
      sent({}, { format: 'keyValues', showChanges: true }),
    ),
    refused('5.2.15: an endpoint of another protocol', sent({}, {}, { uri: 'ftp://a.example/b' })),
    refused('5.2.15: an accept that is none', sent({}, {}, { accept: 'text/turtle' })),
    refused('5.2.15: a timeout of nothing', sent({}, {}, { timeout: 0 })),
    refused(
      '5.2.22: a number for a text',
      sent({}, {}, { receiverInfo: [{ key: 'X-Count', value: 42 }] }),
    ),
    refused('5.2.22: no value', sent({}, {}, { notifierInfo: [{ key: 'X-Count' }] })),
    refused('7.2: an MQTT address without a topic', sent({}, {}, { uri: 'mqtt://a.example' })),
    refused(
      '7.2: another quality of service',
      sent({}, {}, { uri: 'mqtt://a.example/t', notifierInfo: [{ key: 'MQTT-QoS', value: '3' }] }),
    ),
    refused(
      '7.2: another version of MQTT',
      sent(
        {},
        {},
        { uri: 'mqtt://a.example/t', notifierInfo: [{ key: 'MQTT-Version', value: 'mqtt3.1' }] },
      ),
    ),
    refused(
      '7.2: GeoJSON by MQTT',
      sent({}, {}, { uri: 'mqtt://a.example/t', accept: 'application/geo+json' }),
    ),
  ]);

  test('5.8.1.4: the same id twice is AlreadyExists', () =>
    withOne(async () => {
      const again = await request('POST', '/subscriptions', sent());
      expect(again.statusCode).toBe(409);
      expect(again.json().type).toMatch(/AlreadyExists$/);
    }));

  test('5.8.1.4: without an id it is given one', async () => {
    const made = await request('POST', '/subscriptions', sent({ id: undefined }));
    expect(made.headers.location).toMatch(/^\/ngsi-ld\/v1\/subscriptions\/urn:ngsi-ld:/);
    const path = String(made.headers.location).slice(DOOR.length);
    expect((await request('DELETE', path)).statusCode).toBe(204);
  });

  test('7.2: the password of an MQTT address is never shown', async () => {
    const secret = { uri: 'mqtts://water:hush@mqtt.example.org:8884/jiangbei/water' };
    await request('POST', '/subscriptions', sent({}, {}, secret));
    const read = await request('GET', `/subscriptions/${ID}`);
    expect(read.json().notification.endpoint.uri).toBe(
      'mqtts://water@mqtt.example.org:8884/jiangbei/water',
    );
    expect((await request('GET', '/subscriptions')).body).not.toContain('hush');
    await request('DELETE', `/subscriptions/${ID}`);
  });
});

describe('5.8.2 Update Subscription', () => {
  const future = new Date(Date.now() + 3_600_000).toISOString();
  const status = async () => (await request('GET', `/subscriptions/${ID}`)).json().status;
  const patch = async (body: object) =>
    (await request('PATCH', `/subscriptions/${ID}`, body)).statusCode;

  test('6.11.3.2: members given take the place of those there; null removes', () =>
    withOne(
      async () => {
        const body = { q: 'pH<6', throttling: 'urn:ngsi-ld:null', description: 'Acid water' };
        expect(await patch(body)).toBe(204);
        const { jsonldContext: _context, ...read } = (
          await request('GET', `/subscriptions/${ID}`)
        ).json();
        expect(read).toEqual({
          ...sent({ q: 'pH<6', description: 'Acid water' }),
          status: 'active',
        });
      },
      { throttling: 5, q: 'pH>8' },
    ));

  test('5.8.2.4: the status follows isActive and expiresAt', () =>
    withOne(async () => {
      expect(await patch({ isActive: false })).toBe(204);
      expect(await status()).toBe('paused');
      expect(await patch({ isActive: true, expiresAt: future })).toBe(204);
      expect(await status()).toBe('active');
      await house.database.query(
        `update context.subscriptions set document = document || '{"expiresAt":"2020-01-01T00:00:00Z"}' where id = $1`,
        [ID],
      );
      expect(await status()).toBe('expired');
      expect(await patch({ isActive: true })).toBe(204);
      expect(await status()).toBe('expired');
      expect(await patch({ expiresAt: future })).toBe(204);
      expect(await status()).toBe('active');
      expect(await patch({ expiresAt: '2020-01-01T00:00:00Z', isActive: false })).toBe(400);
    }));

  test('5.5.8: what is mandatory cannot be removed, and the id stays', () =>
    withOne(async () => {
      expect(await patch({ notification: { format: 'keyValues', endpoint: null } })).toBe(400);
      expect(await patch({ notification: null })).toBe(400);
      expect(await patch({ type: null })).toBe(400);
      expect(await patch({ id: 'urn:ngsi-ld:Subscription:other' })).toBe(400);
    }));

  test('5.8.2.4: one that is not there, and an id that is no URI', async () => {
    expect(await patch({ isActive: false })).toBe(404);
    expect((await request('PATCH', '/subscriptions/water', { isActive: false })).statusCode).toBe(
      400,
    );
  });
});

describe('5.8.3–5.8.5 Retrieve, Query and Delete Subscription', () => {
  test('6.10.3.2: page by page, with links and a count; sysAttrs on demand', async () => {
    const ids = ['1', '2', '3'].map((n) => `urn:ngsi-ld:Subscription:p${n}`);
    for (const id of ids) await request('POST', '/subscriptions', sent({ id }));
    const page = await request('GET', '/subscriptions?limit=2&count=true&options=sysAttrs');
    expect(page.json().map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(page.json()[0]).toMatchObject({ createdAt: expect.stringMatching(/Z$/) });
    expect(page.headers['ngsild-results-count']).toBe('3');
    expect(page.headers.link).toMatch(/limit=2.*offset=2.*rel="next"/);
    const last = await request('GET', '/subscriptions?limit=2&offset=2');
    expect(last.json()).toHaveLength(1);
    expect(last.headers.link).toContain('rel="prev"');
    expect((await request('GET', '/subscriptions?limit=-1')).statusCode).toBe(400);
    for (const id of ids) await request('DELETE', `/subscriptions/${id}`);
    expect((await request('GET', '/subscriptions')).json()).toEqual([]);
  });

  test.each(['ngsi-ld=1.0', 'NGSI-LD=1.0', 'respond-async, ngsi-ld="1.0";q=0.1'])(
    '6.3.6: Prefer: %s is heard, and changes nothing of a subscription',
    (prefer) =>
      withOne(
        async () => {
          const url = `${DOOR}/subscriptions/${ID}`;
          const read = await house.app.inject({ url, headers: { prefer } });
          expect([read.statusCode, read.headers['preference-applied']]).toEqual([
            200,
            'ngsi-ld=1.0',
          ]);
          expect(read.json()).toMatchObject(sent({ watchedAttributes: ['pH'] }));
        },
        { watchedAttributes: ['pH'] },
      ),
  );

  test('6.11.3: one that is not there is ResourceNotFound, an id that is no URI BadRequestData', async () => {
    for (const method of ['GET', 'DELETE'] as const) {
      const missing = await request(method, `/subscriptions/${ID}`);
      expect([missing.statusCode, missing.json().type]).toEqual([
        404,
        expect.stringMatching(/ResourceNotFound$/),
      ]);
      expect((await request(method, '/subscriptions/water')).statusCode).toBe(400);
    }
  });
});
