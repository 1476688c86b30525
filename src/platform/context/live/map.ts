import { type Static, Type } from 'typebox';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { coreNames } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import { openBind } from '../query/bind.ts';
import { type Sight, seenSql } from '../sight.ts';
import { ALIVE, ENTITY_COLUMNS } from '../store/read.ts';
import { Feature, toFeature } from './feature.ts';

/** What a map draws fluently on a phone; beyond it the answer says so, and the reader comes nearer or filters. */
export const MAP_FEATURES_MAX = 10_000;

export const MapAnswer = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Feature),
  /** True where more entities are there than were asked for. */
  more: Type.Boolean(),
});

export type Bbox = readonly [west: number, south: number, east: number, north: number];

/** "west,south,east,north"; throws Refusal('invalid'). */
export const parseBbox = (text: string): Bbox => {
  const numbers = text.split(',').map(Number);
  const [west, south, east, north] = numbers as [number, number, number, number];
  const sound =
    numbers.length === 4 && numbers.every(Number.isFinite) && west < east && south < north;
  if (!sound) throw new Refusal('invalid', 'bbox is west,south,east,north in degrees.');
  return [Math.max(-180, west), Math.max(-90, south), Math.min(180, east), Math.min(90, north)];
};

type Question = {
  bbox: Bbox;
  types?: readonly string[];
  limit: number;
  sight?: Sight | undefined;
};

/** The entities whose place meets the box, those changed last first. */
export const listMap = async (
  database: Database,
  { bbox, types, limit, sight }: Question,
): Promise<Static<typeof MapAnswer>> => {
  const { bind, values } = openBind();
  for (const value of [...bbox, types?.map(coreNames.expand) ?? null, limit + 1]) bind(value);
  const rows = await database.query<Entity>(
    `select ${ENTITY_COLUMNS} from ${seenSql(sight, bind)}
     where e.tenant = '' and e.location && ST_MakeEnvelope($1, $2, $3, $4, 4326) and ($5::text[] is null or e.types && $5) and ${ALIVE}
     order by e.modified_at desc limit $6`,
    values,
  );
  return {
    type: 'FeatureCollection',
    features: rows.slice(0, limit).map(toFeature),
    more: rows.length > limit,
  };
};
