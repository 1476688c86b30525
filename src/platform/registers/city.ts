import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Every visible text exists in both languages. */
export const WordsSchema = Type.Object(
  { zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  closed,
);

/** ISO 8601 date, of reduced precision where no more is known: `2019`, `2016-09`, `2016-09-14`. */
export const DatePattern = Type.String({ pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$' });
export const DaySchema = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const SlugSchema = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });
export const ClauseSchema = Type.String({ pattern: '^([A-Z]\\d+(\\.\\d+)?[a-z]?|T-\\d+)$' });

/** Longitude, latitude in degrees, WGS 84. */
export const PositionSchema = Type.Tuple([
  Type.Number({ minimum: -180, maximum: 180 }),
  Type.Number({ minimum: -90, maximum: 90 }),
]);

/** In force from `validFrom` on and before `validTo`; an absent end is open. */
const validity = {
  validFrom: Type.Optional(DatePattern),
  validTo: Type.Optional(DatePattern),
};

export const CitySchema = Type.Object(
  {
    id: SlugSchema,
    name: WordsSchema,
    timeZone: Type.String({ minLength: 1 }),
    code: Type.String({ pattern: '^\\d{6}$' }),
    centre: PositionSchema,
    /** West, south, east, north. */
    bounds: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()]),
    defaultZoom: Type.Number({ minimum: 0, maximum: 24 }),
    /** A style, XYZ or PMTiles address; null draws the outline alone. */
    baseMap: Type.Union([Type.Null(), Type.String({ minLength: 1 })]),
    /** Where the outline is: a file of an installed package, in ECharts' compressed GeoJSON. */
    outline: Type.Object(
      {
        package: Type.String({ minLength: 1 }),
        file: Type.String({ minLength: 1 }),
        datum: Type.Union([Type.Literal('wgs84'), Type.Literal('gcj02')]),
        licence: Type.String({ minLength: 1 }),
        accuracyMetresApprox: Type.Number({ minimum: 0 }),
        /** The feature that is the city; the others are its surroundings. */
        feature: Type.String({ minLength: 1 }),
        surroundings: Type.Record(Type.String(), WordsSchema),
      },
      closed,
    ),
  },
  closed,
);
export type City = Static<typeof CitySchema>;

export const DistrictSchema = Type.Object(
  {
    id: SlugSchema,
    /** GB/T 2260. */
    code: Type.String({ pattern: '^\\d{6}$' }),
    kind: Type.Union([
      Type.Literal('district'),
      Type.Literal('county-level-city'),
      Type.Literal('county'),
    ]),
    name: WordsSchema,
    seat: Type.Object({ name: WordsSchema, location: PositionSchema }, closed),
    areaKm2Approx: Type.Number({ exclusiveMinimum: 0 }),
    /** Radius of the circle of that area: a way to draw it, not a boundary. */
    radiusKmApprox: Type.Number({ exclusiveMinimum: 0 }),
    ...validity,
    note: Type.Optional(WordsSchema),
  },
  closed,
);
export type District = Static<typeof DistrictSchema>;

export const BodySchema = Type.Object(
  {
    id: SlugSchema,
    name: WordsSchema,
    kind: Type.Union([
      Type.Literal('government'),
      Type.Literal('leading-group'),
      Type.Literal('party'),
      Type.Literal('bureau'),
      Type.Literal('agency'),
      Type.Literal('zone'),
      Type.Literal('operator'),
    ]),
    parent: Type.Optional(SlugSchema),
    /** The district a government of a district governs. */
    district: Type.Optional(SlugSchema),
    clauses: Type.Array(ClauseSchema),
    ...validity,
    succeededBy: Type.Optional(Type.Array(SlugSchema)),
  },
  closed,
);
export type Body = Static<typeof BodySchema>;
