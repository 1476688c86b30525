import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycloneAt } from './entity.ts';
import { gradeOf } from './grades.ts';
import { along, distanceKm, nearestFraction, type Place } from './sphere.ts';
import { passage, stateAt, type TrackPoint } from './track.ts';

const place = fc.tuple(
  fc.double({ min: -179, max: 179, noNaN: true }),
  fc.double({ min: -60, max: 60, noNaN: true }),
);

describe('on the sphere', () => {
  test('Land’s End is 968.9 km from John o’ Groats, by the textbook', () => {
    const [south, north]: [Place, Place] = [
      [-(5 + 42 / 60 + 53 / 3600), 50 + 3 / 60 + 59 / 3600],
      [-(3 + 4 / 60 + 12 / 3600), 58 + 38 / 60 + 38 / 3600],
    ];
    expect(distanceKm(south, north)).toBeCloseTo(968.9, 1);
    const [lon, lat] = along(south, north, 0.5); // midpoint 54°21′44″N 4°31′50″W
    expect(lon).toBeCloseTo(-(4 + 31 / 60 + 50 / 3600), 3);
    expect(lat).toBeCloseTo(54 + 21 / 60 + 44 / 3600, 3);
  });

  test('no place on the way is nearer than the nearest', () => {
    const near = fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(
        place,
        near,
        near,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([lon, lat], d, e, f) => {
          const a: Place = [lon, lat];
          const b: Place = [lon + d[0], lat + d[1]];
          const p: Place = [lon + e[0], lat + e[1]];
          const nearest = distanceKm(along(a, b, nearestFraction(a, b, p)), p);
          expect(nearest).toBeLessThanOrEqual(distanceKm(along(a, b, f), p) + 1e-6);
        },
      ),
    );
  });

  test('the way across the date line is the short one', () => {
    expect(Math.abs(along([179, 10], [-179, 10], 0.5)[0])).toBeCloseTo(180, 6);
  });
});

test('a grade begins at the wind that GB/T 19201-2006 gives it', () => {
  const codes = [10.7, 10.8, 17.1, 17.2, 24.4, 24.5, 32.6, 32.7, 41.4, 41.5, 50.9, 51].map(
    (ms) => gradeOf(ms)?.code,
  );
  expect(codes).toEqual([
    undefined,
    'TD',
    'TD',
    'TS',
    'TS',
    'STS',
    'STS',
    'TY',
    'TY',
    'STY',
    'STY',
    'SuperTY',
  ]);
  expect(gradeOf(17.16)?.code).toBe('TS');
});

const point = (at: string, lon: number, lat: number, windMs?: number): TrackPoint => ({
  at: `2021-07-${at}:00:00.000Z`,
  position: [lon, lat],
  windMs,
});

const IN_FA = [
  point('25T12', 122.2, 30.3, 28.3),
  point('25T18', 121.4, 30.4, 23.2),
  point('26T00', 121.2, 30.7),
];

test('between two points a cyclone moves evenly along the great circle', () => {
  expect(stateAt(IN_FA, Date.parse('2021-07-25T15:00:00Z'))).toMatchObject({
    at: '2021-07-25T15:00:00.000Z',
    position: [expect.closeTo(121.8, 2), expect.closeTo(30.35, 2)],
    windMs: 25.8,
  });
  expect(stateAt(IN_FA, Date.parse('2021-07-25T18:00:00Z'))).toMatchObject({
    position: [121.4, 30.4],
    windMs: 23.2,
  });
});

test('before, after and across a gap of more than twelve hours nothing is known', () => {
  expect(stateAt(IN_FA, Date.parse('2021-07-25T11:59:59Z'))).toBeUndefined();
  expect(stateAt(IN_FA, Date.parse('2021-07-26T00:00:01Z'))).toBeUndefined();
  const gap = [point('25T00', 122, 30), point('25T13', 121, 30)];
  expect(stateAt(gap, Date.parse('2021-07-25T06:00:00Z'))).toBeUndefined();
  expect(passage(gap, [121.5, 30])?.closest.km).toBe(48.1); // half a degree at 30°N: no nearer than a point
});

test('a passage between two points is nearer than both', () => {
  const near = passage(IN_FA, [121.55, 29.87])!;
  expect(near.nearestPoint).toMatchObject({ at: '2021-07-25T18:00:00.000Z', km: 60.7 });
  expect(near.closest.km).toBe(56.3);
  expect(near.closest.at).toMatch(/^2021-07-25T16:15/);
});

test('a track without points passes nowhere', () => {
  expect(passage([], [121.55, 29.87])).toBeUndefined();
});

test('a cyclone at a point is an entity with units and its instant', () => {
  const observedAt = '2021-07-25T18:00:00.000Z';
  expect(cycloneAt({ sn: '202109', name: 'IN-FA' }, { ...IN_FA[1]!, pressureHpa: 982 })).toEqual({
    id: 'urn:ngsi-ld:TropicalCyclone:202109',
    type: 'TropicalCyclone',
    serialNumber: { type: 'Property', value: '202109' },
    name: { type: 'Property', value: 'IN-FA' },
    location: {
      type: 'GeoProperty',
      value: { type: 'Point', coordinates: [121.4, 30.4] },
      observedAt,
    },
    windSpeed: { type: 'Property', value: 23.2, unitCode: 'MTS', observedAt },
    pressure: { type: 'Property', value: 982, unitCode: 'A97', observedAt },
    grade: {
      type: 'LanguageProperty',
      languageMap: { zh: '热带风暴', en: 'Tropical storm' },
      observedAt,
    },
  });
});
