import { type Box, boxesAround } from '../geo/box.ts';
import { toEwkb } from '../geo/ewkb.ts';
import { crossesItself, type Geometry } from '../geo/geometry.ts';
import { LOCATION } from '../store/rows.ts';
import type { Bind } from './bind.ts';
import type { GeoQuestion } from './geo.ts';

const PREDICATE = {
  within: 'ST_Within',
  contains: 'ST_Contains',
  overlaps: 'ST_Overlaps',
  intersects: 'ST_Intersects',
  equals: 'ST_Equals',
} as const;

const mended = (area: string): string => `ST_CollectionExtract(ST_MakeValid(${area}), 3)`;

/** What stands in the column: an area that crosses itself is in a collection there. */
export const inColumn = (column: string): string =>
  `case when GeometryType(${column}) = 'GEOMETRYCOLLECTION' then ${mended(column)} else ${column} end`;

/** In a query of its own a geometry is mended once, not for each row. */
export const geometrySql = (geometry: Geometry, bind: Bind): string => {
  const given = `${bind(toEwkb(geometry))}::geometry`;
  return crossesItself(geometry) ? `(select ${mended(given)})` : given;
};

const boxSql = ({ west, south, east, north }: Box, bind: Bind): string =>
  `ST_MakeEnvelope(${bind(west)}::float8, ${bind(south)}::float8, ${bind(east)}::float8, ${bind(north)}::float8, 4326)`;

/** `target` is what the index knows, `area` what is asked of. */
const relate = (target: string, area: string, question: GeoQuestion, bind: Bind): string => {
  const reference = geometrySql(question.reference, bind);
  if (question.relation === 'disjoint') return `ST_Disjoint(${area}, ${reference})`;
  if (question.relation !== 'near')
    return `(${target} && ${reference} and ${PREDICATE[question.relation]}(${area}, ${reference}))`;
  const isNear = `ST_DWithin((${area})::geography, ${reference}::geography, ${bind(question.meters)}::float8)`;
  // minDistance asks for what is disjoint with the buffer: its edge belongs to the buffer.
  if (question.bound === 'minDistance') return `not ${isNear}`;
  return `${aroundSql(target, question, bind)} and ${isNear}`;
};

type Around = { readonly reference: Geometry; readonly meters: number };

/** What lies in the boxes around all that is near: more than that, but an index knows it. */
const aroundSql = (target: string, { reference, meters }: Around, bind: Bind): string =>
  `(${boxesAround(reference, meters)
    .map((box) => `${target} && ${boxSql(box, bind)}`)
    .join(' or ')})`;

/** The same of the location, where a question is what is within a distance of at most `metersMax`; else undefined. */
export const nearbyToSql = (
  question: GeoQuestion,
  metersMax: number,
  bind: Bind,
  alias = 'e',
): string | undefined =>
  question.property === LOCATION &&
  question.relation === 'near' &&
  question.bound === 'maxDistance' &&
  question.meters <= metersMax
    ? aroundSql(`${alias}.location`, question, bind)
    : undefined;

/** The geometries of a further GeoProperty, read from the attributes; they were checked when they were written. */
const geometriesOf = (property: string, bind: Bind, alias: string): string => {
  const path = `$.${JSON.stringify(property)}[*] ? (@.type == "GeoProperty").value`;
  const given = 'ST_SetSRID(ST_GeomFromGeoJSON(j::text), 4326)';
  return `(select case when ST_Dimension(${given}) < 2 then ${given} else ${mended(given)} end as g
    from jsonb_path_query(${alias}.attributes, ${bind(path)}::jsonpath, '{}', true) as j) as x`;
};

/**
 * A geo-query (clause 4.10) as SQL over a table alias: predicates in the plane of longitude and latitude as RFC 7946
 * has it, distances on the ellipsoid. Of a further GeoProperty any instance may match (clause 5.7.2.4); of the location
 * it is the first, which the column `location` holds and its index finds.
 */
export const geoToSql = (
  question: GeoQuestion,
  bind: Bind,
  alias = 'e',
  place: 'column' | 'attributes' = 'column',
): string =>
  question.property === LOCATION && place === 'column'
    ? relate(`${alias}.location`, inColumn(`${alias}.location`), question, bind)
    : `exists (select 1 from ${geometriesOf(question.property, bind, alias)} where ${relate('x.g', 'x.g', question, bind)})`;
