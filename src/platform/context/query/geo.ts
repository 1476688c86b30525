import { Refusal } from '#kernel/errors';
import { checkGeometry, type Geometry } from '../geo/geometry.ts';

const RELATIONS = ['within', 'contains', 'overlaps', 'intersects', 'equals', 'disjoint'] as const;
/** Half the way around the earth: farther away nothing is. */
const DISTANCE_METERS_MAX = 20_037_509;
const COORDINATES_CHARACTERS_MAX = 200_000;
const NEAR = /^near;(maxDistance|minDistance)==(.*)$/;
const POSITIVE = /^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/; // RFC 8259, section 6, without a minus

export type GeoQuestion = {
  /** Full name (IRI) of the GeoProperty that is asked about. */
  readonly property: string;
  readonly reference: Geometry;
} & (
  | {
      readonly relation: 'near';
      readonly bound: 'maxDistance' | 'minDistance';
      readonly meters: number;
    }
  | { readonly relation: (typeof RELATIONS)[number] }
);

const refuse = (why: string): never => {
  throw new Refusal('invalid', `${why} (clause 4.10).`);
};

const parseRelation = (georel: string) => {
  const relation = RELATIONS.find((name) => name === georel);
  if (relation) return { relation } as const;
  const [, bound, number = ''] = NEAR.exec(georel) ?? [];
  if (!bound)
    return refuse(
      `georel is near;maxDistance==meters, near;minDistance==meters or one of ${RELATIONS.join(', ')}`,
    );
  const meters = Number(number);
  if (!POSITIVE.test(number) || meters <= 0 || meters > DISTANCE_METERS_MAX)
    return refuse(`A distance is a number of meters above 0, at most ${DISTANCE_METERS_MAX}`);
  return { relation: 'near', bound: bound as 'maxDistance' | 'minDistance', meters } as const;
};

/** A geometry as two parameters give it: its type, and its coordinates as JSON (text, or already read). */
export const parseGeometry = (type: string, coordinates: unknown): Geometry => {
  if (typeof coordinates !== 'string') return checkGeometry({ type, coordinates });
  if (coordinates.length > COORDINATES_CHARACTERS_MAX)
    return refuse(`coordinates are longer than ${COORDINATES_CHARACTERS_MAX} characters`);
  let json: unknown;
  try {
    json = JSON.parse(coordinates);
  } catch {
    return refuse('coordinates are no JSON array');
  }
  return checkGeometry({ type, coordinates: json });
};

type Parameters = {
  readonly georel?: string | undefined;
  readonly geometry?: string | undefined;
  readonly coordinates?: unknown;
  readonly geoproperty?: string | undefined;
};

/** The geo-query of these parameters, undefined where there is none. Throws Refusal('invalid'). */
export const parseGeoQuestion = (
  { georel, geometry, coordinates, geoproperty = 'location' }: Parameters,
  expand: (short: string) => string,
): GeoQuestion | undefined => {
  if (georel === undefined && geometry === undefined && coordinates === undefined) return undefined;
  if (georel === undefined || geometry === undefined || coordinates === undefined)
    return refuse('georel, geometry and coordinates come together');
  return {
    ...parseRelation(georel),
    property: expand(geoproperty),
    reference: parseGeometry(geometry, coordinates),
  };
};
