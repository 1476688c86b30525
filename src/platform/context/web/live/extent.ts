import type { Geometry, Position } from 'geojson';
import type { Bounds, LonLat } from '#platform/ui/web';

const MARGIN_DEGREES = 0.01; // a single place is shown with what is around it

/** Every position in nested coordinates. */
const positionsIn = (coordinates: unknown): Position[] => {
  if (!Array.isArray(coordinates)) return [];
  return typeof coordinates[0] === 'number'
    ? [coordinates as Position]
    : coordinates.flatMap(positionsIn);
};

const positionsOf = (geometry: Geometry): Position[] =>
  geometry.type === 'GeometryCollection'
    ? geometry.geometries.flatMap(positionsOf)
    : positionsIn(geometry.coordinates);

/** The box around everything; undefined when there is nothing. */
export const extentOf = (geometries: Iterable<Geometry | null>): Bounds | undefined => {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries)
    for (const [lon = 0, lat = 0] of geometry ? positionsOf(geometry) : []) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  if (west > east) return undefined;
  const m = MARGIN_DEGREES;
  return [west - m, south - m, east + m, north + m];
};

/** Where a label or a card of a geometry is put: a point's own place, else the middle of its box. */
export const middleOf = (geometry: Geometry | null): LonLat | undefined => {
  if (geometry?.type === 'Point') return geometry.coordinates as unknown as LonLat;
  const extent = extentOf([geometry]);
  return extent && [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2];
};

export const isWithin = ([lon, lat]: LonLat, [west, south, east, north]: Bounds): boolean =>
  lon >= west && lon <= east && lat >= south && lat <= north;
