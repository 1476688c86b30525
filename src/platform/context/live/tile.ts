import { createHash } from 'node:crypto';
import { geoJSONToTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { coreNames } from '../jsonld/compile.ts';
import { openBind } from '../query/bind.ts';
import { type Sight, seenSql } from '../sight.ts';
import { ALIVE, ENTITY_COLUMNS, type EntityRow, toEntity } from '../store/read.ts';
import { type Feature, toFeature } from './feature.ts';

/** What a phone draws of one tile, and what is encoded in a tenth of a second. */
const TILE_FEATURES_MAX = 5_000;
const ZOOM_MAX = 22;
const EXTENT = 4096;
/** Around the tile, so that symbols are not cut at its edge. */
const BUFFER = 64;
/** All who look at one place share one look at the database. */
const SHARED_MS = 2_000;
const SHARED_MAX = 500;

export type TileQuestion = {
  readonly type: string;
  readonly tenant: string;
  readonly z: number;
  readonly x: number;
  readonly y: number;
  /** What who looks does not see. */
  readonly sight?: Sight | undefined;
};
export type Tile = {
  readonly bytes: Buffer;
  readonly etag: string;
  /** Whether there is more than the tile shows. */
  readonly more: boolean;
};

/** Degrees of a place in the square that tile 0/0/0 covers (OGC 17-083r4, annex D: WebMercatorQuad). */
const longitude = (x: number) => x * 360 - 180;
const latitude = (y: number) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

const boxOf = ({ z, x, y }: TileQuestion): [number, number, number, number] => {
  const side = 2 ** z;
  const edge = BUFFER / EXTENT;
  return [
    Math.max(-180, longitude((x - edge) / side)),
    latitude((y + 1 + edge) / side),
    Math.min(180, longitude((x + 1 + edge) / side)),
    latitude((y - edge) / side),
  ];
};

/** Throws Refusal('invalid'). */
const checkTile = ({ z, x, y }: TileQuestion) => {
  if (z > ZOOM_MAX || x >= 2 ** z || y >= 2 ** z)
    throw new Refusal('invalid', `There is no tile ${z}/${x}/${y}; zoom goes to ${ZOOM_MAX}.`);
};

/** Tiles carry plain values by name: what is known of the entity as a whole goes before its facts. */
const flat = ({ id, geometry, properties: { facts, ...own } }: Feature): GeoJSON.Feature[] =>
  geometry === null
    ? []
    : [
        {
          type: 'Feature',
          geometry: geometry as GeoJSON.Geometry,
          properties: Object.fromEntries(
            Object.entries({ ...facts, ...own, id }).filter(([, value]) => value !== null),
          ),
        },
      ];

const makeTile = async (database: Database, question: TileQuestion): Promise<Tile> => {
  const { type, tenant, z, x, y, sight } = question;
  const { bind, values } = openBind();
  for (const value of [tenant, [coreNames.expand(type)], ...boxOf(question), TILE_FEATURES_MAX + 1])
    bind(value);
  const rows = await database.query<EntityRow>(
    `select ${ENTITY_COLUMNS} from ${seenSql(sight, bind)}
     where e.tenant = $1 and e.types && $2 and e.location && ST_MakeEnvelope($3, $4, $5, $6, 4326) and ${ALIVE}
     limit $7`,
    values,
  );
  const features = rows
    .slice(0, TILE_FEATURES_MAX)
    .flatMap((row) => flat(toFeature(toEntity(row))));
  const tile = geoJSONToTile({ type: 'FeatureCollection', features }, z, x, y, {
    maxZoom: ZOOM_MAX,
    extent: EXTENT,
    buffer: BUFFER,
    clip: true,
  });
  const layer = coreNames.compact(coreNames.expand(type));
  const bytes = Buffer.from(
    tile.features.length === 0
      ? []
      : fromGeojsonVt({ [layer]: tile }, { version: 2, extent: EXTENT }),
  );
  return {
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    more: rows.length > TILE_FEATURES_MAX,
  };
};

/** Vector tiles (Mapbox Vector Tile 2.1) of the entities of one type, one layer named by it. */
export const openTiles = (database: Database) => {
  const shared = new Map<string, { until: number; tile: Promise<Tile> }>();
  return {
    /** Throws Refusal('invalid') where there is no such tile. */
    get: (question: TileQuestion): Promise<Tile> => {
      checkTile(question);
      const { type, tenant, z, x, y, sight } = question;
      const key = `${sight?.key ?? ''}\n${tenant}\n${type}\n${z}/${x}/${y}`;
      const known = shared.get(key);
      const now = Date.now();
      if (known && known.until > now) return known.tile;
      const tile = makeTile(database, question);
      shared.delete(key);
      shared.set(key, { until: now + SHARED_MS, tile });
      tile.catch(() => shared.delete(key));
      for (const [oldest, { until }] of shared) {
        if (shared.size <= SHARED_MAX && until > now) break;
        shared.delete(oldest);
      }
      return tile;
    },
  };
};
export type Tiles = ReturnType<typeof openTiles>;
