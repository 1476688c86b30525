import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { MultiPolygon } from 'geojson';
import { expect, test } from 'vitest';
import { fromGcj02, toGcj02 } from './gcj02.ts';
import { distanceKm, isInside } from './geometry.ts';
import { loadLand } from './land.ts';
import { decodeRing, loadOutline } from './outline.ts';
import { loadCity } from './profile.ts';

const { city, districts, demonstration } = loadCity('cities/ningbo');
const outline = loadOutline(city);
const own = outline.features.find((f) => f.properties.role === 'city')!;

test('a compressed ring is read as steps of 1/1024 degree', () => {
  // 'B' is 66: 2 zig-zag is +1; 'A' is 65: 1 zig-zag is −1; '@' is 64: no step.
  expect(decodeRing('BA@B', [1024, 2048], 1024)).toEqual([
    [1025 / 1024, 2047 / 1024],
    [1025 / 1024, 2048 / 1024],
  ]);
});

test('the outline has the city and its ten neighbours in the province', () => {
  expect(outline.features.filter((f) => f.properties.role === 'neighbour')).toHaveLength(10);
  const [west, south, east, north] = city.bounds;
  const { geometry } = own;
  for (const [x, y] of (geometry as MultiPolygon).coordinates.flat(2) as [number, number][])
    expect(x > west && x < east && y > south && y < north).toBe(true);
});

test('every seat is inside the outline, and no neighbour has one', () => {
  for (const d of districts) {
    expect(isInside(d.seat.location, own.geometry), d.name.en).toBe(true);
    for (const other of outline.features)
      if (other !== own) expect(isInside(d.seat.location, other.geometry)).toBe(false);
  }
});

test('devices on land are inside the outline, but for the coast that its accuracy blurs', () => {
  const outside = demonstration.devices.filter(
    (d) => !d.afloat && !isInside(d.location, own.geometry),
  );
  expect(outside.map((d) => d.id).filter((id) => !id.startsWith('terminal-gate'))).toEqual([]);
});

test('the datum shift runs both ways and is some hundred metres in China', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 75, max: 132, noNaN: true }),
      fc.double({ min: 19, max: 52, noNaN: true }),
      (x, y) => {
        const there = toGcj02([x, y]);
        expect(distanceKm(fromGcj02(there), [x, y])).toBeLessThan(0.001);
        expect(distanceKm(there, [x, y])).toBeLessThan(1.2);
      },
    ),
    { numRuns: 200 },
  );
});

const SURVEYED = '../shared/data/boundaries/ningbo_boundaries_cgcs2000.json';
test.skipIf(!existsSync(SURVEYED))(
  'the outline agrees with the surveyed one within its stated accuracy',
  () => {
    const { features } = JSON.parse(readFileSync(SURVEYED, 'utf8')) as {
      features: { polylines: [number, number][][][] }[];
    };
    const edges = features
      .flatMap((f) => f.polylines.flat())
      .flatMap((ring) => ring.slice(1).map((to, i) => [ring[i]!, to] as const));
    const nearestKm = ([x, y]: readonly [number, number]) => {
      let best = Infinity;
      for (const [[ax, ay], [bx, by]] of edges) {
        const [dx, dy] = [bx - ax, by - ay];
        const t = Math.max(
          0,
          Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)),
        );
        best = Math.min(best, Math.hypot((ax + t * dx - x) * 96.5, (ay + t * dy - y) * 110.9));
      }
      return best;
    };
    const mainland = (own.geometry as MultiPolygon).coordinates
      .map(([ring]) => ring!)
      .sort((a, b) => b.length - a.length)[0]!;
    const off = (mainland as [number, number][]).map(nearestKm).sort((a, b) => a - b);
    const median = off[off.length >> 1]!;
    expect(median).toBeLessThan(0.25);
    expect(off[Math.floor(off.length * 0.75)]! * 1000).toBeLessThan(
      city.outline.accuracyMetresApprox,
    );
  },
);

test('the land of the world holds the seats of Ningbo and not the middle of its sea', () => {
  const [land] = loadLand().features;
  expect(isInside([121.15, 30.0], land!.geometry)).toBe(true);
  expect(isInside([124, 29], land!.geometry)).toBe(false);
});
