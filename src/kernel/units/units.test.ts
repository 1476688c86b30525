import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertUnit } from './index.ts';

// NIST Special Publication 811, appendix B; the knot and the nautical mile by definition.
test.each([
  [100, 'CEL', 'KEL', 373.15],
  [212, 'FAH', 'CEL', 100],
  [1, 'KNT', 'KMH', 1.852],
  [1, 'NMI', 'MTR', 1852],
  [36, 'KMH', 'MTS', 10],
  [1, 'KWH', 'JOU', 3_600_000],
  [1, 'BAR', 'KPA', 100],
  [1, 'GP', 'GQ', 1000],
  [1013.25, 'A97', 'KPA', 101.325],
])('%d %s is as many %s as the tables say', (value, from, to, expected) => {
  expect(convertUnit(value, from, to)).toBeCloseTo(expected, 9);
});

test('different quantities and unknown codes are refused', () => {
  expect(() => convertUnit(1, 'CEL', 'MTR')).toThrow(/measures temperature/);
  expect(() => convertUnit(1, 'XXX', 'MTR')).toThrow(/no unit XXX/);
});

test('there and back is where one was', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
      expect(convertUnit(convertUnit(value, 'FAH', 'CEL'), 'CEL', 'FAH')).toBeCloseTo(value, 5);
    }),
  );
});
