import type { Position } from 'geojson';
import { positionsOf } from '../../geo/box.ts';
import { metersBetween, nearestOf } from '../../geo/distance.ts';
import type { Geometry } from '../../geo/geometry.ts';
import { meet, sideOfPolygon, toEdges } from '../../geo/rings.ts';
import type { GeoQuestion } from '../../query/geo.ts';

/** Beyond so many pairs of positions a source is asked rather than its place computed. */
const PAIRS_MAX = 1_000_000;
/** What floating point leaves between things that touch. */
const TOUCH_METERS = 0.01;

const polygonsOf = (geometry: Geometry): readonly (readonly Position[][])[] => {
  if (geometry.type === 'Polygon') return [geometry.coordinates];
  return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
};

const linesOf = (geometry: Geometry): readonly (readonly Position[])[] => {
  if (geometry.type === 'LineString') return [geometry.coordinates];
  return geometry.type === 'MultiLineString' ? geometry.coordinates : polygonsOf(geometry).flat();
};

const covers = (geometry: Geometry, at: Position): boolean =>
  polygonsOf(geometry).some((polygon) => sideOfPolygon(at, polygon) >= 0);

const metersTo = (at: Position, geometry: Geometry): number => {
  if (covers(geometry, at)) return 0;
  const lines = linesOf(geometry);
  if (lines.length === 0)
    return Math.min(...positionsOf(geometry).map((other) => metersBetween(at, other)));
  let least = Infinity;
  for (const line of lines)
    for (let n = 1; n < line.length; n += 1)
      least = Math.min(least, metersBetween(at, nearestOf(at, line[n - 1]!, line[n]!)));
  return least;
};

const cross = (a: Geometry, b: Geometry): boolean => {
  const edges = toEdges(linesOf(b));
  return toEdges(linesOf(a)).some((edge) => edges.some((other) => meet(edge, other) !== 'none'));
};

const metersApart = (a: Geometry, b: Geometry): number =>
  cross(a, b)
    ? 0
    : Math.min(
        ...positionsOf(a).map((at) => metersTo(at, b)),
        ...positionsOf(b).map((at) => metersTo(at, a)),
      );

/**
 * Whether something in this place may answer the geo-query (clause 5.10.2.4): the place itself does, or things within
 * it possibly do.
 */
export const mayAnswer = (question: GeoQuestion, place: Geometry): boolean => {
  const { reference, relation } = question;
  if (positionsOf(place).length * positionsOf(reference).length > PAIRS_MAX) return true;
  if (relation === 'near')
    return question.bound === 'maxDistance'
      ? metersApart(place, reference) <= question.meters
      : positionsOf(place).some((at) => metersTo(at, reference) > question.meters);
  // Apart from the reference is what has a part outside of it.
  if (relation === 'disjoint')
    return (
      positionsOf(place).some((at) => metersTo(at, reference) > TOUCH_METERS) ||
      (polygonsOf(place).length > 0 && polygonsOf(reference).length === 0)
    );
  return metersApart(place, reference) <= TOUCH_METERS;
};
