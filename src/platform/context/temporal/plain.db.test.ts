import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { House } from '#kernel/boot';
import { testEngines } from '#kernel/database';
import { openTestHouse } from '../../../../test/house.ts';
import context from '../module.ts';
import { openSpelling } from './period.ts';

const DOOR = '/ngsi-ld/v1/temporal/entities';
const ID = 'urn:ngsi-ld:AirQualityObserved:NB-1';
const METHODS = ['totalCount', 'distinctCount', 'sum', 'avg', 'min', 'max'];

/** Some hours before and after an epoch's day, at odd minutes. */
const valuesOf = (count: number, value: (n: number) => unknown) =>
  Array.from({ length: count }, (_, n) => ({
    type: 'Property',
    value: value(n),
    observedAt: new Date(Date.UTC(2026, 0, 1) + n * 1_234_567).toISOString(),
  }));

it('instants are spelled as ISO 8601 has them, without a fraction of nought', () => {
  const spell = openSpelling();
  for (const ms of [0, 1, 999, 1000, 86_399_999, 86_400_000, 1_785_542_400_001, -1, -86_400_001])
    expect(spell(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'));
});

describe.each(testEngines)('figures of numbers on %s', (engine) => {
  let house: House;
  const ask = async (query: Record<string, string>) =>
    (await house.app.inject({ url: `${DOOR}/${ID}`, query })).json();
  const figures = async (methods: readonly string[], query: Record<string, string>) =>
    ask({ options: 'aggregatedValues', aggrMethods: methods.join(','), ...query });
  const intervals: Record<string, string>[] = [
    {},
    { timerel: 'after', timeAt: '2026-01-01T05:00:00Z' },
    { timerel: 'before', timeAt: '2026-01-02T05:00:00Z' },
    { timerel: 'between', timeAt: '2025-12-31T23:59:59Z', endTimeAt: '2026-01-02T05:00:00Z' },
    { timerel: 'after', timeAt: '2026-01-01T00:00:00Z', timeproperty: 'modifiedAt' },
  ];

  beforeAll(async () => {
    house = await openTestHouse({ modules: [context], engine, at: '2026-03-01T00:00:00.000Z' });
    const answer = await house.app.inject({
      method: 'POST',
      url: DOOR,
      payload: {
        id: ID,
        type: 'AirQualityObserved',
        tenths: valuesOf(150, (n) => ((n * 37) % 1000) / 10 - 40),
        wholes: valuesOf(40, (n) => n % 7),
        large: valuesOf(20, (n) => n * 1e17 + 3),
        fine: valuesOf(20, (n) => Math.sin(n)),
        mixed: valuesOf(20, (n) => (n % 2 ? n : String(n))),
        flags: valuesOf(20, (n) => n % 2 === 0),
      },
    });
    expect(answer.statusCode, answer.body).toBe(201);
  }, 60_000);
  afterAll(() => house[Symbol.asyncDispose]());

  // A deviation is made by the database, and then all else with it.
  it.each(['tenths', 'wholes', 'large', 'fine', 'flags', 'tenths,wholes', 'tenths,flags'])(
    'of %s are those that the database makes',
    async (attrs) => {
      for (const interval of intervals)
        for (const aggrPeriodDuration of ['PT0S', 'PT1H', 'P1D', 'P1M'])
          for (const lastN of [{}, { lastN: '9' }]) {
            const query = { ...interval, attrs, aggrPeriodDuration, ...lastN };
            const here = await figures(METHODS, query);
            const there = await figures([...METHODS, 'stddev'], query);
            for (const name of attrs.split(',')) {
              const { stddev, ...same } = there[name];
              expect(stddev.length).toBeGreaterThan(0);
              const rounded = (json: unknown) =>
                JSON.parse(JSON.stringify(json), (_, value) =>
                  typeof value === 'number' ? Number(value.toPrecision(14)) : value,
                );
              expect(rounded(here[name]), JSON.stringify(query)).toEqual(rounded(same));
            }
          }
    },
    60_000,
  );

  it('are exact where the values are decimals', async () => {
    const { wholes, tenths } = await figures(['sum', 'avg'], { aggrPeriodDuration: 'PT0S' });
    const values = Array.from({ length: 150 }, (_, n) => ((n * 37) % 1000) - 400);
    const sum = values.reduce((a, b) => a + b, 0);
    expect(tenths.sum[0][0]).toBe(sum / 10);
    expect(tenths.avg[0][0]).toBe(sum / 1500);
    expect(wholes.sum[0][0]).toBe(
      Array.from({ length: 40 }, (_, n) => n % 7).reduce((a, b) => a + b),
    );
  });

  it('are refused for more than numbers where there are others among them', async () => {
    const query = { options: 'aggregatedValues', aggrMethods: 'avg', attrs: 'mixed' };
    const answer = await house.app.inject({ url: `${DOOR}/${ID}`, query });
    expect(answer.statusCode).toBe(400);
    const all = await figures(['avg'], {});
    expect(all.mixed).toBeUndefined();
    expect(all.tenths.avg).toHaveLength(1);
  });
});
