/** Longitude and latitude in degrees. */
export type Place = readonly [lon: number, lat: number];
type Vector = readonly [number, number, number];

/** Mean radius of the Earth in km (IUGG). On this sphere a distance is right within 0.5 %. */
const EARTH_KM = 6371.0088;

const toRadians = (degrees: number) => (degrees * Math.PI) / 180;
const toDegrees = (radians: number) => (radians * 180) / Math.PI;

const toVector = ([lon, lat]: Place): Vector => {
  const [l, p] = [toRadians(lon), toRadians(lat)];
  return [Math.cos(p) * Math.cos(l), Math.cos(p) * Math.sin(l), Math.sin(p)];
};
const toPlace = ([x, y, z]: Vector): Place => [
  toDegrees(Math.atan2(y, x)),
  toDegrees(Math.atan2(z, Math.hypot(x, y))),
];

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const size = (v: Vector) => Math.hypot(v[0], v[1], v[2]);
const angle = (a: Vector, b: Vector) => Math.atan2(size(cross(a, b)), dot(a, b));

/** Great-circle distance in km. */
export const distanceKm = (a: Place, b: Place): number =>
  EARTH_KM * angle(toVector(a), toVector(b));

/** The place a fraction (0 to 1) of the way along the great circle from a to b. Shorter than half round the Earth. */
export const along = (a: Place, b: Place, fraction: number): Place => {
  const [u, v] = [toVector(a), toVector(b)];
  const whole = angle(u, v);
  if (whole < 1e-12) return a;
  const [p, q] = [Math.sin((1 - fraction) * whole), Math.sin(fraction * whole)];
  return toPlace([p * u[0] + q * v[0], p * u[1] + q * v[1], p * u[2] + q * v[2]]);
};

/** How far along the great circle from a to b (0 to 1) one is nearest to a place. */
export const nearestFraction = (a: Place, b: Place, place: Place): number => {
  const [u, v, w] = [toVector(a), toVector(b), toVector(place)];
  const whole = angle(u, v);
  if (whole < 1e-12) return 0;
  const pole = cross(u, v);
  const foot = cross(cross(pole, w), pole); // the place, dropped onto the plane of the circle
  const sinceStart = Math.atan2(dot(cross(u, foot), pole) / size(pole), dot(u, foot));
  if (sinceStart >= 0 && sinceStart <= whole) return sinceStart / whole;
  return angle(u, w) <= angle(v, w) ? 0 : 1;
};
