import { expect, test } from 'vitest';
import { historyQuestion, mergePoints, readHistory, stepFor } from './history.ts';

const HOUR = 3_600_000;
const speed = { name: 'speed', observedAt: '2018-08-01T12:00:00Z' };

test('a short period is asked for value by value, a long one by means that a chart can show', () => {
  expect(stepFor(HOUR)).toBeUndefined();
  expect(stepFor(24 * HOUR)?.duration).toBe('PT5M');
  expect(stepFor(30 * 24 * HOUR)?.duration).toBe('PT3H');
  const { path } = historyQuestion('urn:x:1', speed, 0, 7 * 24 * HOUR);
  expect(path).toContain('aggrPeriodDuration=PT1H');
  expect(path).toContain('timeAt=1970-01-01T00%3A00%3A00.000Z&endTimeAt=1970-01-08');
});

// The forms of NGSI-LD's annexes C.5.5.3 (temporal values) and C.5.14 (aggregated).
test('values and means of the standard become points in time', () => {
  const values = {
    speed: {
      type: 'Property',
      values: [
        [120, '2018-08-01T12:03:00Z'],
        ['-', '2018-08-01T12:04:00Z'],
      ],
    },
  };
  expect(readHistory(values, speed)).toEqual([['2018-08-01T12:03:00Z', 120]]);
  const means = {
    speed: { type: 'Property', avg: [[120, '2018-08-01T12:00:00Z', '2018-08-01T12:04:00Z']] },
  };
  expect(readHistory(means, speed)).toEqual([[Date.parse('2018-08-01T12:02:00Z'), 120]]);
});

test('only the dataset asked for is drawn', () => {
  const both = {
    speed: [
      { type: 'Property', datasetId: 'urn:gps', values: [[1, '2018-08-01T12:03:00Z']] },
      { type: 'Property', value: 2, observedAt: '2018-08-01T12:05:00Z' },
    ],
  };
  expect(readHistory(both, { name: 'speed', datasetId: 'urn:gps' })).toEqual([
    ['2018-08-01T12:03:00Z', 1],
  ]);
  expect(readHistory(both, { name: 'speed' })).toEqual([['2018-08-01T12:05:00Z', 2]]);
});

test('a closer look replaces the coarse points of its period', () => {
  expect(
    mergePoints(
      [
        [0, 1],
        [10, 2],
        [20, 3],
      ],
      [
        [9, 5],
        [11, 6],
      ],
      [5, 15],
    ),
  ).toEqual([
    [0, 1],
    [9, 5],
    [11, 6],
    [20, 3],
  ]);
});
