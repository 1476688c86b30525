import { Type, type Static } from 'typebox';
import { ClauseSchema, DatePattern, SlugSchema, WordsSchema } from './city.ts';

const closed = { additionalProperties: false } as const;

/** The clause table of the city's programme. */
export const PlanSchema = Type.Object(
  {
    title: WordsSchema,
    from: DatePattern,
    to: DatePattern,
    parts: Type.Array(
      Type.Object({ id: Type.String({ pattern: '^[A-Z]$' }), title: WordsSchema }, closed),
    ),
    groups: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: '^[A-Z]\\d*$' }),
          part: Type.String({ pattern: '^[A-Z]$' }),
          title: WordsSchema,
          /** Which application system its facts belong to, as entities and devices name it. */
          system: Type.Optional(SlugSchema),
          pilot: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    rows: Type.Array(
      Type.Object(
        {
          id: ClauseSchema,
          group: Type.String({ pattern: '^[A-Z]\\d*$' }),
          title: WordsSchema,
          pilot: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Plan = Static<typeof PlanSchema>;

const Amount = Type.Object(
  {
    comparator: Type.Union([
      Type.Literal('eq'),
      Type.Literal('gte'),
      Type.Literal('gt'),
      Type.Literal('approx'),
    ]),
    value: Type.Number(),
    /** UN/CEFACT code, or an ISO 4217 code for money. */
    unit: Type.String({ minLength: 1 }),
    unitName: WordsSchema,
    growthPercentPerYear: Type.Optional(Type.Number()),
  },
  closed,
);
const Statement = Type.Object(
  { comparator: Type.Literal('statement'), statement: WordsSchema },
  closed,
);

export const TargetsSchema = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^T-\\d+$' }),
      title: WordsSchema,
      target: Type.Union([Amount, Statement]),
      due: DatePattern,
      /** Rows of the plan this target measures. */
      rows: Type.Array(ClauseSchema),
    },
    closed,
  ),
);
export type Target = Static<typeof TargetsSchema>[number];
