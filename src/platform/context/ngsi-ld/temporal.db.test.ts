import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';

const DOOR = '/ngsi-ld/v1';
const VEHICLE = 'urn:ngsi-ld:Vehicle:B9211';
const at = (minute: number) => `2018-08-01T12:0${minute}:00Z`;
const named = { instanceId: expect.stringMatching(/^urn:ngsi-ld:Instance:/) };

/** The vehicle of annex C.5.5: 120, 80 and 100 km/h at 12:03, 12:05 and 12:07. */
const SPEEDS = [
  [120, 3],
  [80, 5],
  [100, 7],
] as const;

describe.each(testEngines)('histories on %s', (engine) => {
  let house: House;
  const upsert = async (payload: object[]) => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/entityOperations/upsert?options=update`,
      payload,
    });
    expect([201, 204]).toContain(answer.statusCode);
  };
  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine, at: '2018-08-02T00:00:00Z' });
    for (const [value, minute] of SPEEDS)
      await upsert([
        {
          id: VEHICLE,
          type: 'Vehicle',
          speed: { type: 'Property', value, observedAt: at(minute) },
          fuel: { type: 'Property', value: `f${minute}`, observedAt: at(minute) },
        },
        {
          id: 'urn:ngsi-ld:Vehicle:C1234',
          type: 'Vehicle',
          speed: { type: 'Property', value: value / 2, observedAt: at(minute) },
        },
      ]);
    await upsert([
      {
        id: 'urn:ngsi-ld:Person:1',
        type: 'Person',
        says: {
          type: 'LanguageProperty',
          languageMap: { en: 'yes', fr: 'oui' },
          observedAt: '2022-08-09T18:25:02Z',
        },
        spouse: {
          type: 'Relationship',
          object: 'urn:ngsi-ld:Person:123455',
          observedAt: '2022-08-09T18:25:02Z',
        },
        gender: { type: 'VocabProperty', vocab: 'Male', observedAt: '2022-08-09T18:25:02Z' },
        place: {
          type: 'GeoProperty',
          value: { type: 'Point', coordinates: [8, 40] },
          observedAt: '2022-08-09T18:25:02Z',
        },
        unobserved: { type: 'Property', value: 1 },
      },
      {
        id: 'urn:ngsi-ld:Gone:1',
        type: 'Gone',
        n: { type: 'Property', value: 1, observedAt: at(3) },
      },
    ]);
    await house.app.inject({ method: 'DELETE', url: `${DOOR}/entities/urn:ngsi-ld:Gone:1` });
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  const one = (query: Record<string, string>, id = VEHICLE) =>
    house.app.inject({ url: `${DOOR}/temporal/entities/${id}`, query });
  const many = (query: Record<string, string>) =>
    house.app.inject({ url: `${DOOR}/temporal/entities`, query });
  const DAY = {
    timerel: 'between',
    timeAt: '2018-08-01T00:00:00Z',
    endTimeAt: '2018-08-02T00:00:00Z',
  };

  it('show an attribute by its instances (clause 4.5.7)', async () => {
    const answer = await one({ ...DAY, attrs: 'speed' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      id: VEHICLE,
      type: 'Vehicle',
      speed: SPEEDS.map(([value, minute]) => ({
        type: 'Property',
        value,
        observedAt: at(minute),
        ...named,
      })),
    });
  });

  it('are simplified to pairs of a value and its time (clause 4.5.9)', async () => {
    const answer = await one({ ...DAY, options: 'temporalValues', attrs: 'speed' });
    expect(answer.json()).toEqual({
      id: VEHICLE,
      type: 'Vehicle',
      speed: { type: 'Property', values: SPEEDS.map(([value, minute]) => [value, at(minute)]) },
    });
    const person = await one(
      { format: 'temporalValues', omit: 'unobserved' },
      'urn:ngsi-ld:Person:1',
    );
    const time = '2022-08-09T18:25:02Z';
    expect(person.json()).toEqual({
      id: 'urn:ngsi-ld:Person:1',
      type: 'Person',
      says: {
        type: 'LanguageProperty',
        languageMaps: [[{ languageMap: { en: 'yes', fr: 'oui' } }, time]],
      },
      spouse: { type: 'Relationship', objects: [['urn:ngsi-ld:Person:123455', time]] },
      gender: { type: 'VocabProperty', vocabs: [[{ vocab: 'Male' }, time]] },
      place: { type: 'GeoProperty', values: [[{ type: 'Point', coordinates: [8, 40] }, time]] },
    });
  });

  it('begin with the bound and end before it (clause 4.11)', async () => {
    const minutes = async (query: Record<string, string>) =>
      (
        (await one({ ...query, options: 'temporalValues', attrs: 'speed' })).json().speed?.values ??
        []
      ).map(([v]: [number]) => v);
    expect(await minutes({ timerel: 'after', timeAt: at(5) })).toEqual([80, 100]);
    expect(await minutes({ timerel: 'before', timeAt: at(5) })).toEqual([120]);
    expect(await minutes({ timerel: 'between', timeAt: at(3), endTimeAt: at(7) })).toEqual([
      120, 80,
    ]);
    expect(await minutes({ timerel: 'before', timeAt: at(9), lastN: '2' })).toEqual([80, 100]);
    expect(
      await minutes({
        timerel: 'after',
        timeAt: '2018-08-02T00:00:00Z',
        timeproperty: 'modifiedAt',
      }),
    ).toEqual([120, 80, 100]);
  });

  it('are aggregated by periods that start with the interval (clause 4.5.19)', async () => {
    const answer = await one({
      ...DAY,
      timeAt: at(3),
      options: 'aggregatedValues',
      attrs: 'speed',
      aggrMethods: 'max,avg,sum,totalCount,sumsq,distinctCount,min,stddev',
      aggrPeriodDuration: 'PT4M',
    });
    const [p1, p2] = [
      [at(3), at(7)],
      [at(7), '2018-08-01T12:11:00Z'],
    ];
    expect(answer.json()).toEqual({
      id: VEHICLE,
      type: 'Vehicle',
      speed: {
        type: 'Property',
        max: [
          [120, ...p1],
          [100, ...p2],
        ],
        avg: [
          [100, ...p1],
          [100, ...p2],
        ],
        sum: [
          [200, ...p1],
          [100, ...p2],
        ],
        totalCount: [
          [2, ...p1],
          [1, ...p2],
        ],
        sumsq: [
          [20_800, ...p1],
          [10_000, ...p2],
        ],
        distinctCount: [
          [2, ...p1],
          [1, ...p2],
        ],
        min: [
          [80, ...p1],
          [100, ...p2],
        ],
        stddev: [
          [20, ...p1],
          [0, ...p2],
        ],
      },
    });
    const whole = await one({ ...DAY, format: 'aggregatedValues', aggrMethods: 'max,avg' });
    const day = ['2018-08-01T00:00:00Z', '2018-08-02T00:00:00Z'];
    expect(whole.json()).toMatchObject({
      speed: { max: [[120, ...day]], avg: [[100, ...day]] },
      fuel: { max: [['f7', ...day]] },
    });
    expect(whole.json().fuel).not.toHaveProperty('avg');
    const mixed = await one({
      ...DAY,
      format: 'aggregatedValues',
      aggrMethods: 'avg',
      attrs: 'fuel',
    });
    expect(mixed.json()).toMatchObject({
      status: 400,
      type: 'https://uri.etsi.org/ngsi-ld/errors/InvalidRequest',
    });
  });

  it('of many entities are chosen by what was there then', async () => {
    const idsOf = async (query: Record<string, string>) =>
      (await many({ ...DAY, ...query }))
        .json()
        .map(({ id }: { id: string }) => id.split(':').at(-1));
    expect(await idsOf({ type: 'Vehicle' })).toEqual(['B9211', 'C1234']);
    expect(await idsOf({ type: 'Vehicle', q: 'speed==80' })).toEqual(['B9211']);
    expect(await idsOf({ type: 'Vehicle', timeAt: at(6), q: 'speed==80' })).toEqual([]);
    expect(await idsOf({ type: 'Gone' })).toEqual(['1']);
    expect(await idsOf({ attrs: 'fuel' })).toEqual(['B9211']);
    expect(await idsOf({ type: 'Vehicle', orderBy: 'id;desc', limit: '1' })).toEqual(['C1234']);
    const place = {
      georel: 'near;maxDistance==10',
      geometry: 'Point',
      coordinates: '[8,40]',
      geoproperty: 'place',
    };
    expect(await idsOf(place)).toEqual([]);
    const person = await many({ ...place, timerel: 'after', timeAt: at(1) });
    expect(person.json()).toMatchObject([{ id: 'urn:ngsi-ld:Person:1' }]);
    const page = await many({ ...DAY, type: 'Vehicle', limit: '1', count: 'true' });
    expect(page.headers['ngsild-results-count']).toBe('2');
    expect(String(page.headers.link)).toContain('rel="next"');
  });

  it('are asked for in a body too', async () => {
    const answer = await house.app.inject({
      method: 'POST',
      url: `${DOOR}/temporal/entityOperations/query?options=temporalValues`,
      payload: {
        type: 'Query',
        entities: [{ type: 'Vehicle' }],
        q: 'speed>100',
        temporalQ: { ...DAY, lastN: 1 },
        pick: ['id', 'speed'],
      },
    });
    expect(answer.json()).toEqual([
      { id: VEHICLE, speed: { type: 'Property', values: [[100, at(7)]] } },
    ]);
  });

  it.each([
    [{ type: 'Vehicle' }, 400, 'timerel'],
    [{ ...DAY }, 400, 'too wide'],
    [{ ...DAY, type: 'Vehicle', timerel: 'during' }, 400, 'timerel'],
    [{ ...DAY, type: 'Vehicle', timeAt: 'yesterday' }, 400, 'timeAt'],
    [{ ...DAY, type: 'Vehicle', endTimeAt: '2017-01-01T00:00:00Z' }, 400, 'before timeAt'],
    [{ ...DAY, type: 'Vehicle', timeproperty: 'expiresAt' }, 400, 'timeproperty'],
    [{ ...DAY, type: 'Vehicle', pick: 'owner{name}' }, 400, 'linked'],
    [{ ...DAY, type: 'Vehicle', q: 'owner{name}=="x"' }, 400, 'linked'],
    [{ ...DAY, type: 'Vehicle', csf: '))bad((' }, 400, ''],
    [{ ...DAY, attrs: 'createdAt' }, 400, 'too wide'],
    [{ ...DAY, type: 'Vehicle', join: 'flat' }, 400, 'join'],
    [{ ...DAY, type: 'Vehicle', lastN: '0' }, 400, 'lastN'],
    [{ ...DAY, type: 'Vehicle', orderBy: 'speed' }, 400, 'id alone'],
    [{ ...DAY, type: 'Vehicle', aggrMethods: 'avg' }, 400, 'aggregatedValues'],
    [{ ...DAY, type: 'Vehicle', options: 'aggregatedValues' }, 400, 'aggrMethods'],
    [{ ...DAY, type: 'Vehicle', options: 'keyValues' }, 400, 'temporalValues'],
  ])('%j is refused', async (query, status, why) => {
    const answer = await many(query as Record<string, string>);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toContain(why);
  });

  it('of what was never known are not found', async () => {
    expect((await one({}, 'urn:ngsi-ld:Vehicle:none')).statusCode).toBe(404);
  });

  it('too long for one answer are cut in time, and say where', async () => {
    const count = 10_050;
    await house.database.query(
      `insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
       select '', 'urn:ngsi-ld:Long:1', t, now(), 'update', '{:Long}',
         jsonb_build_object(':n', jsonb_build_array(jsonb_build_object(
           'type', 'Property', 'value', n, 'observedAt', to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))))
       from (select n, timestamptz '2019-01-01T00:00:00Z' + n * interval '1 second' as t from generate_series(0, $1::int - 1) as n) as g`,
      [count],
    );
    await upsert([{ id: 'urn:ngsi-ld:Long:1', type: 'Long' }]);
    const query = { timerel: 'after', timeAt: '2019-01-01T00:00:00Z', options: 'temporalValues' };
    const answer = await one(query, 'urn:ngsi-ld:Long:1');
    expect(answer.statusCode).toBe(206);
    expect(answer.json().n.values).toHaveLength(10_000);
    expect(answer.headers['content-range']).toBe(
      'DateTime 2019-01-01T00:00:00.000Z-2019-01-01T02:46:39.000Z/*',
    );
    const newest = await one({ ...query, lastN: '10020' }, 'urn:ngsi-ld:Long:1');
    expect(newest.headers['content-range']).toBe(
      'DateTime 2019-01-01T02:47:29.000Z-2019-01-01T00:00:50.000Z/10020',
    );
  });
});
