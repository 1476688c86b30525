import { expect, test } from 'vitest';
import { byDistance, distanceM } from './distance.ts';

test('one degree of latitude is 111.195 km on the mean sphere', () => {
  expect(distanceM([121.5, 29], [121.5, 30])).toBeCloseTo(111_195.08, 1);
  expect(distanceM([121.5, 29], [121.5, 29])).toBe(0);
});

test('the nearest comes first, and what has no place is not listed', () => {
  const at = (id: string, lon: number) => ({
    id,
    type: 'Thing',
    location: { type: 'Point' as const, coordinates: [lon, 29.87] },
  });
  const near = byDistance(
    [at('far', 121.56), at('near', 121.551), { id: 'nowhere', type: 'Thing' }],
    [121.55, 29.87],
  );
  expect(near.map(({ thing }) => thing.id)).toEqual(['near', 'far']);
});
