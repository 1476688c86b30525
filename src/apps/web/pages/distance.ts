import type { Point } from 'geojson';
import type { Bounds, CityFeature, LonLat } from '#platform/ui/web';

const EARTH_RADIUS_M = 6_371_008.8; // mean radius, IUGG

/** Great-circle distance in metres (haversine). */
export function distanceM([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
}

/** The box that holds every place within `metres` of a point. */
export function boxAround([lon, lat]: LonLat, metres: number): Bounds {
  const degrees = (metres / EARTH_RADIUS_M) * (180 / Math.PI);
  const wide = degrees / Math.cos((lat * Math.PI) / 180);
  return [lon - wide, lat - degrees, lon + wide, lat + degrees];
}

/** The things with a point within `withinM` metres, nearest first. */
export function byDistance(
  things: readonly CityFeature[],
  from: LonLat,
  withinM: number,
): { thing: CityFeature; metres: number }[] {
  return things
    .filter(({ geometry }) => geometry?.type === 'Point')
    .map((thing) => ({
      thing,
      metres: distanceM(from, (thing.geometry as Point).coordinates as unknown as LonLat),
    }))
    .filter(({ metres }) => metres <= withinM)
    .sort((a, b) => a.metres - b.metres);
}
