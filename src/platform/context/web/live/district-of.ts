import type { Feature, MultiPolygon, Polygon, Position } from 'geojson';

export type District = {
  readonly id: string;
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly seat: {
    readonly name: { readonly zh: string; readonly en: string };
    readonly location: readonly [number, number];
  };
  readonly radiusKmApprox: number;
};

/** An area of the register: the outline of a city, or an imported boundary of a district. */
export type Area = Feature<Polygon | MultiPolygon, Readonly<Record<string, unknown>>>;

export const KM_A_DEGREE = 111.2;

/** Kilometres between near places, good to a few in a thousand within a city. */
export const kmBetween = (a: Position, b: readonly [number, number]): number =>
  Math.hypot((a[0]! - b[0]) * Math.cos((b[1] * Math.PI) / 180), a[1]! - b[1]) * KM_A_DEGREE;

/** Whether a point lies in an area: crossings of a ray, holes included. */
export const isIn = ([x = 0, y = 0]: Position, { geometry }: Area): boolean => {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  let inside = false;
  for (const polygon of polygons)
    for (const ring of polygon)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[ax = 0, ay = 0], [bx = 0, by = 0]] = [ring[i]!, ring[j]!];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
  return inside;
};

/**
 * The district of a place: by the official boundary where one was imported; else, inside the city or within the
 * circle of a district's area, the one whose seat is nearest, measured by that circle. That is approximate.
 */
export const districtAt = (
  place: Position,
  districts: readonly District[],
  city: Area | undefined,
  boundaries: readonly Area[],
): District | undefined => {
  if (boundaries.length > 0) {
    const code = boundaries.find((area) => isIn(place, area))?.properties?.['code'];
    return districts.find((district) => district.code === code);
  }
  const [nearest] = districts
    .map((district) => ({
      district,
      share: kmBetween(place, district.seat.location) / district.radiusKmApprox,
    }))
    .sort((a, b) => a.share - b.share);
  if (!nearest) return undefined;
  return nearest.share <= 1 || (city && isIn(place, city)) ? nearest.district : undefined;
};

const CIRCLE_CORNERS = 72;

/** The circle of a district's area around its seat, as a ring. */
export const circleOf = ({ seat: { location }, radiusKmApprox }: District): Position[] =>
  Array.from({ length: CIRCLE_CORNERS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / CIRCLE_CORNERS;
    const degrees = radiusKmApprox / KM_A_DEGREE;
    const stretch = Math.cos((location[1] * Math.PI) / 180);
    return [
      location[0] + (degrees * Math.sin(angle)) / stretch,
      location[1] + degrees * Math.cos(angle),
    ];
  });
