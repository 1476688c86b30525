import { readFileSync } from 'node:fs';
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import { packageFile } from './outline.ts';

type Topology = Parameters<typeof feature>[0];

/** About 1 km: the source is drawn for a scale of 1 : 50 million. */
const DIGITS = 2;

/** The land of the world for low zooms: Natural Earth 1 : 50 m (public domain) by way of `world-atlas`. */
export const loadLand = (): FeatureCollection<Polygon | MultiPolygon> => {
  const topology = JSON.parse(
    readFileSync(packageFile('world-atlas', 'land-50m.json'), 'utf8'),
  ) as Topology;
  const land = feature(topology, topology.objects['land']!) as unknown as FeatureCollection<
    Polygon | MultiPolygon
  >;
  return JSON.parse(
    JSON.stringify(land, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toFixed(DIGITS)) : value,
    ),
  ) as FeatureCollection<Polygon | MultiPolygon>;
};
