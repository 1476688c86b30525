import { Type, type Static } from 'typebox';
import { PositionSchema, SlugSchema, WordsSchema } from './city.ts';

const closed = { additionalProperties: false } as const;
const number = Type.Number();
const noise = Type.Optional(Type.Number({ minimum: 0 }));
const limits = { min: Type.Optional(number), max: Type.Optional(number) };

/** How a made-up quantity moves. Hours are of the city's clock; `noise` is one standard deviation in the quantity's unit. */
const BehaviourSchema = Type.Union([
  Type.Object({ kind: Type.Literal('constant'), value: number }, closed),
  /** mean + amplitude · cos(2π (hour − peakHour)/24). */
  Type.Object(
    {
      kind: Type.Literal('daily'),
      mean: number,
      amplitude: number,
      peakHour: number,
      noise,
      ...limits,
    },
    closed,
  ),
  /** base + peak at each of the hours, a bell of `widthHours` standard deviation: rush hours, meal times. */
  Type.Object(
    {
      kind: Type.Literal('peaks'),
      base: number,
      peak: number,
      hours: Type.Array(number, { minItems: 1, maxItems: 6 }),
      widthHours: number,
      noise,
      ...limits,
    },
    closed,
  ),
  /** mean + amplitude · cos of the semidiurnal lunar tide (period 12.42 h), shifted by `lagHours`. */
  Type.Object(
    {
      kind: Type.Literal('tide'),
      mean: number,
      amplitude: number,
      lagHours: number,
      noise,
      ...limits,
    },
    closed,
  ),
  /** A random walk of `step` standard deviation a sample, drawn back to `start` by `pull` (0…1) of the distance. */
  Type.Object(
    {
      kind: Type.Literal('walk'),
      start: number,
      step: number,
      pull: number,
      min: number,
      max: number,
    },
    closed,
  ),
  /** Only grows: `perHour` on average, more by day than by night where `dayShare` (0…1) says so. */
  Type.Object(
    {
      kind: Type.Literal('counter'),
      start: number,
      perHour: number,
      dayShare: Type.Optional(number),
    },
    closed,
  ),
  /** Fills by `perHour` up to `max`, then starts from `min` again: a waste bin, a tank. */
  Type.Object(
    { kind: Type.Literal('fill'), min: number, max: number, perHour: number, noise },
    closed,
  ),
  /** One of the values, by weight, kept for `holdMinutes` on average. */
  Type.Object(
    {
      kind: Type.Literal('state'),
      values: Type.Array(Type.Union([Type.String(), Type.Boolean()]), { minItems: 1 }),
      weights: Type.Array(Type.Number({ minimum: 0 }), { minItems: 1 }),
      holdMinutes: Type.Number({ exclusiveMinimum: 0 }),
    },
    closed,
  ),
  /** Read from the device's own movement. */
  Type.Object(
    {
      kind: Type.Literal('movement'),
      of: Type.Union([Type.Literal('speed'), Type.Literal('heading')]),
    },
    closed,
  ),
]);
export type Behaviour = Static<typeof BehaviourSchema>;

const QuantitySchema = Type.Object(
  {
    /** Attribute name of the entity type. */
    attribute: Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9]*$' }),
    name: WordsSchema,
    /** UN/CEFACT code; absent for states. */
    unit: Type.Optional(Type.String({ minLength: 1 })),
    /** Digits after the point that the device sends. */
    decimals: Type.Integer({ minimum: 0, maximum: 6 }),
    behaviour: BehaviourSchema,
  },
  closed,
);

export type Quantity = Static<typeof QuantitySchema>;

const DeviceKindSchema = Type.Object(
  {
    name: WordsSchema,
    class: Type.String({ pattern: '^I20\\.[1-5]$' }),
    /** The group of the plan whose system it serves. */
    group: Type.String({ pattern: '^[A-Z]\\d*$' }),
    /** From Smart Data Models where one fits, else `Device`. */
    entityType: Type.String({ pattern: '^[A-Z][A-Za-z]*$' }),
    intervalSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
    quantities: Type.Array(QuantitySchema, { minItems: 1, maxItems: 12 }),
  },
  closed,
);
export type DeviceKind = Static<typeof DeviceKindSchema>;

const DemoDeviceSchema = Type.Object(
  {
    id: SlugSchema,
    kind: SlugSchema,
    name: WordsSchema,
    district: SlugSchema,
    owner: SlugSchema,
    /** Where it stands, or where its route begins. */
    location: PositionSchema,
    /** True where it stands in or moves on water outside any district's land. */
    afloat: Type.Optional(Type.Literal(true)),
    /** `start` is the share of the route (0…1) already behind it at the beginning. */
    movement: Type.Optional(
      Type.Object(
        {
          route: SlugSchema,
          speedKmh: Type.Number({ exclusiveMinimum: 0 }),
          start: Type.Number({ minimum: 0, exclusiveMaximum: 1 }),
        },
        closed,
      ),
    ),
    /** Multiplies means, amplitudes, peaks and rates of its kind, so that two of a kind differ. */
    scale: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  },
  closed,
);
export type DemoDevice = Static<typeof DemoDeviceSchema>;

const RouteSchema = Type.Object(
  {
    name: WordsSchema,
    /** Back and forth, or round and round (the last point joins the first). */
    turn: Type.Union([Type.Literal('back'), Type.Literal('loop')]),
    dwellSeconds: Type.Number({ minimum: 0 }),
    points: Type.Array(PositionSchema, { minItems: 2, maxItems: 200 }),
  },
  closed,
);
export type Route = Static<typeof RouteSchema>;

/** `demo/devices.json`: nothing in it exists; places are plausible. */
export const DemonstrationSchema = Type.Object(
  {
    kinds: Type.Record(SlugSchema, DeviceKindSchema),
    routes: Type.Record(SlugSchema, RouteSchema),
    devices: Type.Array(DemoDeviceSchema),
  },
  closed,
);
export type Demonstration = Static<typeof DemonstrationSchema>;
