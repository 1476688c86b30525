import { Type, type Static } from 'typebox';
import { DaySchema, WordsSchema } from './city.ts';

const closed = { additionalProperties: false } as const;
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

/** `calendar/rules.json`: what holds in every year. */
export const CalendarRulesSchema = Type.Object(
  {
    /** ISO weekdays that are off: 6 Saturday, 7 Sunday. */
    weekend: Type.Array(Type.Integer({ minimum: 1, maximum: 7 })),
    /** Working hours of a body that states none of its own; in order, not overlapping. */
    workingHours: Type.Array(Type.Object({ from: Time, to: Time }, closed), { minItems: 1 }),
    /** By body id. */
    workingHoursOf: Type.Record(
      Type.String(),
      Type.Array(Type.Object({ from: Time, to: Time }, closed), { minItems: 1 }),
    ),
    /** Days off of the same date every year: all that is known of a year whose notice is not here. */
    fixedDaysOff: Type.Array(
      Type.Object({ day: Type.String({ pattern: '^\\d{2}-\\d{2}$' }), name: WordsSchema }, closed),
    ),
  },
  closed,
);
export type CalendarRules = Static<typeof CalendarRulesSchema>;

/** `calendar/<year>.json`: one year as announced. */
export const CalendarYearSchema = Type.Object(
  {
    year: Type.Integer({ minimum: 1900, maximum: 2200 }),
    source: Type.Object(
      {
        notice: Type.String({ minLength: 1 }),
        issuer: WordsSchema,
        amendedBy: Type.Array(WordsSchema),
      },
      closed,
    ),
    daysOff: Type.Array(Type.Object({ name: WordsSchema, from: DaySchema, to: DaySchema }, closed)),
    workedWeekendDays: Type.Array(DaySchema),
  },
  closed,
);
export type CalendarYear = Static<typeof CalendarYearSchema>;
