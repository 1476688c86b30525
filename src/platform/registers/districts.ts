import type { Outline } from './outline.ts';
import type { District } from './city.ts';
import { type Day, inForce } from './days.ts';
import { distanceKm, isInside, type Position } from './geometry.ts';

/** Districts and counties in force on a day, in the order of the profile. */
export const listDistricts = (districts: readonly District[], on: Day): District[] =>
  districts.filter((district) => inForce(district, on));

/**
 * The district whose seat is nearest to a position inside the city's outline: a guess for where no boundaries were
 * imported. Undefined outside the outline.
 */
export const nearestDistrict = (
  districts: readonly District[],
  outline: Outline,
  position: Position,
): District | undefined => {
  const own = outline.features.find((f) => f.properties.role === 'city');
  if (!own || !isInside(position, own.geometry)) return undefined;
  let nearest: District | undefined;
  for (const district of districts)
    if (
      !nearest ||
      distanceKm(position, district.seat.location) < distanceKm(position, nearest.seat.location)
    )
      nearest = district;
  return nearest;
};
