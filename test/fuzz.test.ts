/**
 * Random and half-right input against the whole house in process: whatever comes, the answer is never a bug, comes
 * within a second, and says which of the known errors it is.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { House } from '#kernel/boot';
import { openTestCity } from './city.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 700);
const ANSWER_MS_MAX = 1000;
const LIMIT_MS = Math.max(240_000, RUNS * 20);
const LD = '/ngsi-ld/v1';

let house: House;
beforeAll(async () => {
  house = await openTestCity({ AUTH: 'on' });
}, 120_000);
afterAll(() => house?.[Symbol.asyncDispose]());

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Asked = { method: Method; url: string; headers?: Record<string, string>; payload?: string };

/** Right in every way that all answers must be right. A slow one is asked again: this machine may have been busy. */
const check = async (asked: Asked) => {
  const ask = async () => {
    const began = performance.now();
    const answer = await house.app.inject({
      ...asked,
      headers: { authorization: `Bearer ${house.consoleSecret}`, ...asked.headers },
    });
    return { answer, ms: performance.now() - began };
  };
  const first = await ask();
  const { answer } = first;
  const what = `${asked.method} ${asked.url} ${JSON.stringify(asked.headers)} ${asked.payload?.slice(0, 500)} → ${answer.statusCode} ${answer.body.slice(0, 300)}`;
  // 504 is for a @context that cannot be had, and for nothing else while the database is there.
  if (answer.statusCode >= 500 && answer.statusCode !== 504) throw new Error(what);
  if (answer.statusCode === 504) expect(answer.json().type, what).toMatch(/LdContextNotAvailable$/);
  if (answer.statusCode >= 400 && ![411, 415].includes(answer.statusCode))
    expect(answer.json(), what).toMatchObject({
      title: expect.any(String),
      status: answer.statusCode,
    });
  if (first.ms > ANSWER_MS_MAX) expect((await ask()).ms, what).toBeLessThan(ANSWER_MS_MAX);
};

const property = (asked: fc.Arbitrary<Asked>) =>
  fc.assert(fc.asyncProperty(asked, check), { numRuns: RUNS, endOnFailure: true });

const ODD = [
  '',
  ' ',
  '\u0000',
  '\uD800',
  '\u202e',
  '宁波',
  'urn:ngsi-ld:null',
  '__proto__',
  'constructor',
  'toString',
  '@id',
  '@type',
  '@context',
  'type',
  'value',
  'object',
  'NaN',
  '1e999',
  "';--",
  '%',
  '%00',
  '../../etc',
  'https://uri.etsi.org/ngsi-ld/',
  ':n',
  '::',
  'a:b',
  'urn:a:b',
  '2026-08-01T08:00:00Z',
  '0000-00-00T00:00:00Z',
  '{"a":1}',
  '[',
  '((((((((',
  '~=.*',
  '<>',
];
const odd = fc.oneof(
  fc.constantFrom(...ODD),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 30 }),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1e308, -1e308, 1e-320, 2 ** 53, 90, 180, 181),
);
const scalar = fc.oneof(odd, number, fc.boolean(), fc.constant(null));
const geometry = fc.record({
  type: fc.constantFrom(
    'Point',
    'LineString',
    'Polygon',
    'MultiPolygon',
    'GeometryCollection',
    'Circle',
  ),
  coordinates: fc.oneof(
    fc.array(number, { maxLength: 4 }),
    fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 5 }),
    fc.array(fc.array(fc.array(number, { maxLength: 3 }), { maxLength: 6 }), { maxLength: 3 }),
    scalar,
  ),
});
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    geometry,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(odd, tie('value'), { maxKeys: 4 }),
    tie('attribute'),
  ),
  attribute: fc.record(
    {
      type: fc.oneof(
        fc.constantFrom(
          'Property',
          'Relationship',
          'GeoProperty',
          'LanguageProperty',
          'VocabProperty',
          'JsonProperty',
          'ListProperty',
          'ListRelationship',
        ),
        scalar,
      ),
      value: tie('value'),
      object: tie('value'),
      json: tie('value'),
      vocab: tie('value'),
      valueList: tie('value'),
      objectList: tie('value'),
      languageMap: tie('value'),
      observedAt: fc.oneof(
        fc.constantFrom(
          '2026-08-01T08:00:00Z',
          '2026-08-01T08:00:00.123456789Z',
          '9999-12-31T23:59:59Z',
          '0001-01-01T00:00:00Z',
          '+275760-09-13T00:00:00Z',
        ),
        scalar,
      ),
      unitCode: fc.oneof(fc.constantFrom('CEL', 'KMH'), scalar),
      datasetId: fc.oneof(fc.constantFrom('urn:d:1', '@none'), scalar),
      createdAt: scalar,
    },
    { requiredKeys: ['type'] },
  ),
}));
const ids = fc.oneof(
  fc.constantFrom('urn:ngsi-ld:F:1', 'urn:ngsi-ld:F:2', 'urn:ngsi-ld:F:3'),
  scalar,
);
const fragment = fc
  .tuple(
    fc.record(
      { id: ids, type: fc.oneof(fc.constant('F'), scalar, fc.array(odd, { maxLength: 3 })) },
      { requiredKeys: [] },
    ),
    fc.dictionary(
      fc.oneof(fc.constantFrom('a', 'b', 'location', 'scope', 'expiresAt', '@context'), odd),
      value as fc.Arbitrary<unknown>,
      { maxKeys: 4 },
    ),
    fc.boolean(),
  )
  .map(([head, rest, sane]) => ({
    ...(sane ? { id: 'urn:ngsi-ld:F:1', type: 'F' } : {}),
    ...rest,
    ...(sane ? {} : head),
  }));
const broken = fc.tuple(fragment, fc.nat()).map(([json, at]) => {
  const text = JSON.stringify(json);
  return text.slice(0, at % (text.length + 1));
});
const body = fc.oneof(
  { weight: 6, arbitrary: fragment.map((json) => JSON.stringify(json)) },
  {
    weight: 2,
    arbitrary: fc.array(fragment, { maxLength: 4 }).map((json) => JSON.stringify(json)),
  },
  {
    weight: 1,
    arbitrary: (value as fc.Arbitrary<unknown>).map((json) => JSON.stringify(json) ?? ''),
  },
  { weight: 1, arbitrary: broken },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 30_000 })
      .map((n) => `{"id":"urn:x:y","type":"F","a":${'['.repeat(n)}${']'.repeat(n)}}`),
  },
);
const mediaType = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('application/json', 'application/ld+json') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'application/merge-patch+json',
      'text/plain',
      'application/json; charset=x',
      ';',
      '',
    ),
  },
);
const path = fc.constantFrom(
  'urn:ngsi-ld:F:1',
  'urn:ngsi-ld:F:2',
  'x',
  '%00',
  '%ED%A0%80',
  'urn%3Aa%3A%20',
  '%E5%AE%81',
);
const inHeader = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?');

test('no body breaks the NGSI-LD door', { timeout: LIMIT_MS }, () =>
  property(
    fc
      .record({
        route: fc.constantFrom<[Method, string]>(
          ['POST', '/entities'],
          ['PUT', '/entities/ID'],
          ['PATCH', '/entities/ID'],
          ['POST', '/entities/ID/attrs'],
          ['PATCH', '/entities/ID/attrs'],
          ['PATCH', '/entities/ID/attrs/a'],
          ['PUT', '/entities/ID/attrs/a'],
          ['POST', '/entityOperations/create'],
          ['POST', '/entityOperations/upsert'],
          ['POST', '/entityOperations/update'],
          ['POST', '/entityOperations/merge'],
          ['POST', '/entityOperations/delete'],
          ['POST', '/entityOperations/query'],
          ['POST', '/temporal/entityOperations/query'],
          ['POST', '/subscriptions'],
          ['PATCH', '/subscriptions/ID'],
          ['PATCH', '/csourceRegistrations/ID'],
          ['POST', '/csourceSubscriptions'],
          ['POST', '/temporal/entities'],
          ['POST', '/temporal/entities/ID/attrs'],
          ['PATCH', '/temporal/entities/ID/attrs/a/urn:ngsi-ld:i:1'],
          ['POST', '/jsonldContexts'],
          ['PATCH', '/entityMaps/ID'],
          ['POST', '/snapshots'],
        ),
        id: path,
        type: mediaType,
        payload: body,
      })
      .map(({ route: [method, url], id, type, payload }) => ({
        method,
        url: LD + url.replace('ID', id),
        headers: { 'content-type': type },
        payload,
      })),
  ),
);

const endpoint = fc.oneof(
  fc.record(
    {
      uri: fc.oneof(
        fc.constantFrom('http://192.0.2.1/n', 'mqtt://192.0.2.1/n', 'mqtts://u:p@x/', 'ftp://x'),
        odd,
      ),
      accept: fc.oneof(fc.constant('application/geo+json'), scalar),
      receiverInfo: value as fc.Arbitrary<unknown>,
      notifierInfo: fc.array(fc.record({ key: fc.constant('MQTT-QoS'), value: scalar })),
    },
    { requiredKeys: [] },
  ),
  scalar,
);
const selectors = fc.array(
  fc.record(
    {
      type: fc.oneof(fc.constant('F'), scalar),
      id: ids,
      idPattern: fc.oneof(fc.constantFrom('.*', '('), scalar),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 3 },
);
const members = {
  entities: selectors,
  watchedAttributes: fc.array(odd, { maxLength: 3 }),
  q: fc.oneof(fc.constantFrom('a>5', 'a{F}.b==1'), scalar),
  geoQ: value as fc.Arbitrary<unknown>,
  scopeQ: odd,
  timeInterval: number,
  throttling: number,
  expiresAt: scalar,
  isActive: scalar,
  notificationTrigger: fc.array(fc.oneof(fc.constant('entityCreated'), odd), { maxLength: 2 }),
  notification: fc.record(
    { endpoint, format: odd, attributes: fc.array(odd, { maxLength: 2 }), showChanges: scalar },
    { requiredKeys: [] },
  ),
  information: fc.array(
    fc.record(
      { entities: selectors, propertyNames: fc.array(odd), relationshipNames: fc.array(odd) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
  endpoint: fc.oneof(fc.constant('http://192.0.2.1'), odd),
  mode: fc.oneof(fc.constantFrom('inclusive', 'exclusive', 'redirect', 'auxiliary'), scalar),
  operations: fc.array(fc.oneof(fc.constantFrom('federationOps', 'retrieveEntity'), odd)),
  management: value as fc.Arbitrary<unknown>,
  location: geometry,
  observationInterval: value as fc.Arbitrary<unknown>,
};
const document = fc
  .tuple(
    fc.constantFrom('Subscription', 'ContextSourceRegistration', 'Query', 'Snapshot'),
    fc.record(members, { requiredKeys: [] }),
  )
  .map(([type, more]) => JSON.stringify({ type, ...more }));

test('no subscription, registration or query document breaks a door', { timeout: LIMIT_MS }, () =>
  property(
    fc
      .record({
        url: fc.constantFrom(
          '/subscriptions',
          '/csourceSubscriptions',
          '/csourceRegistrations',
          '/entityOperations/query',
          '/temporal/entityOperations/query',
          '/snapshots',
        ),
        // Of a tenant of their own: a registration that was taken would have the other tests ask a far place.
        headers: fc.constant({ 'content-type': 'application/json', 'ngsild-tenant': 'fuzz' }),
        payload: document,
      })
      .map(({ url, ...rest }) => ({ method: 'POST' as const, url: LD + url, ...rest })),
  ),
);

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  type: ['F', '*', 'F;(A,B)', '(F', 'F|A'],
  id: ['urn:ngsi-ld:F:1', 'x'],
  idPattern: ['.*', '(a+)+$', '[', 'urn:[[:alpha:]]+', '\\d{1,999999}'],
  q: [
    'a>5',
    'a==1..2',
    'a~="^(x+x+)+y$"',
    'a.b[c]=="x"',
    'a;b|c',
    '(a;(b|!c))',
    'a>2026-08-01T00:00:00Z',
    'a==urn:x:y',
    'observedAt',
  ],
  georel: ['near;maxDistance==100', 'within', 'near;minDistance==1e400', 'intersects', 'near'],
  geometry: ['Point', 'Polygon', 'Circle'],
  coordinates: [
    '[121,29]',
    '[[[0,0],[1,0],[1,1],[0,0]]]',
    '[999,999]',
    '[1e400,0]',
    '[[[[[[]]]]]]',
  ],
  geoproperty: ['location', 'a'],
  attrs: ['a,b', ',', 'a'],
  pick: ['a', 'id,type', 'a{b}', 'a['],
  omit: ['a', 'id'],
  options: ['count', 'sysAttrs,concise', 'keyValues', 'temporalValues'],
  format: ['concise', 'simplified', 'aggregatedValues', 'temporalValues'],
  limit: ['0', '1', '1000', '1e3', '99999999999999999999'],
  offset: ['0', '5', '99999999999999999999', '-1'],
  count: ['true', '1'],
  lang: ['zh', '*', 'zh;q=0.5,en'],
  scopeQ: ['/a', '/a/#', '/+/b', '(/a;/b)|/c'],
  orderBy: ['a', 'a;desc', 'id', 'a;dist-asc'],
  timerel: ['before', 'after', 'between'],
  timeAt: ['2026-08-01T00:00:00Z', '9999-12-31T23:59:59Z'],
  endTimeAt: ['2027-08-01T00:00:00Z'],
  timeproperty: ['observedAt', 'modifiedAt'],
  lastN: ['1', '0', '999999999'],
  aggrMethods: ['avg,max', 'sumsq', 'mode'],
  aggrPeriodDuration: ['PT1H', 'P1Y', 'PT0S', 'P999999999Y', 'PT1S'],
  datasetId: ['@none', 'urn:d:1'],
  local: ['true', 'false'],
  join: ['flat', 'inline', '@none'],
  joinLevel: ['1', '2', '0', '99999999999999999999'],
  containedBy: ['urn:ngsi-ld:F:1', ','],
  collation: ['zh', 'en-US-u-co-phonebk', 'x'.repeat(300)],
  orderFrom: ['[121,29]', '[1e400,0]'],
  csf: ['a==5', 'a=='],
  entityMap: ['true', 'x'],
  splitEntities: ['true'],
  entityMapLifetime: ['PT1M', 'P999999999Y'],
  observedAt: ['2026-08-01T08:00:00Z', 'x'],
  deleteAll: ['true'],
  details: ['true'],
  kind: ['Hosted', 'x'],
};
const query = fc
  .dictionary(
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...Object.keys(PARAMETERS)) },
      { weight: 1, arbitrary: odd },
    ),
    odd,
    { maxKeys: 6 },
  )
  .chain((chosen) =>
    fc.tuple(
      ...Object.entries(chosen).map(([name, wild]) =>
        fc
          .oneof(
            {
              weight: 4,
              arbitrary: fc.constantFrom(
                ...(Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name]! : [wild]),
              ),
            },
            { weight: 1, arbitrary: fc.constant(wild) },
          )
          .map(
            (text) =>
              `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`,
          ),
      ),
    ),
  )
  .map((parts) => parts.join('&'));

test('no query breaks what can be asked', { timeout: LIMIT_MS }, () =>
  property(
    fc
      .record({
        url: fc.constantFrom(
          `${LD}/entities`,
          `${LD}/entities`,
          `${LD}/temporal/entities`,
          `${LD}/entities/urn:ngsi-ld:F:1`,
          `${LD}/temporal/entities/urn:ngsi-ld:F:1`,
          '/api/context/map',
          '/api/context/search',
          '/api/registers/search',
          '/api/sensing/devices',
          '/api/registers/places',
          `${LD}/types`,
          `${LD}/attributes`,
          `${LD}/csourceRegistrations`,
          `${LD}/csourceSubscriptions`,
          `${LD}/subscriptions`,
          `${LD}/jsonldContexts`,
          `${LD}/entities/urn:ngsi-ld:F:1/attrs/a`,
        ),
        narrow: fc.constantFrom('type=F&', 'timerel=after&timeAt=2020-01-01T00:00:00Z&type=F&', ''),
        query,
      })
      .map(({ url, narrow, query }) => ({
        method: 'GET' as const,
        url: `${url}?${narrow}${query}`,
      })),
  ),
);

test('no header breaks any door', { timeout: LIMIT_MS }, () =>
  property(
    fc
      .record({
        url: fc.constantFrom(
          `${LD}/entities?type=F`,
          `${LD}/entities/urn:ngsi-ld:F:1`,
          '/api/house',
          '/api/identity/me',
          '/x',
          '/%',
          '/..%2f..%2fetc/passwd',
        ),
        headers: fc.record(
          {
            accept: fc.oneof(
              fc.constantFrom(
                '*/*',
                'application/geo+json',
                'application/ld+json;q=x',
                'a/b,c/d;q=0',
                ',;,',
              ),
              odd.map(inHeader),
            ),
            link: fc.oneof(
              fc.constantFrom(
                '<http://127.0.0.1/c>; rel="http://www.w3.org/ns/json-ld#context"',
                '<>; rel="http://www.w3.org/ns/json-ld#context"',
                '<<<>;;;',
                '<x',
              ),
              odd.map(inHeader),
            ),
            'ngsild-tenant': odd.map(inHeader),
            cookie: odd.map((text) => `sj_session=${inHeader(text)}`),
            'content-length': fc.constantFrom('0', '0'),
            'if-none-match': odd.map(inHeader),
            'accept-encoding': fc.constantFrom('gzip', 'x', 'identity;q=0', '*;q=0'),
            range: fc.constantFrom('bytes=0-', 'bytes=9-1', 'x'),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ url, headers }) => ({ method: 'GET' as const, url, headers })),
  ),
);

test('no reading breaks the gateway of devices', { timeout: LIMIT_MS }, async () => {
  const made = await house.app.inject({
    method: 'POST',
    url: '/api/sensing/sandbox-devices',
    payload: {},
  });
  const { device, secret } = made.json<{ device: { id: string }; secret: string }>();
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  await property(
    body.map((payload) => ({
      method: 'POST' as const,
      url: `/api/sensing/devices/${device.id}/readings`,
      headers,
      payload,
    })),
  );
});
