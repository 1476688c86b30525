import type { Bilingual, LonLat } from '#platform/ui/web';

export type Grade = { readonly code: string; readonly name: Bilingual };

/** A point of a track, or a state between two. */
export type TyphoonState = {
  readonly at: string;
  readonly position: LonLat;
  readonly windMs?: number;
  readonly pressureHpa?: number;
  readonly grade?: Grade;
};

export type TyphoonSummary = {
  readonly sn: string;
  readonly name?: string;
  readonly season: number;
  readonly passage?: {
    readonly place: LonLat;
    readonly closest: { readonly at: string; readonly km: number; readonly position: LonLat };
  };
};

export type Typhoon = TyphoonSummary & { readonly track: readonly TyphoonState[] };

const RADIANS = Math.PI / 180;
const EARTH_KM = 6371.0088; // mean radius, IUGG

type Vector = readonly [number, number, number];

const vectorOf = ([lon, lat]: LonLat): Vector => [
  Math.cos(lat * RADIANS) * Math.cos(lon * RADIANS),
  Math.cos(lat * RADIANS) * Math.sin(lon * RADIANS),
  Math.sin(lat * RADIANS),
];
const angleBetween = (a: Vector, b: Vector): number => {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return Math.acos(Math.min(1, Math.max(-1, dot)));
};

/** Kilometres along the great circle. */
export const kmBetween = (a: LonLat, b: LonLat): number =>
  angleBetween(vectorOf(a), vectorOf(b)) * EARTH_KM;

/** The point a share of the way along the great circle. */
export const between = (a: LonLat, b: LonLat, share: number): LonLat => {
  const [from, to] = [vectorOf(a), vectorOf(b)];
  const angle = angleBetween(from, to);
  if (angle < 1e-9) return a;
  const [p, q] = [Math.sin((1 - share) * angle), Math.sin(share * angle)].map(
    (s) => s / Math.sin(angle),
  ) as [number, number];
  const [x, y, z] = [0, 1, 2].map((i) => p * from[i]! + q * to[i]!) as [number, number, number];
  return [Math.atan2(y, x) / RADIANS, Math.atan2(z, Math.hypot(x, y)) / RADIANS];
};

const mean = (a: number | undefined, b: number | undefined, share: number) =>
  a === undefined || b === undefined ? a : a + (b - a) * share;

/** Where the eye is at an instant: between two points along the great circle, wind and pressure in proportion. */
export function stateAt(track: readonly TyphoonState[], at: number): TyphoonState {
  const next = track.findIndex((point) => Date.parse(point.at) > at);
  const [a, b] = [track[next === -1 ? track.length - 1 : Math.max(0, next - 1)]!, track[next]];
  const start = Date.parse(a.at);
  if (!b || at <= start) return a;
  const share = (at - start) / (Date.parse(b.at) - start);
  const wind = mean(a.windMs, b.windMs, share);
  const pressure = mean(a.pressureHpa, b.pressureHpa, share);
  return {
    at: new Date(at).toISOString(),
    position: between(a.position, b.position, share),
    ...(wind === undefined ? {} : { windMs: wind }),
    ...(pressure === undefined ? {} : { pressureHpa: pressure }),
    ...(a.grade ? { grade: a.grade } : {}),
  };
}
