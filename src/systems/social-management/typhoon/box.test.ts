import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxAround, boxOf } from './box.ts';
import type { Place } from './sphere.ts';
import { passage } from './track.ts';

test('a track across the date line has the whole round of longitudes', () => {
  expect(
    boxOf([
      [179, 10],
      [-179, 12],
    ]),
  ).toEqual({ west: -180, south: 10, east: 180, north: 12 });
  expect(
    boxOf([
      [121, 28],
      [122, 30],
    ]),
  ).toEqual({ west: 121, south: 28, east: 122, north: 30 });
});

test('no track that comes near is missed by its box', () => {
  const degrees = (max: number) => fc.double({ min: -max, max, noNaN: true });
  const step = fc.tuple(degrees(4), degrees(4));
  fc.assert(
    fc.property(
      fc.tuple(degrees(180), degrees(55)),
      step,
      step,
      fc.integer({ min: 1, max: 900 }),
      (start, d, e, km) => {
        const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;
        const [a, b]: [Place, Place] = [start, [wrap(start[0] + d[0]), start[1] + d[1]]];
        const place: Place = [wrap(start[0] + e[0] * 2), start[1] + e[1]];
        const points = [a, b].map((position, i) => ({
          at: `2021-07-25T0${i * 6}:00:00.000Z`,
          position,
        }));
        if (passage(points, place)!.closest.km > km) return;
        const [track, around] = [boxOf([a, b]), boxAround(place, km)];
        expect(track.south <= around.north && track.north >= around.south).toBe(true);
        expect(track.west <= around.east && track.east >= around.west).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});
