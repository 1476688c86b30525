import { expect, test } from 'vitest';
import { chartRows, unitsOf, withGaps, type ChartSeries } from './series.ts';

const minute = 60_000;
const at = (n: number) => n * minute;
const level: ChartSeries = {
  name: '水位',
  unit: 'm',
  points: [
    [at(0), 1],
    [at(2), 1.2],
    [at(1), 1.1],
    [at(30), 2],
    [at(31), 2.1],
  ],
};

test('a sensor that was silent leaves a hole, not a line', () => {
  expect(withGaps(level)).toEqual([
    [at(0), 1],
    [at(1), 1.1],
    [at(2), 1.2],
    [at(2) + 1, null],
    [at(30), 2],
    [at(31), 2.1],
  ]);
});

test('a source that reports when something changes has no holes', () => {
  expect(withGaps({ ...level, gapMs: 0 }).every(([, value]) => value !== null)).toBe(true);
});

test('a time that cannot be read is left out', () => {
  expect(
    withGaps({
      name: '',
      unit: '',
      points: [
        ['soon', 1],
        [0, 2],
      ],
    }),
  ).toEqual([[0, 2]]);
});

test('the table has one row a time and says where a series has no value', () => {
  const rain: ChartSeries = { name: '雨量', unit: 'mm', points: [[at(1), 5]] };
  expect(chartRows([level, rain]).slice(-2)).toEqual([
    { at: at(1), values: [1.1, 5] },
    { at: at(0), values: [1, null] },
  ]);
  expect(unitsOf([level, rain, level])).toEqual(['m', 'mm']);
});
