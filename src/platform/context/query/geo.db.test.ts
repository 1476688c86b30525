import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openTestDatabase, testEngines } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { toEwkb } from '../geo/ewkb.ts';
import { checkGeometry, type Geometry } from '../geo/geometry.ts';
import type { Entity } from '../model.ts';
import { LOCATION } from '../store/rows.ts';
import { openBind } from './bind.ts';
import { type GeoQuestion, parseGeoQuestion } from './geo.ts';
import { checkMatchable, matchesGeo } from './geo-matches.ts';
import { geoToSql } from './geo-to-sql.ts';

const SPACE = 'https://uri.etsi.org/ngsi-ld/observationSpace';
const expand = (short: string) => `https://uri.etsi.org/ngsi-ld/${short}`;
const square = (x: number, y: number, size: number) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

const PLACES: Record<string, Geometry> = {
  point: { type: 'Point', coordinates: [121.55, 29.87] },
  points: {
    type: 'MultiPoint',
    coordinates: [
      [121.5, 29.8],
      [121.9, 29.9],
    ],
  },
  line: {
    type: 'LineString',
    coordinates: [
      [121.5, 29.8],
      [121.6, 29.9],
    ],
  },
  area: { type: 'Polygon', coordinates: [square(121.5, 29.8, 0.1)] },
  ring: { type: 'Polygon', coordinates: [square(121.4, 29.7, 0.4), square(121.5, 29.8, 0.2)] },
  fiji: { type: 'Point', coordinates: [179.999, -17] },
  pole: { type: 'Point', coordinates: [10, 89.9999] },
};
const entityAt = (name: string, geometry: Geometry): Entity => ({
  id: `urn:place:${name}`,
  types: ['urn:type:Place'],
  scopes: [],
  attributes: {
    [LOCATION]: [{ type: 'GeoProperty', value: geometry }],
    [SPACE]: [
      { type: 'Property', value: 'none' },
      { type: 'GeoProperty', value: geometry, datasetId: 'urn:d' },
    ],
  },
  createdAt: '2026-01-01T00:00:00.000Z',
  modifiedAt: '2026-01-01T00:00:00.000Z',
});
const ENTITIES = Object.entries(PLACES).map(([name, geometry]) => entityAt(name, geometry));

const ask = (georel: string, geometry: string, coordinates: unknown, geoproperty = 'location') =>
  parseGeoQuestion(
    { georel, geometry, coordinates: JSON.stringify(coordinates), geoproperty },
    expand,
  )!;

/** Distances by GeographicLib's geodesics: a hundredth of a degree of longitude at 29.87 N is 966 m. */
const CASES: readonly (readonly [string, GeoQuestion, string])[] = [
  ['near a point', ask('near;maxDistance==2000', 'Point', [121.56, 29.875]), 'point line area'],
  ['nearer than the point', ask('near;maxDistance==900', 'Point', [121.56, 29.87]), 'area line'],
  ['just as far', ask('near;maxDistance==967', 'Point', [121.56, 29.87]), 'point line area'],
  ['farther than', ask('near;minDistance==300000', 'Point', [121.56, 29.87]), 'fiji pole'],
  ['over the date line', ask('near;maxDistance==1000', 'Point', [-179.999, -17]), 'fiji'],
  ['over the pole', ask('near;maxDistance==100', 'Point', [-170, 89.9999]), 'pole'],
  [
    'near two points',
    ask('near;maxDistance==50', 'MultiPoint', [
      [121.9, 29.9],
      [0, 0],
    ]),
    'points',
  ],
  [
    'near a line',
    ask('near;maxDistance==100', 'LineString', [
      [121.0, 29.8],
      [121.5, 29.8],
    ]),
    'points line area ring',
  ],
  ['within a polygon', ask('within', 'Polygon', [square(121.45, 29.75, 0.2)]), 'point line area'],
  [
    'within two polygons',
    ask('within', 'MultiPolygon', [[square(121.45, 29.75, 0.2)], [square(179, -18, 0.9999)]]),
    'point line area',
  ],
  [
    'within a polygon with a hole',
    ask('within', 'Polygon', [square(121, 29, 1.2), square(121.53, 29.83, 0.05)]),
    'points ring',
  ],
  ['on its edge alone', ask('within', 'Polygon', [square(121.55, 29.87, 0.1)]), ''],
  ['intersects a polygon', ask('intersects', 'Polygon', [square(121.58, 29.7, 0.11)]), 'area ring'],
  [
    'intersects at a corner',
    ask('intersects', 'Polygon', [square(121.6, 29.9, 0.01)]),
    'line area',
  ],
  ['disjoint with a polygon', ask('disjoint', 'Polygon', [square(121.4, 29.7, 0.6)]), 'fiji pole'],
  [
    'of another GeoProperty',
    ask('within', 'Polygon', [square(121.45, 29.75, 0.2)], 'observationSpace'),
    'point line area',
  ],
  [
    'near by another GeoProperty',
    ask('near;maxDistance==967', 'Point', [121.56, 29.87], 'observationSpace'),
    'point line area',
  ],
  ['of no such GeoProperty', ask('within', 'Polygon', [square(100, 0, 80)], 'operationSpace'), ''],
  ['contains', ask('contains', 'Point', [121.55, 29.85]), 'area'],
  [
    'equals',
    ask('equals', 'LineString', [
      [121.6, 29.9],
      [121.5, 29.8],
    ]),
    'line',
  ],
  ['overlaps', ask('overlaps', 'Polygon', [square(121.55, 29.85, 0.1)]), 'area'],
];
const named = (names: string) => names.split(' ').filter(Boolean).toSorted();

describe.each(CASES)('%s', (_, question, expected) => {
  it('is told at hand, or said to be not', () => {
    try {
      checkMatchable(question);
    } catch (error) {
      expect((error as Refusal).kind).toBe('not-implemented');
      return;
    }
    const found = ENTITIES.filter((entity) => matchesGeo(question, entity)).map(({ id }) =>
      id.slice(10),
    );
    expect(found.toSorted()).toEqual(named(expected));
  });
});

describe.each(testEngines)('on %s', (engine) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(engine);
    await migrate(database, [
      { schema: 'context', folder: fileURLToPath(new URL('../migrations', import.meta.url)) },
    ]);
    for (const [n, { id, types, attributes, createdAt }] of ENTITIES.entries())
      await database.query(
        `insert into context.entities (tenant, id, types, attributes, location, created_at, modified_at) values ('', $1, $2, $3, $4, $5, $5)`,
        [id, types, JSON.stringify(attributes), toEwkb(Object.values(PLACES)[n]!), createdAt],
      );
  }, 60_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(CASES)('%s', async (_, question, expected) => {
    const { bind, values } = openBind();
    const rows = await database.query<{ id: string }>(
      `select e.id from context.entities e where ${geoToSql(question, bind)}`,
      values,
    );
    expect(rows.map(({ id }) => id.slice(10)).toSorted()).toEqual(named(expected));
  });

  // Two triangles that meet in [11, 11].
  const BOW = [
    [
      [10, 10],
      [12, 12],
      [12, 10],
      [10, 12],
      [10, 10],
    ],
  ];
  it.each([
    ['contains', 'Point', [10.2, 11], true],
    ['contains', 'Point', [11, 11.8], false],
    ['equals', 'Polygon', BOW, true],
    ['within', 'Polygon', BOW, true],
    ['intersects', 'Polygon', [square(10.9, 11.5, 0.2)], false],
    ['overlaps', 'Polygon', [square(9, 9, 1.5)], true],
    ['disjoint', 'Polygon', [square(10.9, 11.5, 0.2)], true],
    ['near;maxDistance==1000', 'Point', [10.2, 11], true],
    ['near;minDistance==1000', 'Point', [10.2, 11], false],
  ] as const)(
    'an area that crosses itself: %s %s %j is %s',
    async (georel, type, coordinates, expected) => {
      const place = toEwkb(checkGeometry({ type: 'Polygon', coordinates: BOW }));
      const seen = {
        [expand('observationSpace')]: [
          { type: 'GeoProperty', value: { type: 'Polygon', coordinates: BOW } },
        ],
      };
      await database.query(
        `insert into context.entities (tenant, id, types, attributes, location, created_at, modified_at) values ('bow', 'urn:a:bow', '{A}', $1, $2, now(), now())`,
        [JSON.stringify(seen), place],
      );
      for (const property of ['location', 'observationSpace']) {
        const { bind, values } = openBind();
        const found = await database.query(
          `select e.id from context.entities e where e.tenant = 'bow' and ${geoToSql(ask(georel, type, coordinates, property), bind)}`,
          values,
        );
        expect(found.length === 1, property).toBe(expected);
      }
      await database.query(`delete from context.entities where tenant = 'bow'`);
    },
  );

  it('holds to be valid what checkGeometry lets through', async () => {
    for (const geometry of Object.values(PLACES)) {
      const [row] = await database.query<{ valid: boolean }>(
        'select ST_IsValid($1::geometry) as valid',
        [toEwkb(checkGeometry(geometry))],
      );
      expect(row?.valid).toBe(true);
    }
  });
});

describe('a geo-query', () => {
  it.each([
    [{ georel: 'near', geometry: 'Point', coordinates: '[0,0]' }],
    [{ georel: 'near;maxDistance==0', geometry: 'Point', coordinates: '[0,0]' }],
    [{ georel: 'near;maxDistance==-5', geometry: 'Point', coordinates: '[0,0]' }],
    [{ georel: 'near;maxDistance==1;minDistance==0.5', geometry: 'Point', coordinates: '[0,0]' }],
    [{ georel: 'touches', geometry: 'Point', coordinates: '[0,0]' }],
    [{ georel: 'within', geometry: 'Point', coordinates: '[0,' }],
    [{ georel: 'within', geometry: 'GeometryCollection', coordinates: '[]' }],
    [{ georel: 'within', geometry: 'Polygon', coordinates: '[[[0,0],[1,0],[1,1],[0,1]]]' }],
    [{ georel: 'within', geometry: 'Point' }],
    [{ coordinates: '[0,0]' }],
  ])('%j is refused', (parameters) => {
    expect(() => parseGeoQuestion(parameters, expand)).toThrow(Refusal);
  });
  it('is none without parameters', () => {
    expect(parseGeoQuestion({ geoproperty: 'location' }, expand)).toBeUndefined();
  });
});
