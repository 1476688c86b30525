import type { Position } from 'geojson';
import { Refusal } from '#kernel/errors';
import { positionsOf } from '../geo/box.ts';
import { metersBetween, nearestOf } from '../geo/distance.ts';
import type { Geometry } from '../geo/geometry.ts';
import { meet, sideOfPolygon, toEdges } from '../geo/rings.ts';
import type { Entity } from '../model.ts';
import type { GeoQuestion } from './geo.ts';

type Polygon = readonly Position[][];

const polygonsOf = (geometry: Geometry): readonly Polygon[] =>
  geometry.type === 'Polygon'
    ? [geometry.coordinates]
    : geometry.type === 'MultiPolygon'
      ? geometry.coordinates
      : [];

const linesOf = (geometry: Geometry): readonly (readonly Position[])[] => {
  if (geometry.type === 'LineString') return [geometry.coordinates];
  return geometry.type === 'MultiLineString' ? geometry.coordinates : polygonsOf(geometry).flat();
};

const isPoints = (geometry: Geometry): boolean =>
  geometry.type === 'Point' || geometry.type === 'MultiPoint';

/** Meters from a position to the nearest of a geometry; 0 within a polygon. */
const metersTo = (at: Position, geometry: Geometry): number => {
  if (polygonsOf(geometry).some((polygon) => sideOfPolygon(at, polygon) >= 0)) return 0;
  let least = Infinity;
  if (isPoints(geometry))
    for (const position of positionsOf(geometry))
      least = Math.min(least, metersBetween(at, position));
  for (const line of linesOf(geometry))
    for (let n = 1; n < line.length; n += 1)
      least = Math.min(least, metersBetween(at, nearestOf(at, line[n - 1]!, line[n]!)));
  return least;
};

/** 1 within, 0 on an edge, -1 outside of all. */
const sideOfAny = (at: Position, polygons: readonly Polygon[]): number =>
  Math.max(-1, ...polygons.map((polygon) => sideOfPolygon(at, polygon)));

/** What a geometry is tested by: its positions and the middles of its edges. */
const probesOf = (geometry: Geometry): readonly Position[] => [
  ...positionsOf(geometry),
  ...toEdges(linesOf(geometry)).map(({ left, right }) => [
    (left[0]! + right[0]!) / 2,
    (left[1]! + right[1]!) / 2,
  ]),
];

const isWithin = (target: Geometry, reference: Geometry): boolean => {
  const polygons = polygonsOf(reference);
  const sides = probesOf(target).map((at) => sideOfAny(at, polygons));
  if (sides.some((side) => side < 0)) return false;
  const edges = toEdges(polygons.flat());
  const crosses = toEdges(linesOf(target)).some((edge) =>
    edges.some((other) => meet(edge, other) === 'crossing'),
  );
  if (crosses) return false;
  const areas = polygonsOf(target);
  const holes = polygons.flatMap(([, ...rings]) => rings);
  if (areas.length > 0) return !holes.some((hole) => hole.some((at) => sideOfAny(at, areas) > 0));
  return sides.some((side) => side > 0); // the interiors meet (OGC 06-103r4)
};

const isMeeting = (target: Geometry, reference: Geometry): boolean => {
  const polygons = polygonsOf(reference);
  if (positionsOf(target).some((at) => sideOfAny(at, polygons) >= 0)) return true;
  const edges = toEdges(polygons.flat());
  if (toEdges(linesOf(target)).some((edge) => edges.some((other) => meet(edge, other) !== 'none')))
    return true;
  const areas = polygonsOf(target);
  return areas.length > 0 && positionsOf(reference).some((at) => sideOfAny(at, areas) >= 0);
};

const meets = (target: Geometry, question: GeoQuestion): boolean => {
  const { reference, relation } = question;
  if (relation === 'near') {
    const meters = Math.min(...positionsOf(reference).map((at) => metersTo(at, target)));
    return question.bound === 'maxDistance' ? meters <= question.meters : meters > question.meters;
  }
  if (relation === 'within') return isWithin(target, reference);
  return isMeeting(target, reference) === (relation === 'intersects');
};

/**
 * Refuses what `matchesGeo` cannot answer without the database: near from other than points; contains, overlaps and
 * equals; within, intersects and disjoint with other than polygons. Throws Refusal('not-implemented').
 */
export const checkMatchable = ({ relation, reference }: GeoQuestion): void => {
  const can =
    relation === 'near'
      ? isPoints(reference)
      : ['within', 'intersects', 'disjoint'].includes(relation) && polygonsOf(reference).length > 0;
  if (!can)
    throw new Refusal(
      'not-implemented',
      `Changes cannot be watched by ${relation} with a ${reference.type} yet: near takes points; within, intersects and disjoint take polygons.`,
    );
};

/**
 * Whether an entity answers a geo-query that `checkMatchable` lets through: what `geoToSql` asks of the database, for
 * one entity at hand.
 */
export const matchesGeo = (question: GeoQuestion, entity: Entity): boolean => {
  const instances = entity.attributes[question.property] ?? [];
  return instances.some(
    (instance) => instance.type === 'GeoProperty' && meets(instance.value as Geometry, question),
  );
};
