import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { parseAggregation } from './aggregate.ts';
import { parseInterval } from './interval.ts';

describe('a temporal query (clause 4.11)', () => {
  it('is before, after or between, of observedAt unless told (examples 1 and 2)', () => {
    expect(parseInterval({ timerel: 'before', timeAt: '2017-12-13T14:20:00Z' })).toEqual({
      property: 'observedAt',
      relation: 'before',
      to: '2017-12-13T14:20:00.000Z',
    });
    expect(
      parseInterval({
        timerel: 'between',
        timeAt: '2017-12-13T14:20:00Z',
        endTimeAt: '2017-12-13T14:40:00Z',
        timeproperty: 'modifiedAt',
      }),
    ).toEqual({
      property: 'modifiedAt',
      relation: 'between',
      from: '2017-12-13T14:20:00.000Z',
      to: '2017-12-13T14:40:00.000Z',
    });
    expect(parseInterval({})).toEqual({ property: 'observedAt' });
  });

  it.each([
    { timerel: 'before' },
    { timeAt: '2017-12-13T14:20:00Z' },
    { timerel: 'between', timeAt: '2017-12-13T14:20:00Z' },
    { timerel: 'after', timeAt: '2017-12-13T14:20:00+08:00' },
    { timerel: 'after', timeAt: '2017-02-30T14:20:00Z' },
    { timerel: 'after', timeAt: '2017-12-13T14:20:00Z', endTimeAt: '2018-12-13T14:20:00Z' },
    { timerel: 'after', timeAt: '2017-12-13T14:20:00Z', timeproperty: 'expiresAt' },
  ])('%j is refused', (parameters) => {
    expect(() => parseInterval(parameters)).toThrow(Refusal);
  });
});

describe('an aggregation (clause 4.5.19.1)', () => {
  it('has methods and a period, the whole time unless told', () => {
    expect(parseAggregation('max,avg', 'PT1H')).toEqual({
      methods: ['max', 'avg'],
      period: { months: 0, ms: 3_600_000 },
    });
    expect(parseAggregation('sum')).toEqual({ methods: ['sum'], period: { months: 0, ms: 0 } });
    expect(parseAggregation('sum', 'P1W').period).toEqual({ months: 0, ms: 7 * 86_400_000 });
    expect(parseAggregation('sum', 'P3Y6M4DT12H30M5S').period).toEqual({
      months: 42,
      ms: 4 * 86_400_000 + 45_005_000,
    });
  });
  it.each([
    ['', 'PT1H'],
    [undefined, 'PT1H'],
    ['median', 'PT1H'],
    ['avg', '1h'],
    ['avg', 'P'],
    ['avg', 'PT0.0000001S'],
    ['avg', 'P1001Y'],
  ])('%j by %j is refused', (methods, period) => {
    expect(() => parseAggregation(methods, period)).toThrow(Refusal);
  });
});
