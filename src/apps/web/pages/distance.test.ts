import { expect, test } from 'vitest';
import type { CityFeature } from '#platform/ui/web';
import { boxAround, byDistance, distanceM } from './distance.ts';

test('one degree of latitude is 111.195 km on the mean sphere', () => {
  expect(distanceM([121.5, 29], [121.5, 30])).toBeCloseTo(111_195.08, 1);
  expect(distanceM([121.5, 29], [121.5, 29])).toBe(0);
});

test('the box around a place reaches as far as asked in each direction', () => {
  const [west, south, east, north] = boxAround([121.55, 29.87], 1_000);
  expect(distanceM([121.55, 29.87], [121.55, north])).toBeCloseTo(1_000, 0);
  expect(distanceM([121.55, 29.87], [121.55, south])).toBeCloseTo(1_000, 0);
  expect(distanceM([121.55, 29.87], [east, 29.87])).toBeCloseTo(1_000, 0);
  expect(distanceM([121.55, 29.87], [west, 29.87])).toBeCloseTo(1_000, 0);
});

test('the nearest comes first, what is too far or has no place is not listed', () => {
  const at = (id: string, lon?: number) =>
    ({
      id,
      geometry: lon === undefined ? null : { type: 'Point', coordinates: [lon, 29.87] },
    }) as CityFeature;
  const things = [at('far', 121.556), at('too far', 121.57), at('near', 121.551), at('nowhere')];
  const near = byDistance(things, [121.55, 29.87], 1_000);
  expect(near.map(({ thing }) => thing.id)).toEqual(['near', 'far']);
});
