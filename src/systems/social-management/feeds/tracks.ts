import type { Place } from '../typhoon/sphere.ts';
import type { Track, TrackPoint } from '../typhoon/track.ts';

/** One row of a best-track table, read: to which cyclone it belongs and what it tells, or why it cannot be used. */
export type TrackRow =
  | { readonly sn: string; readonly name?: string | undefined; readonly point: TrackPoint }
  | { readonly refused: string };

/** What came out of a table: a whole track, or a row that cannot be used. */
export type TrackOrFault = { readonly track: Track } | { readonly refused: string };

/** Longest track taken: JTWC's longest has 145 points; this lets no wrong file pile up memory. */
const POINTS_MAX = 256;

const NUMBER = /^-?\d+(?:\.\d+)?$/;

export const numberIn = (
  text: string | undefined,
  min: number,
  max: number,
): number | undefined => {
  if (text === undefined || !NUMBER.test(text.trim())) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
};

/**
 * Knots to m/s, to the one decimal that the grades of GB/T 19201 are written in. A knot is 1852/3600 m/s; tenths are computed
 * from whole numbers so that 45 kn, 23.15 m/s, is not rounded down by a binary fraction.
 */
export const knotsToMs = (knots: number): number => Math.round((knots * 1852) / 360) / 10;

/** UTC from whole numbers; undefined on a day that no calendar has. */
export const utcHour = (
  year: number,
  month: number,
  day: number,
  hour: number,
): string | undefined => {
  const at = new Date(Date.UTC(year, month - 1, day, hour));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24
    ? at.toISOString()
    : undefined;
};

export const placeIn = (lon: string | undefined, lat: string | undefined): Place | undefined => {
  const [x, y] = [numberIn(lon, -180, 360), numberIn(lat, -90, 90)];
  return x === undefined || y === undefined ? undefined : [x > 180 ? x - 360 : x, y];
};

/** Gathers the rows of one cyclone, which stand together, into its track, in order of time and each instant once. */
export async function* gatherTracks(rows: AsyncIterable<TrackRow>): AsyncGenerator<TrackOrFault> {
  let current:
    | { sn: string; name?: string | undefined; points: Map<string, TrackPoint> }
    | undefined;
  const finish = ({ sn, name, points }: NonNullable<typeof current>): TrackOrFault => ({
    track: { sn, name, points: [...points.values()].sort((a, b) => (a.at < b.at ? -1 : 1)) },
  });
  for await (const row of rows) {
    if ('refused' in row) {
      yield row;
      continue;
    }
    if (current && current.sn !== row.sn) {
      yield finish(current);
      current = undefined;
    }
    current ??= { sn: row.sn, name: row.name, points: new Map() };
    if (current.points.size < POINTS_MAX) current.points.set(row.point.at, row.point);
    else yield { refused: `${row.sn} has more than ${POINTS_MAX} points` };
  }
  if (current) yield finish(current);
}
