import { expect, test } from 'vitest';
import type { Geometry } from '../../geo/geometry.ts';
import { mayAnswer } from './place.ts';

const property = ':location';
const box = (west: number, south: number, east: number, north: number): Geometry => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});
const point = (lon: number, lat: number): Geometry => ({ type: 'Point', coordinates: [lon, lat] });
const [city, district, elsewhere] = [
  box(121, 29, 122, 30),
  box(121.5, 29.5, 121.6, 29.6),
  box(119, 29, 120, 30),
];
const inside = point(121.55, 29.55);

test.each([
  ['within', city, district, true],
  ['within', inside, district, true],
  ['within', elsewhere, district, false],
  ['contains', city, inside, true],
  ['overlaps', city, district, true],
  ['equals', inside, inside, true],
  ['equals', point(121, 29.5), inside, false],
  [
    'intersects',
    {
      type: 'LineString',
      coordinates: [
        [120, 29.55],
        [123, 29.55],
      ],
    } as Geometry,
    district,
    true,
  ],
  ['disjoint', city, district, true],
  ['disjoint', inside, district, false],
  ['disjoint', district, city, false],
  ['disjoint', elsewhere, city, true],
] as const)(
  'what is %s may be found in a place where it can be',
  (relation, place, reference, is) => {
    expect(mayAnswer({ property, relation, reference }, place)).toBe(is);
  },
);

test.each([
  ['maxDistance', city, 100, true],
  ['maxDistance', elsewhere, 100_000, false],
  ['maxDistance', elsewhere, 200_000, true],
  ['minDistance', city, 10_000, true],
  ['minDistance', district, 10_000, false],
] as const)('near with %s looks at the whole place', (bound, place, meters, is) => {
  expect(mayAnswer({ property, relation: 'near', bound, meters, reference: inside }, place)).toBe(
    is,
  );
});

test('a place too intricate to compute is asked', () => {
  const ring = Array.from({ length: 2_000 }, (_, n): [number, number] => [10 + n / 1e4, 10]);
  const line: Geometry = { type: 'LineString', coordinates: ring };
  expect(mayAnswer({ property, relation: 'within', reference: line }, line)).toBe(true);
});
