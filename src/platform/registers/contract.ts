import { Type } from 'typebox';
import { BodySchema, CitySchema, DaySchema, DistrictSchema, WordsSchema } from './city.ts';
import { CalendarRulesSchema, CalendarYearSchema } from './calendar-files.ts';

const SEARCH_ITEMS_MAX = 50;

/** GeoJSON as it is; its shape is RFC 7946's. */
const GeoJson = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Unknown()),
});
const OnDay = Type.Object(
  {
    on: Type.Optional(
      Type.String({ ...DaySchema, description: 'A day, such as 2011-06-01; today when absent' }),
    ),
  },
  { additionalProperties: false },
);
const PlaceAnswer = Type.Object({
  code: Type.String(),
  kind: Type.Union([Type.Literal('district'), Type.Literal('street')]),
  /** Streets have no English name; the Chinese one stands in both languages. */
  name: WordsSchema,
  parent: Type.Union([Type.String(), Type.Null()]),
});

export const answers = {
  city: Type.Object({
    ...CitySchema.properties,
    boundaries: Type.Union([Type.Literal('approximate'), Type.Literal('imported')]),
  }),
  districts: Type.Object({
    on: DaySchema,
    items: Type.Array(
      Type.Object({ ...DistrictSchema.properties, approximate: Type.Literal(true) }),
    ),
  }),
  geoJson: GeoJson,
  places: Type.Object({ items: Type.Array(PlaceAnswer) }),
  bodies: Type.Object({ on: DaySchema, items: Type.Array(BodySchema) }),
  calendar: Type.Object({
    year: Type.Integer(),
    official: Type.Boolean(),
    workingDays: Type.Integer(),
    workingHours: CalendarRulesSchema.properties.workingHours,
    source: Type.Union([Type.Null(), CalendarYearSchema.properties.source]),
    daysOff: CalendarYearSchema.properties.daysOff,
    workedWeekendDays: CalendarYearSchema.properties.workedWeekendDays,
  }),
  search: Type.Object({
    places: Type.Array(PlaceAnswer),
    bodies: Type.Array(Type.Object({ id: Type.String(), name: WordsSchema })),
  }),
};

export const questions = {
  onDay: OnDay,
  places: Type.Object(
    {
      parent: Type.Optional(
        Type.String({ pattern: '^\\d{6}$', description: 'GB/T 2260 code; the city when absent' }),
      ),
    },
    { additionalProperties: false },
  ),
  year: Type.Object({ year: Type.Integer({ minimum: 1900, maximum: 2200 }) }),
  search: Type.Object(
    {
      text: Type.String({ minLength: 1, maxLength: 100 }),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: SEARCH_ITEMS_MAX, description: '10 when absent' }),
      ),
    },
    { additionalProperties: false },
  ),
};
