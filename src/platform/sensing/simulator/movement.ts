import type { Route } from '#platform/registers';
import type { Motion } from './behaviours.ts';

type Position = readonly [lon: number, lat: number];

const KM_PER_DEGREE = 111.195; // of a sphere with a radius of 6,371 km
const rad = (degrees: number) => (degrees * Math.PI) / 180;

/** On the few kilometres between two points the earth is flat. */
const vector = (a: Position, b: Position) => {
  const east = (b[0] - a[0]) * KM_PER_DEGREE * Math.cos(rad((a[1] + b[1]) / 2));
  const north = (b[1] - a[1]) * KM_PER_DEGREE;
  return {
    km: Math.hypot(east, north),
    heading: ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360,
  };
};

type Leg = {
  readonly from: Position;
  readonly to: Position;
  readonly heading: number;
  readonly seconds: number;
};

/**
 * Where a thing on a route is at any moment: it goes at its speed, waits at each point, and at the end turns back or goes
 * round. Follows from the clock alone, so that a restart does not make it jump.
 */
export const openMovement = (
  { points, turn, dwellSeconds }: Route,
  speedKmh: number,
  start: number,
) => {
  const way: readonly Position[] =
    turn === 'loop' ? [...points, points[0]!] : [...points, ...points.slice(0, -1).toReversed()];
  const legs: Leg[] = way.slice(1).map((to, i) => {
    const from = way[i]!;
    const { km, heading } = vector(from, to);
    return { from, to, heading, seconds: (km / speedKmh) * 3600 };
  });
  const roundSeconds = legs.reduce((sum, leg) => sum + dwellSeconds + leg.seconds, 0);

  return (ms: number): Motion & { position: [number, number] } => {
    let left = (ms / 1000 + start * roundSeconds) % roundSeconds;
    for (const { from, to, heading, seconds } of legs) {
      if (left < dwellSeconds) return { position: [...from], speedKmh: 0, heading };
      left -= dwellSeconds;
      if (left < seconds) {
        const share = left / seconds;
        const between = (i: 0 | 1) => Number((from[i] + (to[i] - from[i]) * share).toFixed(6));
        return { position: [between(0), between(1)], speedKmh, heading };
      }
      left -= seconds;
    }
    return { position: [...way[0]!], speedKmh: 0, heading: legs[0]?.heading ?? 0 };
  };
};
