import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '#kernel/errors';
import { toEwkb } from './ewkb.ts';
import { checkGeometry, crossesItself, POSITIONS_MAX } from './geometry.ts';

const square = (x: number, y: number, size: number) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const faultOf = (json: unknown): string => {
  try {
    checkGeometry(json);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).message;
  }
};

/** Positions as text: "0 0,1 0" is [[0,0],[1,0]]; rings are parted by /, polygons by //. */
const line = (text: string) => text.split(',').map((position) => position.split(' ').map(Number));
const polygon = (text: string) => ({ type: 'Polygon', coordinates: text.split('/').map(line) });
const polygons = (text: string) => ({
  type: 'MultiPolygon',
  coordinates: text.split('//').map((one) => one.split('/').map(line)),
});

describe('a geometry', () => {
  // The examples of RFC 7946, appendix A.
  it.each([
    { type: 'Point', coordinates: [100, 0] },
    { type: 'Point', coordinates: [121.55, 29.87, 12.5] },
    { type: 'LineString', coordinates: line('100 0,101 1') },
    polygon('100 0,101 0,101 1,100 1,100 0'),
    polygon('100 0,101 0,101 1,100 1,100 0/100.8 0.8,100.8 0.2,100.2 0.2,100.2 0.8,100.8 0.8'),
    { type: 'MultiPoint', coordinates: line('100 0,101 1') },
    { type: 'MultiLineString', coordinates: [line('100 0,101 1'), line('102 2,103 3')] },
    polygons(
      '102 2,103 2,103 3,102 3,102 2//100 0,101 0,101 1,100 1,100 0/100.2 0.2,100.2 0.8,100.8 0.8,100.8 0.2,100.2 0.2',
    ),
  ])('of RFC 7946 is taken: %j', (geometry) => {
    expect(checkGeometry(geometry)).toBe(geometry);
  });

  it.each([
    [null, 'geometry must be'],
    [{ type: 'Circle', coordinates: [0, 0] }, 'type must be one of'],
    [{ type: 'GeometryCollection', geometries: [] }, 'clause 4.7.1'],
    [{ type: 'Point', coordinates: [200, 0] }, 'coordinates[0] is 200'],
    [{ type: 'Point', coordinates: [0, -91] }, 'coordinates[1] is -91'],
    [{ type: 'Point', coordinates: ['1', 2] }, 'coordinates[0] must be a finite number'],
    [{ type: 'Point', coordinates: [1] }, 'at least 2'],
    [{ type: 'Point', coordinates: [1, 2, 3, 4] }, 'more than three'],
    [{ type: 'LineString', coordinates: line('1 2') }, 'at least 2 positions'],
    [{ type: 'LineString', coordinates: line('1 2,1 2') }, 'no length'],
    [{ type: 'MultiPoint', coordinates: [] }, 'at least 1'],
    [polygon('0 0,1 0,0 0'), 'at least 4'],
    [polygon('0 0,1 0,1 1,0 1'), 'coordinates[0] is not closed'],
    [polygon('0 0,1 1,2 2,0 0'), 'lie on each other'],
    [polygon('0 0,1 0,1 0,0 0'), 'fewer than three'],
    [polygon('0 0,4 0,2 2,4 4,0 4,2 2,0 0'), 'twice'],
    [
      { type: 'Polygon', coordinates: [square(0, 0, 1), square(5, 5, 1)] },
      'outside its outer ring',
    ],
    [
      { type: 'Polygon', coordinates: [square(0, 0, 9), square(1, 1, 5), square(2, 2, 1)] },
      'within another',
    ],
    [
      { type: 'MultiPolygon', coordinates: [[square(0, 0, 9)], [square(1, 1, 1)]] },
      'within another',
    ],
    [{ type: 'MultiPolygon', coordinates: [[square(0, 0, 2)], [square(1, 1, 2)]] }, 'cross'],
  ])('%j is refused: %s', (json, why) => {
    expect(faultOf(json)).toContain(why);
  });

  it('may have an island in its hole, and a hole that touches its edge in one point', () => {
    const island = {
      type: 'MultiPolygon',
      coordinates: [[square(0, 0, 9), square(1, 1, 5)], [square(2, 2, 1)]],
    };
    const touching = {
      type: 'Polygon',
      coordinates: [
        square(0, 0, 4),
        [
          [0, 2],
          [2, 1],
          [2, 3],
          [0, 2],
        ],
      ],
    };
    expect([faultOf(island), faultOf(touching)]).toEqual(['none', 'none']);
  });

  it('may cross itself, which is told', () => {
    const bow = polygon('0 0,2 2,2 0,0 2,0 0');
    const area = checkGeometry(bow);
    expect([area, crossesItself(area)]).toEqual([bow, true]);
    expect(crossesItself(checkGeometry(polygon('0 0,1 0,1 1,0 1,0 0')))).toBe(false);
  });

  it(`has at most ${POSITIONS_MAX} positions`, () => {
    const coordinates = Array.from({ length: POSITIONS_MAX + 1 }, (_, n) => [n / 100, 0]);
    expect(faultOf({ type: 'MultiPoint', coordinates })).toContain('limit of 10000 positions');
  });

  it('is refused or taken, whatever it is made of', () => {
    const coordinate = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double(), fc.string());
    const nested = fc.letrec((tie) => ({
      node: fc.oneof({ maxDepth: 5 }, coordinate, fc.array(tie('node'), { maxLength: 6 })),
    })).node;
    const type = fc.constantFrom(
      'Point',
      'MultiPoint',
      'LineString',
      'MultiLineString',
      'Polygon',
      'MultiPolygon',
      'x',
    );
    fc.assert(fc.property(fc.record({ type, coordinates: nested }), (json) => void faultOf(json)));
  });
});

describe('EWKB', () => {
  // As PostGIS 3.3 writes them: select st_asewkb(st_setsrid(…::geometry, 4326)).
  it('of a point carries the reference system', () => {
    expect(toEwkb({ type: 'Point', coordinates: [1, 2, 3] })).toBe(
      '0101000020E6100000000000000000F03F0000000000000040',
    );
  });
  it('of a line carries its count', () => {
    expect(
      toEwkb({
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 2],
        ],
      }),
    ).toBe(
      '0102000020E61000000200000000000000000000000000000000000000000000000000F03F0000000000000040',
    );
  });
  it('of many points has parts without a reference system', () => {
    expect(toEwkb({ type: 'MultiPoint', coordinates: [[0, 0]] })).toBe(
      '0104000020E610000001000000010100000000000000000000000000000000000000',
    );
  });
});
