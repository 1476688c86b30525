import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { House } from '#kernel/boot';
import context from '../../../src/platform/context/module.ts';
import { openTestHouse } from '../../house.ts';
import { DOOR, ERROR } from './cases.ts';

/** Entity maps and snapshots, ETSI GS CIM 009 v1.9.1, clauses 5.5.14, 5.5.15, 5.14 and 5.16. */
const [SLOW, FAST] = ['urn:ngsi-ld:Bus:slow', 'urn:ngsi-ld:Bus:fast'];
const bus = (id: string, speed: number, more: object = {}) => ({
  id,
  type: 'Bus',
  speed: { type: 'Property', value: speed, observedAt: '2026-05-01T08:00:00Z' },
  ...more,
});

let house: House;
let receiver: Server;
const told: Record<string, unknown>[] = [];
beforeAll(async () => {
  house = await openTestHouse({ modules: [context], env: { EGRESS_ALLOW: '127.0.0.1' } });
  receiver = createServer((request, answer) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += String(chunk)));
    request.on('end', () => {
      told.push({ ...(JSON.parse(text) as object), header: request.headers['x-city'] });
      answer.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
}, 120_000);
afterAll(async () => {
  receiver?.close();
  await house?.[Symbol.asyncDispose]();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const ask = (
  method: Method,
  path: string,
  payload?: object,
  headers: Record<string, string> = {},
) =>
  house.app.inject({
    method,
    url: path.startsWith(DOOR) ? path : DOOR + path,
    headers,
    ...(payload ? { payload } : {}),
  });
const idsOf = (answer: { json: () => unknown }) =>
  (answer.json() as { id: string }[]).map((e) => e.id);

beforeEach(async () => {
  await house.database.query(
    'truncate context.entities, context.history, context.entity_maps, context.snapshots',
  );
  for (const one of [bus(SLOW, 30), bus(FAST, 80)])
    expect((await ask('POST', '/entities', one)).statusCode).toBe(201);
});

describe('5.14 entity maps', () => {
  it('5.14.4: hold the ids of what a query finds, those here as @none', async () => {
    const made = await ask('GET', '/entityMaps?type=Bus&q=speed%3E50');
    expect(made.statusCode).toBe(201);
    expect(made.json()).toEqual({
      id: expect.stringMatching(/^urn:/),
      type: 'EntityMap',
      expiresAt: expect.stringMatching(/Z$/),
      entityMap: { [FAST]: ['@none'] },
    });
    const at = String(made.headers['ngsild-entitymap']);
    const known = await ask('GET', at);
    expect(known.json()).toEqual(made.json());
    const posted = await ask('POST', '/entityMaps', { type: 'Query', entities: [{ type: 'Bus' }] });
    expect(Object.keys(posted.json().entityMap)).toEqual([FAST, SLOW]);
  });

  it('5.14.4.4: are refused for too wide a query and for a lifetime that is none', async () => {
    for (const path of [`/entityMaps?id=${SLOW}`, '/entityMaps?type=Bus&entityMapLifetime=1hour']) {
      const answer = await ask('GET', path);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().type).toBe(`${ERROR}BadRequestData`);
    }
  });

  it('5.5.14: fix what the requests after consider', async () => {
    const first = await ask('GET', '/entities?type=Bus&entityMap=true&limit=1');
    expect([first.statusCode, idsOf(first)]).toEqual([201, [FAST]]);
    const map = String(first.headers['ngsild-entitymap']);
    await ask('POST', '/entities', bus('urn:ngsi-ld:Bus:new', 50));
    const next = await ask('GET', '/entities?type=Bus&count=true', undefined, {
      'ngsild-entitymap': map,
    });
    expect([next.statusCode, idsOf(next)]).toEqual([200, [FAST, SLOW]]);
    expect(next.headers['ngsild-results-count']).toBe('2');
    expect(next.headers['ngsild-entitymap']).toBe(map);
  });

  it('5.7.2.4: are made anew where the one referred to is gone', async () => {
    const answer = await ask('GET', '/entities?type=Bus', undefined, {
      'ngsild-entitymap': 'urn:ngsi-ld:EntityMap:gone',
    });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['ngsild-entitymap']).not.toContain('gone');
  });

  it('5.7.1.4: go with the retrieval of one entity', async () => {
    const answer = await ask('GET', `/entities/${FAST}?entityMap=true`);
    expect([answer.statusCode, answer.json().id]).toEqual([200, FAST]);
    const map = await ask('GET', String(answer.headers['ngsild-entitymap']));
    expect(map.json().entityMap).toEqual({ [FAST]: ['@none'] });
  });

  it('5.14.5: hold the ids of whose histories a query finds', async () => {
    const since = 'timerel=after&timeAt=2026-01-01T00:00:00Z';
    const made = await ask('GET', `/temporal/entityMaps?type=Bus&q=speed%3E50&${since}`);
    expect([made.statusCode, made.json().entityMap]).toEqual([201, { [FAST]: ['@none'] }]);
    expect((await ask('GET', String(made.headers['ngsild-entitymap']))).statusCode).toBe(200);
    const posted = await ask('POST', '/temporal/entityMaps', {
      type: 'Query',
      entities: [{ type: 'Bus' }],
      temporalQ: { timerel: 'after', timeAt: '2026-01-01T00:00:00Z' },
    });
    expect(Object.keys(posted.json().entityMap)).toEqual([FAST, SLOW]);
    const timeless = await ask('GET', '/temporal/entityMaps?type=Bus');
    expect([timeless.statusCode, timeless.json().type]).toEqual([400, `${ERROR}BadRequestData`]);
  });

  it('5.14.2 and 5.14.3: end when they are told to', async () => {
    const { headers } = await ask('GET', '/entityMaps?type=Bus&entityMapLifetime=PT1M');
    const at = String(headers['ngsild-entitymap']);
    const moved = await ask('PATCH', at, { expiresAt: '2099-01-01T00:00:00Z', entityMap: {} });
    expect(moved.statusCode).toBe(204);
    const after = (await ask('GET', at)).json();
    expect(after.entityMap).toEqual({ [FAST]: ['@none'], [SLOW]: ['@none'] });
    expect(after.expiresAt).toBe('2099-01-01T00:00:00Z');
    expect((await ask('PATCH', at, { expiresAt: 'soon' })).statusCode).toBe(400);
    expect((await ask('DELETE', at)).statusCode).toBe(204);
    expect((await ask('DELETE', at)).statusCode).toBe(404);
    expect((await ask('GET', at)).statusCode).toBe(404);
    expect((await ask('GET', '/entityMaps/none')).statusCode).toBe(400);
  });
});

describe('5.5.9.3 pages of an entity map', () => {
  const MORE = ['urn:ngsi-ld:Bus:a', 'urn:ngsi-ld:Bus:b'];
  it('hold what still fits, are filled, and take the rest out of the map', async () => {
    for (const id of MORE) await ask('POST', '/entities', bus(id, 60));
    const { headers } = await ask('GET', '/entities?type=Bus&q=speed%3E20&entityMap=true');
    const map = { 'ngsild-entitymap': String(headers['ngsild-entitymap']) };
    const page = (query: string) =>
      ask('GET', `/entities?type=Bus&q=speed%3E20&${query}`, undefined, map);
    const first = await page('limit=2');
    expect(first.headers['link']).toMatch(/offset=2.*rel="next"/);
    expect(first.headers['link']).not.toContain('urn:ngsi-ld:Bus');
    await ask('DELETE', `/entities/${MORE[0]}`);
    await ask('PATCH', `/entities/${SLOW}/attrs/speed`, { value: 10 });
    await ask('POST', '/entities', bus('urn:ngsi-ld:Bus:later', 60));
    const second = await page('limit=2&count=true');
    expect([idsOf(second), second.headers['ngsild-results-count']]).toEqual([[MORE[1], FAST], '2']);
    const left = (await ask('GET', map['ngsild-entitymap'])).json();
    expect(Object.keys(left.entityMap).toSorted()).toEqual([MORE[1], FAST].toSorted());
  });
});

describe('5.16 snapshots', () => {
  const QUERIES = [{ type: 'Query', entities: [{ type: 'Bus' }], q: 'speed>50' }];
  const ready = async (at: string) =>
    expect
      .poll(async () => (await ask('GET', at)).json().snapshotStatus, { timeout: 10_000 })
      .not.toBe('preparing')
      .then(async () => (await ask('GET', at)).json());
  const make = async (more: object = {}) => {
    const made = await ask('POST', '/snapshots', {
      type: 'Snapshot',
      snapshotQueries: QUERIES,
      ...more,
    });
    expect(made.statusCode, made.body).toBe(201);
    const at = String(made.headers['location']);
    return { at, snapshot: await ready(at) };
  };

  it('5.16.1: keep what their queries found, whatever happens after', async () => {
    const { snapshot } = await make();
    expect(snapshot).toMatchObject({
      type: 'Snapshot',
      snapshotStatus: 'success',
      snapshotPriority: 5,
      snapshotQueriesDetails: [{ resultStatus: 'success' }],
      lastUsedAt: expect.stringMatching(/Z$/),
    });
    const headers = { 'ngsild-snapshot': snapshot.id as string };
    await ask('PATCH', `/entities/${FAST}/attrs`, { speed: { type: 'Property', value: 1 } });
    const found = await ask('GET', '/entities?type=Bus', undefined, headers);
    expect([found.statusCode, idsOf(found)]).toEqual([200, [FAST]]);
    expect(found.headers['ngsild-snapshot']).toBe(snapshot.id);
    const one = await ask('GET', `/entities/${FAST}`, undefined, headers);
    expect(one.json().speed.value).toBe(80);
    expect((await ask('GET', `/entities/${SLOW}`, undefined, headers)).statusCode).toBe(404);
    expect((await ask('GET', `/entities/${FAST}`)).json().speed.value).toBe(1);
  });

  it('5.5.15: may be written to, and nothing else changes', async () => {
    const { snapshot } = await make();
    const headers = { 'ngsild-snapshot': snapshot.id as string };
    const changed = await ask(
      'PATCH',
      `/entities/${FAST}/attrs`,
      { speed: { type: 'Property', value: 5 } },
      headers,
    );
    expect(changed.statusCode).toBe(204);
    expect((await ask('GET', `/entities/${FAST}`, undefined, headers)).json().speed.value).toBe(5);
    expect((await ask('GET', `/entities/${FAST}`)).json().speed.value).toBe(80);
    const types = await ask('GET', '/types', undefined, headers);
    expect(types.json().typeList).toEqual(['Bus']);
    const refused = await ask('GET', '/subscriptions', undefined, headers);
    expect(refused.statusCode).toBe(422);
  });

  it('5.16.1: keep histories too', async () => {
    const temporalQ = { timerel: 'after', timeAt: '2026-01-01T00:00:00Z' };
    const { snapshot } = await make({
      snapshotQueries: undefined,
      snapshotTemporalQueries: [{ type: 'Query', entities: [{ type: 'Bus' }], temporalQ }],
    });
    expect(snapshot.snapshotTemporalQueriesDetails).toEqual([{ resultStatus: 'success' }]);
    const headers = { 'ngsild-snapshot': snapshot.id as string };
    const path = `/temporal/entities/${FAST}?${new URLSearchParams(temporalQ)}`;
    const before = await ask('GET', path, undefined, headers);
    expect(before.statusCode, before.body).toBe(200);
    expect([before.json().speed].flat().map(({ value }) => value)).toEqual([80]);
    await house.database.query(`delete from context.history where tenant = ''`);
    expect((await ask('GET', path, undefined, headers)).json().speed).toEqual(before.json().speed);
  });

  it('5.16.1.4: tell what came of each query', async () => {
    const none = { type: 'Query', entities: [{ type: 'Ship' }] };
    expect((await make({ snapshotQueries: [none] })).snapshot.snapshotStatus).toBe('empty');
    const wide = { type: 'Query' };
    const failed = (await make({ snapshotQueries: [wide] })).snapshot;
    expect(failed).toMatchObject({
      snapshotStatus: 'failure',
      snapshotQueriesDetails: [{ resultStatus: 'failure', problemDetails: { status: 400 } }],
    });
    const both = (await make({ snapshotQueries: [none, ...QUERIES] })).snapshot;
    expect(both.snapshotStatus).toBe('partial');
  });

  it('5.2.41: are refused where they ask nothing, or for times', async () => {
    for (const body of [
      { type: 'Snapshot' },
      { snapshotQueries: QUERIES },
      { type: 'Snapshot', snapshotQueries: [{ ...QUERIES[0], temporalQ: { timerel: 'after' } }] },
      { type: 'Snapshot', snapshotQueries: QUERIES, snapshotPriority: 11 },
      { type: 'Snapshot', snapshotQueries: QUERIES, snapshotLifetime: 'long' },
      { type: 'Snapshot', snapshotQueries: QUERIES, id: 'one' },
    ]) {
      const answer = await ask('POST', '/snapshots', body);
      expect([answer.statusCode, answer.json().type]).toEqual([400, `${ERROR}BadRequestData`]);
    }
    const id = 'urn:ngsi-ld:Snapshot:rush-hour';
    await make({ id });
    const twice = await ask('POST', '/snapshots', {
      type: 'Snapshot',
      id,
      snapshotQueries: QUERIES,
    });
    expect([twice.statusCode, twice.json().type]).toEqual([409, `${ERROR}AlreadyExists`]);
  });

  it('6.3.22: are ResourceNotFound where they are not there', async () => {
    const headers = { 'ngsild-snapshot': 'urn:ngsi-ld:Snapshot:absent' };
    expect((await ask('GET', '/entities?type=Bus', undefined, headers)).statusCode).toBe(404);
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const)
      expect((await ask(method, '/snapshots/urn:x:absent', body)).statusCode).toBe(404);
    const ofOthers = { 'ngsild-snapshot': (await make()).snapshot.id, 'ngsild-tenant': 'yuyao' };
    expect((await ask('GET', '/entities?type=Bus', undefined, ofOthers)).statusCode).toBe(404);
  });

  it('5.16.2, 5.16.4, 5.16.5, 5.16.7: are copied, changed, deleted and purged', async () => {
    const { at } = await make();
    const changed = await ask('PATCH', at, { snapshotPriority: 2 });
    expect([changed.statusCode, changed.json().snapshotPriority]).toEqual([200, 2]);
    expect((await ask('PATCH', at, { snapshotQueries: QUERIES })).statusCode).toBe(400);

    const clone = await ask('POST', `${at}/clone`, { type: 'Snapshot', snapshotPriority: 9 });
    const copy = String(clone.headers['location']);
    expect([clone.statusCode, (await ready(copy)).snapshotStatus]).toEqual([201, 'success']);

    expect((await ask('DELETE', '/snapshots?q=speed%3E50')).statusCode).toBe(400);
    expect((await ask('DELETE', '/snapshots')).statusCode).toBe(400);
    expect((await ask('DELETE', '/snapshots?q=snapshotPriority%3C5')).statusCode).toBe(204);
    expect((await ask('GET', at)).statusCode).toBe(404);
    const headers = { 'ngsild-snapshot': (await ask('GET', copy)).json().id as string };
    expect(idsOf(await ask('GET', '/entities?type=Bus', undefined, headers))).toEqual([FAST]);

    expect((await ask('DELETE', copy)).statusCode).toBe(204);
    expect((await ask('DELETE', copy)).statusCode).toBe(404);
    const left = await house.database.query(
      `select tenant from context.entities where tenant <> '' union select tenant from context.history where tenant <> ''`,
    );
    expect(left).toEqual([]);
  });

  it('5.16.6: tell their endpoint when they are ready', async () => {
    const { port } = receiver.address() as AddressInfo;
    const { snapshot } = await make({
      endpoint: `http://127.0.0.1:${port}/ready`,
      receiverInfo: [{ key: 'X-City', value: 'Ningbo' }],
    });
    await expect
      .poll(() => told, { timeout: 10_000 })
      .toContainEqual(
        expect.objectContaining({
          type: 'SnapshotNotification',
          snapshotId: snapshot.id,
          snapshotStatus: 'success',
          header: 'Ningbo',
        }),
      );
  });
});
