import type { Point } from 'geojson';
import type { LonLat } from '#platform/ui/web';
import type { Name } from '../api.ts';

/** An entity in NGSI-LD's simplified form, as much as the list needs. */
export type NearThing = {
  readonly id: string;
  readonly type: string | readonly string[];
  readonly name?: Name;
  readonly location?: Point;
};

const EARTH_RADIUS_M = 6_371_008.8; // mean radius, IUGG

/** Great-circle distance in metres (haversine). */
export function distanceM([lonA, latA]: LonLat, [lonB, latB]: LonLat): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(h));
}

/** The things that have a place, nearest first. */
export function byDistance(
  things: readonly NearThing[],
  from: LonLat,
): { thing: NearThing; metres: number }[] {
  return things
    .filter(({ location }) => location?.type === 'Point')
    .map((thing) => ({
      thing,
      metres: distanceM(from, thing.location!.coordinates as unknown as LonLat),
    }))
    .sort((a, b) => a.metres - b.metres);
}
