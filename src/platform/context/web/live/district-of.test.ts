import { expect, test } from 'vitest';
import { circleOf, districtAt, isIn, kmBetween, type Area, type District } from './district-of.ts';

const named = (id: string, location: [number, number], radiusKmApprox: number): District => ({
  id,
  code: id,
  name: { zh: id, en: id },
  seat: { name: { zh: id, en: id }, location },
  radiusKmApprox,
});
const square = (west: number, south: number, side: number, code: string): Area => ({
  type: 'Feature',
  properties: { code },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
      ],
    ],
  },
});
const town = named('town', [121.5, 29.9], 10);
const county = named('county', [121.9, 29.4], 30);
const city = square(121, 29, 1.2, 'city');

test('a place is counted to the district whose circle it is deepest in', () => {
  expect(districtAt([121.55, 29.88], [town, county], city, [])?.id).toBe('town');
  expect(districtAt([121.8, 29.5], [town, county], city, [])?.id).toBe('county');
});

test('a bus in Boston is in no district', () => {
  expect(districtAt([-71.06, 42.36], [town, county], city, [])).toBeUndefined();
});

test('an imported boundary settles it', () => {
  const official = [square(121.4, 29.8, 0.1, 'county')];
  expect(districtAt([121.45, 29.85], [town, county], city, official)?.id).toBe('county');
  expect(districtAt([121.6, 29.95], [town, county], city, official)).toBeUndefined();
});

test('a hole of an area is outside of it', () => {
  const lake = square(121.2, 29.2, 0.2, '').geometry.coordinates[0] as number[][];
  const holed = structuredClone(city);
  (holed.geometry.coordinates as number[][][]).push(lake);
  expect(isIn([121.3, 29.3], city)).toBe(true);
  expect(isIn([121.3, 29.3], holed)).toBe(false);
});

test('the circle of a district has its radius all around', () => {
  for (const corner of circleOf(county))
    expect(kmBetween(corner, county.seat.location)).toBeCloseTo(30, 1);
});
