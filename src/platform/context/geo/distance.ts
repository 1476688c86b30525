import type { Position } from 'geojson';

// WGS 84
const EQUATOR_METERS = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const RADIAN = Math.PI / 180;

/**
 * Meters between two positions on the ellipsoid, by Lambert's formula for long lines (W. D. Lambert, J. Wash. Acad.
 * Sci. 32, 1942): within about ten meters over thousands of kilometers, within millimeters over a city.
 */
export const metersBetween = ([lon1, lat1]: Position, [lon2, lat2]: Position): number => {
  const reduce = (latitude: number) => Math.atan((1 - FLATTENING) * Math.tan(latitude * RADIAN));
  const [b1, b2] = [reduce(lat1!), reduce(lat2!)];
  const halfLat = Math.sin((b2 - b1) / 2);
  const halfLon = Math.sin(((lon2! - lon1!) * RADIAN) / 2);
  const chord = Math.min(1, halfLat ** 2 + Math.cos(b1) * Math.cos(b2) * halfLon ** 2);
  const angle = 2 * Math.asin(Math.sqrt(chord));
  if (angle === 0) return 0;
  const p = (b1 + b2) / 2;
  const q = (b2 - b1) / 2;
  const cos2 = Math.cos(angle / 2) ** 2;
  const sin2 = Math.sin(angle / 2) ** 2;
  const x =
    cos2 === 0 ? 0 : (angle - Math.sin(angle)) * ((Math.sin(p) ** 2 * Math.cos(q) ** 2) / cos2);
  const y = (angle + Math.sin(angle)) * ((Math.cos(p) ** 2 * Math.sin(q) ** 2) / sin2);
  return EQUATOR_METERS * (angle - (FLATTENING / 2) * (x + y));
};

/** The position of a segment that lies nearest to another position, in the plane around the latter. */
export const nearestOf = (at: Position, a: Position, b: Position): Position => {
  const scale = Math.cos(at[1]! * RADIAN);
  const [dx, dy] = [(b[0]! - a[0]!) * scale, b[1]! - a[1]!];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((at[0]! - a[0]!) * scale * dx + (at[1]! - a[1]!) * dy) / length;
  const t = Math.max(0, Math.min(1, along));
  return [a[0]! + (b[0]! - a[0]!) * t, a[1]! + (b[1]! - a[1]!) * t];
};
