import type { Sentence } from './sentence.ts';

/** Where a GPS receiver is: own ship, or a tracker that speaks NMEA 0183. Knots and degrees. */
export type Fix = {
  /** ms since 1970. */
  readonly at: number;
  readonly position: readonly [lon: number, lat: number];
  readonly speed?: number | undefined;
  readonly course?: number | undefined;
};

const TIME = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)(?:\.(\d{1,9}))?$/;
const DATE = /^(\d{2})(\d{2})(\d{2})$/;
const NUMBER = /^\d+(?:\.\d+)?$/;

const readInstant = (time: string, date: string): number | undefined => {
  const [t, d] = [TIME.exec(time), DATE.exec(date)];
  if (!t || !d) return undefined;
  const [day, month, yy] = [Number(d[1]), Number(d[2]), Number(d[3])];
  const year = yy < 80 ? 2000 + yy : 1900 + yy; // GPS time begins in 1980
  const at = Date.UTC(year, month - 1, day, Number(t[1]), Number(t[2]), Number(t[3]));
  if (new Date(at).getUTCDate() !== day || new Date(at).getUTCMonth() !== month - 1)
    return undefined;
  return at + Math.round(Number(`0.${t[4] ?? 0}`) * 1000);
};

/** `(d)ddmm.mmm` and a hemisphere, as degrees. */
const readAngle = (
  text: string,
  hemisphere: string,
  positive: string,
  negative: string,
): number | undefined => {
  if (!NUMBER.test(text) || (hemisphere !== positive && hemisphere !== negative)) return undefined;
  const degrees = Math.trunc(Number(text) / 100);
  const minutes = Number(text) - degrees * 100;
  if (minutes >= 60) return undefined;
  return Number(((hemisphere === negative ? -1 : 1) * (degrees + minutes / 60)).toFixed(7));
};

const readNumber = (text: string | undefined): number | undefined =>
  text !== undefined && NUMBER.test(text) ? Number(text) : undefined;

/** Recommended minimum data (NMEA 0183 RMC). Undefined where the receiver warns or a field is wrong. */
export const readFix = (sentence: Sentence): Fix | undefined => {
  const [time = '', status, lat = '', ns = '', lon = '', ew = '', speed, course, date = ''] =
    sentence.fields;
  const at = readInstant(time, date);
  const [y, x] = [readAngle(lat, ns, 'N', 'S'), readAngle(lon, ew, 'E', 'W')];
  if (status !== 'A' || at === undefined || y === undefined || x === undefined) return undefined;
  if (Math.abs(y) > 90 || Math.abs(x) > 180) return undefined;
  return { at, position: [x, y], speed: readNumber(speed), course: readNumber(course) };
};
