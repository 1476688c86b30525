import { along, distanceKm, nearestFraction, type Place } from './sphere.ts';

/** How far winds of at least this speed reach, in km by quadrant. An absent quadrant has none, or it is not known. */
export type WindRadii = {
  readonly windMs: number;
  readonly ne?: number | undefined;
  readonly se?: number | undefined;
  readonly sw?: number | undefined;
  readonly nw?: number | undefined;
};

export type TrackPoint = {
  /** UTC. */
  readonly at: string;
  readonly position: Place;
  /** Greatest mean wind near the centre, m/s. */
  readonly windMs?: number | undefined;
  /** Pressure at the centre, hPa. */
  readonly pressureHpa?: number | undefined;
  readonly radii?: readonly WindRadii[] | undefined;
};

/** The course of one tropical cyclone, in order of time. */
export type Track = {
  /** Season and number in it: 202109 is the ninth of 2021. */
  readonly sn: string;
  readonly name?: string | undefined;
  readonly points: readonly TrackPoint[];
};

/** Points come every six hours; across a longer gap than two of these nothing is known. */
const GAP_MS_MAX = 12 * 3_600_000;

export type State = {
  readonly at: string;
  readonly position: Place;
  readonly windMs?: number | undefined;
  readonly pressureHpa?: number | undefined;
};

const between = (
  a: number | undefined,
  b: number | undefined,
  fraction: number,
): number | undefined =>
  a === undefined || b === undefined ? undefined : Number((a + (b - a) * fraction).toFixed(1));

const stateBetween = (a: TrackPoint, b: TrackPoint, fraction: number): State => {
  const [from, to] = [Date.parse(a.at), Date.parse(b.at)];
  const [lon, lat] = along(a.position, b.position, fraction);
  return {
    at: new Date(Math.round(from + (to - from) * fraction)).toISOString(),
    position: [Number(lon.toFixed(4)), Number(lat.toFixed(4))],
    windMs: between(a.windMs, b.windMs, fraction),
    pressureHpa: between(a.pressureHpa, b.pressureHpa, fraction),
  };
};

const isGap = (a: TrackPoint, b: TrackPoint) => Date.parse(b.at) - Date.parse(a.at) > GAP_MS_MAX;

/**
 * Where the cyclone was at an instant (ms) and how strong, between two points along the great circle at even speed.
 * Undefined before, after and across gaps.
 */
export const stateAt = (points: readonly TrackPoint[], at: number): State | undefined => {
  const next = points.findIndex((point) => Date.parse(point.at) >= at);
  const b = points[next];
  if (!b) return undefined;
  const to = Date.parse(b.at);
  if (to === at) return stateBetween(b, b, 0);
  const a = points[next - 1];
  if (!a || isGap(a, b)) return undefined;
  const from = Date.parse(a.at);
  return stateBetween(a, b, (at - from) / (to - from));
};

export type Passage = {
  /** The nearest of the points of the track. */
  readonly nearestPoint: { readonly at: string; readonly km: number; readonly position: Place };
  /** The nearest the cyclone came, between points included. */
  readonly closest: State & { readonly km: number };
};

/**
 * How near a track came to a place: by its points alone, and along the great circles between them. Distances in km to one
 * decimal. Undefined for a track without points.
 */
export const passage = (points: readonly TrackPoint[], place: Place): Passage | undefined => {
  let nearest: { point: TrackPoint; km: number } | undefined;
  let closest: { a: TrackPoint; b: TrackPoint; fraction: number; km: number } | undefined;
  for (const [i, b] of points.entries()) {
    const km = distanceKm(b.position, place);
    if (!nearest || km < nearest.km) nearest = { point: b, km };
    const before = points[i - 1];
    const a = before && !isGap(before, b) ? before : b;
    const fraction = nearestFraction(a.position, b.position, place);
    const away = distanceKm(along(a.position, b.position, fraction), place);
    if (!closest || away < closest.km) closest = { a, b, fraction, km: away };
  }
  if (!nearest || !closest) return undefined;
  const { point } = nearest;
  return {
    nearestPoint: { at: point.at, km: Number(nearest.km.toFixed(1)), position: point.position },
    closest: {
      ...stateBetween(closest.a, closest.b, closest.fraction),
      km: Number(closest.km.toFixed(1)),
    },
  };
};
