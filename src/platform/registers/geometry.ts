import type { MultiPolygon, Polygon } from 'geojson';

/** Longitude, latitude in degrees, WGS 84 unless said otherwise. */
export type Position = readonly [number, number];

const EARTH_RADIUS_KM = 6371.0088;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance on the mean sphere (haversine). */
export const distanceKm = ([lon1, lat1]: Position, [lon2, lat2]: Position): number => {
  const h =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
};

const insideRing = ([x, y]: Position, ring: readonly (readonly number[])[]): boolean => {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi, xj, yj] = [ring[i]![0]!, ring[i]![1]!, ring[j]![0]!, ring[j]![1]!];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
};

/** Whether a position lies in an area and in none of its holes, by the even–odd rule on plain coordinates. */
export const isInside = (position: Position, area: Polygon | MultiPolygon): boolean =>
  (area.type === 'Polygon' ? [area.coordinates] : area.coordinates).some(
    ([outer, ...holes]) =>
      outer !== undefined &&
      insideRing(position, outer) &&
      !holes.some((hole) => insideRing(position, hole)),
  );
