import type { Place } from './sphere.ts';

/** Degrees; west is never east of east. */
export type Box = {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
};

const WHOLE_ROUND = { west: -180, east: 180 } as const;

/** Shorter than a degree of latitude anywhere on the sphere that distances are measured on (111.19 km). */
const DEGREE_KM = 111;

/** A great circle between two points of a track bulges out of their box by less than this. */
const BULGE_DEGREES = 1;

/** The box of a track. One that crosses the date line has the whole round of longitudes. */
export const boxOf = (places: readonly Place[]): Box => {
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
  const crosses = lons.some((lon, i) => i > 0 && Math.abs(lon - lons[i - 1]!) > 180);
  return {
    ...(crosses ? WHOLE_ROUND : { west: Math.min(...lons), east: Math.max(...lons) }),
    south: Math.min(...lats),
    north: Math.max(...lats),
  };
};

/** A box that holds every track, by its own box, that comes within so many km of a place. It may hold others too. */
export const boxAround = ([lon, lat]: Place, km: number): Box => {
  const high = km / DEGREE_KM + BULGE_DEGREES;
  const [south, north] = [lat - high, lat + high];
  const poleward = Math.max(Math.abs(south), Math.abs(north));
  const wide = poleward >= 89 ? 360 : high / Math.cos((poleward * Math.PI) / 180);
  const [west, east] = [lon - wide, lon + wide];
  return west < -180 || east > 180
    ? { south, north, ...WHOLE_ROUND }
    : { south, north, west, east };
};
