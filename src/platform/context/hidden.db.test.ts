import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#kernel/actor';
import type { House } from '#kernel/boot';
import { type Database, openTestDatabase, testEngines } from '#kernel/database';
import { defineModule, port } from '#kernel/module';
import { openTestHouse } from '../../../test/house.ts';
import { openReceiver } from '../../../test/receiver.ts';
import module from './module.ts';

const SECRET = '13800000000';
const people = defineModule({
  provides: port<object>()('people'),
  title: { zh: '人', en: 'People' },
  plan: {},
  uses: [],
  events: {},
  actions: {},
  sensitive: {
    Resident: { attributes: { phone: 'personal', location: 'personal' }, owners: ['owner'] },
    Complaint: { whole: 'personal', owners: ['owner'] },
  },
  setup: () => ({ api: {} }),
});

const person = (id: string, more: Partial<Actor> = {}): Actor => ({
  kind: 'person',
  id,
  name: id,
  roles: ['anyone', 'person', 'administrator'],
  ...more,
});
const ACTORS = {
  stranger: person('zoe'),
  owner: person('ada'),
  official: person('cy', { assurance: 'staff', purpose: 'service' }),
};
type Who = keyof typeof ACTORS;

const [ADA, BO, CASE] = ['Resident:ada', 'Resident:bo', 'Complaint:1'].map(
  (id) => `urn:ngsi-ld:${id}`,
);
const owner = (id: string) => ({ type: 'Relationship', object: `urn:ngsi-ld:Person:${id}` });
const at = { observedAt: '2026-01-01T00:00:00Z' };
const resident = (id: string, who: string, phone: string, longitude: number) => ({
  id,
  type: 'Resident',
  name: who,
  phone: { type: 'Property', value: phone, ...at },
  mood: { type: 'Property', value: 1, ...at },
  owner: owner(who),
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [longitude, 29.8] } },
});

describe.each(testEngines)('what is hidden on %s', (engine) => {
  let database: Database;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;
  const houses = {} as Record<Who, House>;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    receiver = await openReceiver();
    for (const [who, actor] of Object.entries(ACTORS))
      houses[who as Who] = await openTestHouse({
        modules: [module, people],
        database,
        actor,
        env: { EGRESS_ALLOW: '127.0.0.1' },
      });
    for (const who of ['stranger', 'official'] as const)
      await send(who, 'POST', '/ngsi-ld/v1/subscriptions', {
        id: `urn:ngsi-ld:Subscription:${who}`,
        type: 'Subscription',
        entities: [{ type: 'Resident' }, { type: 'Complaint' }],
        notification: { endpoint: { uri: `${receiver.url}/${who}` } },
      });
    const made = [
      resident(ADA!, 'ada', SECRET, 121.5),
      resident(BO!, 'bo', '13900000000', 121.6),
      { id: CASE, type: 'Complaint', about: 'noise', owner: owner('ada') },
    ];
    for (const entity of made) await send('official', 'POST', '/ngsi-ld/v1/entities', entity);
  }, 60_000);
  afterAll(async () => {
    for (const house of Object.values(houses)) await house[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const send = async (who: Who, method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await houses[who].app.inject({ method, url, ...(payload ? { payload } : {}) });
    return answer;
  };
  const get = async (who: Who, url: string) => (await send(who, 'GET', url)).body;
  const LD = '/ngsi-ld/v1';

  test('the same query shows a stranger, an official and the person different attributes', async () => {
    const of = async (who: Who) => {
      const list = JSON.parse(await get(who, `${LD}/entities?type=Resident&format=simplified`));
      return list.map((one: { phone?: string }) => one.phone);
    };
    expect(await of('stranger')).toEqual([undefined, undefined]);
    expect(await of('owner')).toEqual([SECRET, undefined]);
    expect(await of('official')).toEqual([SECRET, '13900000000']);
  });

  const DOORS = [
    `${LD}/entities/${ADA}`,
    `${LD}/entities?type=Resident`,
    `${LD}/entities?attrs=phone`,
    `${LD}/entities?type=Resident&pick=phone`,
    `${LD}/entities?type=Resident&options=sysAttrs`,
    `${LD}/temporal/entities/${ADA}`,
    `${LD}/temporal/entities/${ADA}?options=temporalValues`,
    `${LD}/temporal/entities?type=Resident&timerel=after&timeAt=2020-01-01T00:00:00Z`,
    `${LD}/temporal/entities?type=Resident&timerel=after&timeAt=2020-01-01T00:00:00Z&lastN=1`,
    `${LD}/temporal/entities/${ADA}?timerel=after&timeAt=2020-01-01T00:00:00Z&aggrMethods=max&aggrPeriodDuration=P1D&format=aggregatedValues`,
    `/api/context/map?bbox=121,29,122,30`,
    `/api/context/search?text=ada`,
  ];
  test('no door gives it out to a stranger, and each gives it to an official', async () => {
    for (const url of DOORS) expect(await get('stranger', url), url).not.toMatch(/1380|phone/);
    for (const url of DOORS.slice(0, 9)) expect(await get('official', url), url).toContain(SECRET);
  });

  test('nothing that is asked by it tells a stranger of it', async () => {
    for (const search of [
      `type=Resident&q=phone==%22${SECRET}%22`,
      'type=Resident&q=phone',
      'type=Resident&attrs=phone',
      'type=Resident&georel=near;maxDistance==2000&geometry=Point&coordinates=[121.5,29.8]',
      'type=Complaint',
    ]) {
      for (const [who, count] of [
        ['stranger', '0'],
        ['official', search.includes('attrs') || search.endsWith('phone') ? '2' : '1'],
      ] as const) {
        const answer = await send(who, 'GET', `${LD}/entities?${search}&count=true&limit=1`);
        expect(answer.headers['ngsild-results-count'], `${who} ${search}`).toBe(count);
        if (count === '0') expect(answer.body).toBe('[]');
      }
    }
    const order = async (who: Who) =>
      JSON.parse(
        await get(who, `${LD}/entities?type=Resident&orderBy=phone;desc&format=simplified`),
      ).map(({ id }: { id: string }) => id);
    expect(await order('official')).toEqual([BO, ADA]);
    expect(await order('stranger')).toEqual([ADA, BO]);
    const past = `timerel=after&timeAt=2020-01-01T00:00:00Z&q=phone==%22${SECRET}%22&type=Resident`;
    expect(await get('stranger', `${LD}/temporal/entities?${past}`)).toBe('[]');
    expect(await get('official', `${LD}/temporal/entities?${past}`)).toContain(SECRET);
  });

  test('an entity that is hidden is not there: not by id, in lists of types, nor in a map of entities', async () => {
    expect((await send('stranger', 'GET', `${LD}/entities/${CASE}`)).statusCode).toBe(404);
    expect((await send('stranger', 'GET', `${LD}/temporal/entities/${CASE}`)).statusCode).toBe(404);
    expect((await send('owner', 'GET', `${LD}/entities/${CASE}`)).statusCode).toBe(200);
    for (const url of [
      `${LD}/types`,
      `${LD}/types?details=true`,
      `${LD}/attributes`,
      '/api/context/types',
    ]) {
      expect(await get('stranger', url), url).not.toMatch(/Complaint|phone|about/);
      expect(await get('official', url), url).toMatch(/Complaint|about/);
    }
    const made = await send('official', 'GET', `${LD}/entityMaps?type=Resident,Complaint`);
    const id = encodeURIComponent(JSON.parse(made.body).id);
    expect(await get('official', `${LD}/entityMaps/${id}`)).toContain(CASE);
    expect(await get('stranger', `${LD}/entityMaps/${id}`)).not.toContain(CASE);
  });

  test('tiles hold no place that is hidden', async () => {
    const tile = '/api/context/tiles/Resident/0/0/0.mvt';
    expect((await send('stranger', 'GET', tile)).statusCode).toBe(204);
    expect((await send('official', 'GET', tile)).rawPayload.length).toBeGreaterThan(0);
  });

  test('subscribers are told what they see, whoever wrote it', async () => {
    await expect
      .poll(() => receiver.received.filter(({ path }) => path === '/official').length)
      .toBe(3);
    const told = (who: Who) =>
      JSON.stringify(
        receiver.received.filter(({ path }) => path === `/${who}`).map(({ body }) => body),
      );
    expect(told('official')).toContain(SECRET);
    await expect
      .poll(() => receiver.received.filter(({ path }) => path === '/stranger').length)
      .toBe(2);
    expect(told('stranger')).not.toMatch(/1380|phone|Complaint/);
  });

  test('whoever follows the changes is told of none that is hidden', async () => {
    const address = await houses.stranger.listen();
    const stream = await fetch(`${address}/api/context/changes`);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    const patch = (payload: object) =>
      houses.official.app.inject({ method: 'PATCH', url: `${LD}/entities/${ADA}/attrs`, payload });
    await patch({ phone: { type: 'Property', value: '13811111111' } });
    await patch({ mood: { type: 'Property', value: 7 } });
    while (!text.includes('"mood":7')) text += (await reader.read()).value;
    await reader.cancel();
    expect(text).not.toMatch(/1381|phone/);
    expect(text).not.toContain('121.5');
  });
});
