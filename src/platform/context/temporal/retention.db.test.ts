import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { fixedClock } from '#kernel/time';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';
import { parseRetention, rollOldHistory } from './retention.ts';

const DOOR = '/ngsi-ld/v1';
const STATION = 'urn:ngsi-ld:AirQualityObserved:NB-1';
const BUS = 'urn:ngsi-ld:Vehicle:NB-2';
const NOW = '2026-08-01T00:30:00.000Z';

it('is read by type, the longest of several, with one for all others', () => {
  const { days, byType } = parseRetention({
    HISTORY_DAYS: 400,
    HISTORY_DAYS_BY_TYPE: 'Vehicle=30, https://smartdatamodels.org/dataModel.Weather/Storm = 0',
  });
  expect(days).toBe(400);
  expect([...byType.values()]).toEqual([30, undefined]);
  expect(byType.has('https://smartdatamodels.org/dataModel.Weather/Storm')).toBe(true);
  for (const wrong of ['Vehicle', 'Vehicle=many', 'Vehicle=99999'])
    expect(() => parseRetention({ HISTORY_DAYS_BY_TYPE: wrong })).toThrow(/HISTORY_DAYS_BY_TYPE/);
});

describe.each(testEngines)('old history on %s', (engine) => {
  let house: House;
  const clock = fixedClock(NOW);
  const tell = (id: string, type: string, name: string, values: readonly [unknown, string][]) =>
    house.app.inject({
      method: 'POST',
      url: `${DOOR}/temporal/entities`,
      payload: {
        id,
        type,
        [name]: values.map(([value, observedAt]) => ({ type: 'Property', value, observedAt })),
      },
    });
  const ask = async (id: string, query: Record<string, string>) =>
    (await house.app.inject({ url: `${DOOR}/temporal/entities/${id}`, query })).json();
  const sums = (id: string, more: Record<string, string> = {}) =>
    ask(id, {
      options: 'aggregatedValues',
      aggrMethods: 'totalCount,sum,avg,min,max,stddev,sumsq',
      ...more,
    });
  const DAY = { timerel: 'after', timeAt: '2026-01-01T00:00:00Z', aggrPeriodDuration: 'P1D' };

  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine, at: NOW });
    await tell(STATION, 'AirQualityObserved', 'pm25', [
      [10, '2026-01-01T08:05:00Z'],
      [20, '2026-01-01T08:35:00Z'],
      [33, '2026-01-01T09:00:00Z'],
      [7, '2026-01-02T00:00:00Z'],
      [50, '2026-07-31T08:00:00Z'],
    ]);
    await tell(STATION, 'AirQualityObserved', 'grade', [
      ['B', '2026-01-01T08:05:00Z'],
      ['A', '2026-01-01T08:35:00Z'],
    ]);
    await tell(BUS, 'Vehicle', 'speed', [[1, '2026-01-01T08:05:00Z']]);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  it('is forgotten value by value, and still answers for its hours', async () => {
    const before = await sums(STATION, DAY);
    const retention = parseRetention({ HISTORY_DAYS_BY_TYPE: 'AirQualityObserved=30' });
    expect(await rollOldHistory(house.database, clock, retention)).toBe(6);
    expect(await rollOldHistory(house.database, clock, retention)).toBe(0);
    expect(await sums(STATION, DAY)).toEqual(before);
    const { pm25 } = await ask(STATION, {});
    expect(pm25).toMatchObject([{ value: 50 }]);
    expect((await ask(BUS, {})).speed).toHaveLength(1);
    const hours = await house.database.query(
      `select name, count, sum, min, max, least, most, first, last from context.history_hourly order by name, hour`,
    );
    expect(hours).toMatchObject([
      { name: ':grade', count: 2, sum: null, least: 'A', most: 'B', first: 'B', last: 'A' },
      { name: ':pm25', count: 2, first: 10, last: 20 },
      { name: ':pm25', count: 1, first: 33, last: 33 },
      { name: ':pm25', count: 1, first: 7, last: 7 },
    ]);
  });

  it('of an hour that goes on arriving is put together', async () => {
    await tell(STATION, 'AirQualityObserved', 'pm25', [[2, '2026-01-01T08:01:00Z']]);
    const retention = parseRetention({ HISTORY_DAYS: 30 });
    expect(await rollOldHistory(house.database, clock, retention)).toBe(2); // the bus's too
    const query = { ...DAY, aggrPeriodDuration: 'PT1H', attrs: 'pm25' };
    const { totalCount, min, avg } = (await sums(STATION, query)).pm25;
    const hour = ['2026-01-01T08:00:00Z', '2026-01-01T09:00:00Z'];
    expect(totalCount[0]).toEqual([3, ...hour]);
    expect(min[0]).toEqual([2, ...hour]);
    expect(avg[0][0]).toBeCloseTo(32 / 3);
    const distinct = await sums(STATION, { ...query, aggrMethods: 'distinctCount' });
    expect(distinct.pm25.distinctCount).toHaveLength(1); // of the values that are still there
  });

  it('is found by type, and goes with the attribute', async () => {
    const query = {
      type: 'Vehicle',
      ...DAY,
      options: 'aggregatedValues',
      aggrMethods: 'sum',
    };
    const list = async () =>
      (await house.app.inject({ url: `${DOOR}/temporal/entities`, query })).json();
    expect(await list()).toMatchObject([
      { id: BUS, speed: { sum: [[1, {}, {}].fill(expect.anything(), 1)] } },
    ]);
    const gone = await house.app.inject({
      method: 'DELETE',
      url: `${DOOR}/temporal/entities/${BUS}/attrs/speed`,
    });
    expect(gone.statusCode).toBe(204);
    expect(await list()).toEqual([]);
  });
});
