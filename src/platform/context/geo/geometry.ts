import type { GeometryCollection, Geometry as AnyGeometry, Position } from 'geojson';
import { Refusal } from '#kernel/errors';
import { survey } from './rings.ts';

/** A district's outline has some thousands; a coastline in full detail belongs in a map layer, not in an entity. */
export const POSITIONS_MAX = 10_000;
const RING_POSITIONS_MIN = 4;

/** Every geometry of RFC 7946 except GeometryCollection: GS CIM 009 V1.9.1, clause 4.7.1. */
export type Geometry = Exclude<AnyGeometry, GeometryCollection>;

type Count = { left: number };

const refuse = (at: string, why: string): never => {
  throw new Refusal('invalid', `${at} ${why}`, { at });
};

const listAt = (json: unknown, at: string, min: number, of: string): readonly unknown[] => {
  if (!Array.isArray(json)) return refuse(at, `must be an array of ${of}.`);
  if (json.length < min)
    return refuse(at, `must have at least ${min} ${of}, and has ${json.length}.`);
  return json;
};

const inRange = (json: unknown, limit: number, at: string, what: string): void => {
  if (typeof json !== 'number' || !Number.isFinite(json))
    refuse(at, `must be a finite number (${what}).`);
  else if (Math.abs(json) > limit)
    refuse(at, `is ${json}, and a ${what} lies between -${limit} and ${limit}.`);
};

const checkPosition = (json: unknown, at: string, count: Count): void => {
  if (--count.left < 0)
    refuse(at, `is beyond the limit of ${POSITIONS_MAX} positions in one geometry.`);
  const [longitude, latitude, altitude, ...rest] = listAt(json, at, 2, 'numbers');
  inRange(longitude, 180, `${at}[0]`, 'longitude');
  inRange(latitude, 90, `${at}[1]`, 'latitude');
  if (altitude !== undefined) inRange(altitude, Number.MAX_VALUE, `${at}[2]`, 'altitude');
  if (rest.length > 0) refuse(at, 'has more than three numbers.');
};

const checkEach =
  (min: number, of: string, check: (json: unknown, at: string, count: Count) => void) =>
  (json: unknown, at: string, count: Count): void =>
    listAt(json, at, min, of).forEach((item, n) => check(item, `${at}[${n}]`, count));

const same = (a: Position, b: Position): boolean => a.every((number, n) => number === b[n]);

const checkRing = (json: unknown, at: string, count: Count): void => {
  checkEach(RING_POSITIONS_MIN, 'positions', checkPosition)(json, at, count);
  const ring = json as Position[];
  if (!same(ring[0]!, ring.at(-1)!))
    refuse(at, 'is not closed: its first and last positions differ.');
};

const checkLine = checkEach(2, 'positions', checkPosition);
const checkRings = checkEach(1, 'rings', checkRing);

const checkLineLength = (json: unknown, at: string, count: Count): void => {
  checkLine(json, at, count);
  const line = json as Position[];
  if (line.every(([x, y]) => x === line[0]![0] && y === line[0]![1]))
    refuse(at, 'is a line of no length.');
};

/** The coordinates of areas whose rings cross themselves, of those that were checked. */
const crossing = new WeakSet<object>();

/** Whether a ring of a checked geometry crosses itself. */
export const crossesItself = ({ coordinates }: Geometry): boolean => crossing.has(coordinates);

const checkArea = (polygons: readonly Position[][][], at: string, coordinates: object): void => {
  const { fault, crossesItself: crosses } = survey(polygons);
  if (fault) refuse(at, `encloses no proper area: ${fault}`);
  if (crosses) crossing.add(coordinates);
};

const checkPolygon = (json: unknown, at: string, count: Count): void => {
  checkRings(json, at, count);
  checkArea([json as Position[][]], at, json as Position[][]);
};

const checkPolygons = (json: unknown, at: string, count: Count): void => {
  checkEach(1, 'polygons', checkRings)(json, at, count);
  checkArea(json as Position[][][], at, json as Position[][][]);
};

type Check = (json: unknown, at: string, count: Count) => void;

const CHECKS: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
  ['Point', checkPosition],
  ['MultiPoint', checkEach(1, 'positions', checkPosition)],
  ['LineString', checkLineLength],
  ['MultiLineString', checkEach(1, 'lines', checkLineLength)],
  ['Polygon', checkPolygon],
  ['MultiPolygon', checkPolygons],
]);

/**
 * A GeoJSON geometry (RFC 7946, 3.1): WGS 84 longitude and latitude in degrees, an altitude is let through. Rings are
 * closed, do not cross each other and hold their holes. One may cross itself, as those that are drawn by hand do; what
 * asks of such an area mends it first, as no engine may meet one on which its predicates fail.
 * Throws Refusal('invalid') naming the place and the fault.
 */
export const checkGeometry = (json: unknown): Geometry => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return refuse('geometry', 'must be a GeoJSON geometry object.');
  const { type, coordinates } = json as Record<string, unknown>;
  const check = CHECKS.get(type);
  if (!check)
    return refuse('type', `must be one of ${[...CHECKS.keys()].join(', ')} (clause 4.7.1).`);
  check(coordinates, 'coordinates', { left: POSITIONS_MAX });
  return json as Geometry;
};
