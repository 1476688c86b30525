import type { Position } from 'geojson';
import type { Geometry } from './geometry.ts';

export type Box = {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
};

/** The shortest degree of latitude (at the equator) less a hundredth, so that a box is never too small. */
const DEGREE_METERS_MIN = 110_574 * 0.99;

/** All positions of a geometry. */
export const positionsOf = (geometry: Geometry): readonly Position[] => {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'MultiPoint':
    case 'LineString':
      return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
  }
};

const boxOf = (geometry: Geometry): Box => {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [longitude, latitude] of positionsOf(geometry)) {
    west = Math.min(west, longitude!);
    east = Math.max(east, longitude!);
    south = Math.min(south, latitude!);
    north = Math.max(north, latitude!);
  }
  return { west, south, east, north };
};

/** The boxes that hold everything within this distance of a geometry: two where they pass the date line. */
export const boxesAround = (geometry: Geometry, meters: number): readonly Box[] => {
  const box = boxOf(geometry);
  const degrees = meters / DEGREE_METERS_MIN;
  const south = Math.max(-90, box.south - degrees);
  const north = Math.min(90, box.north + degrees);
  const widest = Math.max(Math.abs(south), Math.abs(north));
  const eastward = widest >= 89.9 ? 360 : degrees / Math.cos((widest * Math.PI) / 180);
  const west = box.west - eastward;
  const east = box.east + eastward;
  if (east - west >= 360) return [{ west: -180, south, east: 180, north }];
  const whole = { west: Math.max(-180, west), south, east: Math.min(180, east), north };
  if (west < -180) return [whole, { west: west + 360, south, east: 180, north }];
  if (east > 180) return [whole, { west: -180, south, east: east - 360, north }];
  return [whole];
};
