import { describe, expect, test } from 'vitest';
import { alone, LAMP, standCity } from './distributed-stand.ts';

/** Clauses 4.3.6, 4.5.5, 5.6.11 to 5.6.16, 5.7.3 and 5.7.4 of ETSI GS CIM 009 v1.9.1: histories that sources have a part in. */
const city = standCity();
const ONE = `/temporal/entities/${LAMP}`;
const READING = { operations: ['retrieveTemporal', 'queryTemporal'] };
const WRITING = {
  operations: [
    'upsertTemporal',
    'appendAttrsTemporal',
    'deleteAttrsTemporal',
    'updateAttrInstanceTemporal',
    'deleteAttrInstanceTemporal',
    'deleteTemporal',
  ],
};
const DAY = 'timerel=between&timeAt=2026-03-01T00:00:00Z&endTimeAt=2026-03-02T00:00:00Z';

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`;
const instance = (value: number, hour: number, more: object = {}) => ({
  type: 'Property',
  value,
  observedAt: at(hour),
  ...more,
});
const evolution = (power: readonly object[], id: string = LAMP) => ({
  id,
  type: 'Streetlight',
  power,
});
/** Told here alone. */
const hold = async (told: object) => {
  const made = await city.ask('POST', '/temporal/entities?local=true', told);
  expect(made.statusCode, made.body).toBeLessThan(205);
};
const shown = async (path: string) => {
  const answer = await city.ask('GET', path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const values = (entity: { power: { values: unknown } }) => entity.power.values;

describe('5.7.3 Retrieve Temporal Evolution', () => {
  test('what was known here and there is one evolution, in the order of time', async () => {
    await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8), instance(42, 10)]));
    city.beilun.on('GET', ONE, [
      200,
      evolution([instance(43, 11, { instanceId: 'urn:b:2' }), instance(41, 9)]),
    ]);
    expect(values(await shown(`${ONE}?${DAY}&options=temporalValues`))).toEqual([
      [40, at(8)],
      [41, at(9)],
      [42, at(10)],
      [43, at(11)],
    ]);
    const [asked] = city.beilun.asked;
    expect(Object.fromEntries(asked!.query)).toEqual({
      timerel: 'between',
      timeAt: at(0),
      endTimeAt: '2026-03-02T00:00:00Z',
      options: 'sysAttrs',
    });
    const whole = await shown(`${ONE}?${DAY}`);
    expect(whole.power).toHaveLength(4);
    expect(whole.power[3]).toEqual(instance(43, 11, { instanceId: 'urn:b:2' }));
    expect(whole.power[1].instanceId).toMatch(/^urn:ngsi-ld:Instance:/);
  });

  test('what a source alone knows is found', async () => {
    await city.register(city.beilun, READING);
    city.beilun.on('GET', ONE, [200, evolution([instance(41, 9)])]);
    expect((await shown(`${ONE}?${DAY}`)).power.value ?? (await shown(ONE)).power[0].value).toBe(
      41,
    );
  });

  test('4.5.5.3: of the same time and dataset the one modified last is given, once', async () => {
    await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8), instance(42, 10)]));
    city.beilun.on('GET', ONE, [
      200,
      evolution([
        instance(39, 8, { modifiedAt: '2020-01-01T00:00:00Z' }),
        instance(52, 10, { modifiedAt: '2999-01-01T00:00:00Z' }),
      ]),
    ]);
    expect(values(await shown(`${ONE}?${DAY}&options=temporalValues`))).toEqual([
      [40, at(8)],
      [52, at(10)],
    ]);
  });

  test('5.9.2.4: an auxiliary source offers no histories and is not asked', async () => {
    await city.register(city.beilun, { ...READING, mode: 'inclusive' });
    await city.register(city.cixi, { mode: 'auxiliary', operations: ['retrieveOps'] });
    city.beilun.on('GET', ONE, [200, evolution([instance(41, 9)])]);
    await shown(`${ONE}?${DAY}`);
    expect(city.cixi.asked).toEqual([]);
  });

  test('lastN is of all that is known', async () => {
    await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8), instance(42, 10)]));
    city.beilun.on('GET', ONE, [200, evolution([instance(41, 9), instance(43, 11)])]);
    expect(values(await shown(`${ONE}?${DAY}&lastN=3&options=temporalValues`))).toEqual([
      [41, at(9)],
      [42, at(10)],
      [43, at(11)],
    ]);
    expect(city.beilun.asked[0]!.query.get('lastN')).toBe('3');
  });

  test('4.5.19: figures are of all that is known', async () => {
    await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8), instance(42, 10)]));
    city.beilun.on('GET', ONE, [200, evolution([instance(41, 9), instance(49, 11)])]);
    const figures = await shown(
      `${ONE}?${DAY}&options=aggregatedValues&aggrMethods=avg,totalCount&aggrPeriodDuration=PT0S`,
    );
    expect(figures.power.avg[0][0]).toBe(43);
    expect(figures.power.totalCount[0][0]).toBe(4);
    expect(city.beilun.asked[0]!.query.has('aggrMethods')).toBe(false);
  });

  test('5.2.11: a source is asked for the times alone that it registered', async () => {
    const observationInterval = { startAt: '2020-01-01T00:00:00Z', endAt: '2020-12-31T00:00:00Z' };
    await city.register(city.beilun, { ...READING, observationInterval });
    await hold(evolution([instance(40, 8)]));
    await shown(`${ONE}?${DAY}`);
    expect(city.beilun.asked).toEqual([]);
    await city.ask('GET', `${ONE}?timerel=before&timeAt=2020-06-01T00:00:00Z`);
    await city.ask('GET', ONE);
    expect(city.beilun.asked).toHaveLength(2);
  });

  test('what lies outside the time asked for, or was not registered, is not taken', async () => {
    await city.register(city.beilun, { ...READING, ...alone(['power']) });
    city.beilun.on('GET', ONE, [
      200,
      {
        ...evolution([instance(41, 9), { ...instance(50, 9), observedAt: '2026-03-05T00:00:00Z' }]),
        height: [instance(8, 9)],
      },
    ]);
    const told = await shown(`${ONE}?${DAY}&options=temporalValues`);
    expect(values(told)).toEqual([[41, at(9)]]);
    expect(told.height).toBeUndefined();
    expect(city.beilun.asked[0]!.query.get('attrs')).toBe('power');
  });

  test('a source without the operation, and one when asked with local, hears nothing', async () => {
    await city.register(city.beilun);
    await city.register(city.cixi, READING);
    await hold(evolution([instance(40, 8)]));
    await shown(`${ONE}?${DAY}&local=true`);
    expect([...city.beilun.asked, ...city.cixi.asked]).toEqual([]);
  });

  test.each([
    ['an error', [403, {}], 299],
    ['no history', [200, { id: 5 }], 111],
    ['nothing in time', 'never', 199],
    ['a part of it', [206, evolution([instance(41, 9)])], 299],
  ] as const)('6.3.17: a source with %s leaves a warning', async (_what, answer, code) => {
    await city.register(city.beilun, { ...READING, management: { timeout: 200 } });
    await hold(evolution([instance(40, 8)]));
    city.beilun.on('GET', ONE, answer);
    const told = await city.ask('GET', `${ONE}?${DAY}`);
    expect(told.statusCode).toBe(200);
    expect(String(told.headers['ngsild-warning'])).toMatch(new RegExp(`^${code} `));
  });

  test('4.3.6.6: a source is asked and read in the names that it registered', async () => {
    const made = await city.ask('POST', '/jsonldContexts', {
      '@context': { watts: 'https://uri.etsi.org/ngsi-ld/default-context/power' },
    });
    const jsonldContext = `http://127.0.0.1${String(made.headers.location)}`;
    const contextSourceInfo = [{ key: 'jsonldContext', value: jsonldContext }];
    await city.register(city.beilun, { ...READING, ...alone(['power']), contextSourceInfo });
    const { power: watts, ...rest } = evolution([instance(41, 9)]);
    city.beilun.on('GET', ONE, [200, { ...rest, watts }]);
    const told = await shown(`${ONE}?${DAY}&attrs=power&options=temporalValues`);
    expect(values(told)).toEqual([[41, at(9)]]);
    expect(city.beilun.asked[0]!.query.get('attrs')).toBe('watts');
    expect(city.beilun.asked[0]!.headers.link).toContain(jsonldContext);
  });
});

describe('5.7.4 Query Temporal Evolution', () => {
  const LIST = '/temporal/entities';
  const [A, B, C] = ['a', 'b', 'c'].map((n) => `urn:ngsi-ld:Streetlight:${n}`) as [
    string,
    string,
    string,
  ];

  test('entities from here and there go page by page, in the order of their ids', async () => {
    await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8)], A));
    await hold(evolution([instance(40, 8)], C));
    city.beilun.on('GET', LIST, [
      200,
      [evolution([instance(41, 9)], B), evolution([instance(41, 9)], C)],
    ]);
    const ask = `${LIST}?type=Streetlight&${DAY}&options=temporalValues`;
    const all = await shown(ask);
    expect(all.map(({ id }: { id: string }) => id)).toEqual([A, B, C]);
    expect(values(all[2])).toEqual([
      [40, at(8)],
      [41, at(9)],
    ]);
    const second = await city.ask('GET', `${ask}&limit=1&offset=1&count=true`);
    expect(second.json().map(({ id }: { id: string }) => id)).toEqual([B]);
    expect(second.headers['ngsild-results-count']).toBe('3');
    expect(String(second.headers.link)).toMatch(/rel="next"/);
    expect(city.beilun.asked[0]!.query.get('type')).toBe('Streetlight');
  });

  test('6.24: a query in a body asks the same', async () => {
    await city.register(city.beilun, READING);
    city.beilun.on('GET', LIST, [200, [evolution([instance(41, 9)], B)]]);
    const answer = await city.ask('POST', '/temporal/entityOperations/query', {
      type: 'Query',
      entities: [{ type: 'Streetlight' }],
      q: 'power>40',
      temporalQ: { timerel: 'after', timeAt: at(0), lastN: 5 },
    });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toHaveLength(1);
    expect(Object.fromEntries(city.beilun.asked[0]!.query)).toEqual({
      type: 'Streetlight',
      q: 'power>40',
      timerel: 'after',
      timeAt: at(0),
      lastN: '5',
      options: 'sysAttrs',
    });
  });

  test('an order, and entities spread over sources, are refused unless local', async () => {
    await city.register(city.beilun, READING);
    const ask = `${LIST}?type=Streetlight&${DAY}`;
    expect((await city.ask('GET', `${ask}&orderBy=id`)).statusCode).toBe(400);
    expect((await city.ask('GET', `${ask}&splitEntities=true`)).statusCode).toBe(422);
    expect((await city.ask('GET', `${ask}&orderBy=id&local=true`)).statusCode).toBe(200);
  });

  test('5.14.5: an entity map says who knows which', async () => {
    const id = await city.register(city.beilun, READING);
    await hold(evolution([instance(40, 8)], A));
    city.beilun.on('GET', LIST, [200, [evolution([instance(41, 9)], A)]]);
    const made = await city.ask('GET', `/temporal/entityMaps?type=Streetlight&${DAY}`);
    expect(made.statusCode, made.body).toBe(201);
    expect(made.json().entityMap).toEqual({ [A]: ['@none', id] });
  });
});

describe('5.6.11 to 5.6.16 Writing histories', () => {
  test('an upsert goes to inclusive sources and is kept here', async () => {
    await city.register(city.beilun, WRITING);
    city.beilun.on('POST', '/temporal/entities', 201);
    const told = evolution([instance(40, 8)]);
    const made = await city.ask('POST', '/temporal/entities', told);
    expect(made.statusCode, made.body).toBe(201);
    expect(made.headers.location).toBe(`/ngsi-ld/v1/temporal/entities/${LAMP}`);
    expect(city.beilun.asked[0]!.body).toEqual(told);
    expect((await city.ask('GET', `${ONE}?local=true`)).statusCode).toBe(200);
  });

  test('what an exclusive source holds goes there and not here', async () => {
    await city.register(city.beilun, { ...WRITING, ...alone(['power']), mode: 'exclusive' });
    city.beilun.on('POST', '/temporal/entities', 204);
    const height = [instance(8, 8)];
    const told = { ...evolution([instance(40, 8)]), height };
    expect((await city.ask('POST', '/temporal/entities', told)).statusCode).toBe(201);
    expect(city.beilun.asked[0]!.body).toEqual(evolution([instance(40, 8)]));
    const here = (await city.ask('GET', `${ONE}?local=true`)).json();
    expect(here.power).toBeUndefined();
    expect(here.height).toBeDefined();
  });

  test('a source that holds it and takes no histories is a conflict', async () => {
    await city.register(city.beilun, { ...alone(['power']), mode: 'exclusive' });
    const made = await city.ask('POST', '/temporal/entities', evolution([instance(40, 8)]));
    expect(made.statusCode, made.body).toBe(409);
    expect(city.beilun.asked).toEqual([]);
    expect((await city.ask('GET', `${ONE}?local=true`)).statusCode).toBe(404);
  });

  test.each([
    ['POST', `${ONE}/attrs`, { power: [instance(40, 8)] }],
    ['DELETE', `${ONE}/attrs/power`, undefined],
    ['PATCH', `${ONE}/attrs/power/urn:ngsi-ld:Instance:7`, instance(40, 8)],
    ['DELETE', `${ONE}/attrs/power/urn:ngsi-ld:Instance:7`, undefined],
    ['DELETE', ONE, undefined],
  ] as const)('%s %s reaches the source that alone knows it', async (method, path, body) => {
    const only = method === 'DELETE' && path === ONE ? {} : alone(['power']);
    await city.register(city.beilun, { ...WRITING, ...only, mode: 'redirect' });
    city.beilun.on(method, path, 204);
    const done = await city.ask(method, path, body);
    expect(done.statusCode, done.body).toBe(204);
    expect(city.beilun.asked).toHaveLength(1);
    if (body) expect(city.beilun.asked[0]!.body).toEqual(body);
  });

  test('6.3.17: what a source fails to do beside us is told in 207', async () => {
    const id = await city.register(city.beilun, WRITING);
    city.beilun.on('POST', '/temporal/entities', 500);
    const made = await city.ask('POST', '/temporal/entities', evolution([instance(40, 8)]));
    expect(made.statusCode, made.body).toBe(207);
    expect(made.headers.location).toBe(`/ngsi-ld/v1/temporal/entities/${LAMP}`);
    expect(made.json()).toMatchObject({ success: [LAMP], errors: [{ registrationId: id }] });
  });

  test('local=true tells nobody', async () => {
    await city.register(city.beilun, WRITING);
    await hold(evolution([instance(40, 8)]));
    expect(city.beilun.asked).toEqual([]);
  });

  test('6.3.18: what came back to us is written nowhere', async () => {
    await city.register(city.beilun, WRITING);
    const { contextSourceAlias } = (await city.ask('GET', '/info/sourceIdentity')).json();
    const via = { via: `1.1 ${contextSourceAlias}` };
    const made = await city.ask('POST', '/temporal/entities', evolution([instance(1, 1)]), via);
    expect(made.statusCode, made.body).toBe(508);
    expect((await city.ask('GET', `${ONE}?local=true`)).statusCode).toBe(404);
  });
});
