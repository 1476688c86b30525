import { Type, type Static } from 'typebox';

const Instant = Type.String({ format: 'date-time' });
const Words = Type.Object({ zh: Type.String(), en: Type.String() });
const Place = Type.Tuple([
  Type.Number({ minimum: -180, maximum: 180 }),
  Type.Number({ minimum: -90, maximum: 90 }),
]);
const Km = Type.Number({ minimum: 0 });

/** Grade by GB/T 19201-2006. */
const GradeName = Type.Object({ code: Type.String(), name: Words });

/** How near a cyclone came: by the points of its track alone, and between them. */
export const PassageView = Type.Object({
  place: Place,
  nearestPoint: Type.Object({ at: Instant, km: Km, position: Place }),
  closest: Type.Object({
    at: Instant,
    km: Km,
    position: Place,
    windMs: Type.Optional(Type.Number()),
    pressureHpa: Type.Optional(Type.Number()),
  }),
});
export type PassageView = Static<typeof PassageView>;

export const TyphoonSummary = Type.Object({
  /** Season and number in it: 202109. */
  sn: Type.String(),
  entity: Type.String(),
  season: Type.Integer(),
  name: Type.Optional(Type.String()),
  beganAt: Instant,
  endedAt: Instant,
  /** Greatest mean wind of its life, m/s, and the grade of that. */
  windMaxMs: Type.Optional(Type.Number()),
  grade: Type.Optional(GradeName),
  points: Type.Integer(),
  passage: Type.Optional(PassageView),
});
export type TyphoonSummary = Static<typeof TyphoonSummary>;

const Radii = Type.Object({
  windMs: Type.Number(),
  ne: Type.Optional(Km),
  se: Type.Optional(Km),
  sw: Type.Optional(Km),
  nw: Type.Optional(Km),
});

export const TyphoonState = Type.Object({
  at: Instant,
  position: Place,
  windMs: Type.Optional(Type.Number()),
  pressureHpa: Type.Optional(Type.Number()),
  grade: Type.Optional(GradeName),
});
export type TyphoonState = Static<typeof TyphoonState>;

export const Typhoon = Type.Object({
  ...TyphoonSummary.properties,
  track: Type.Array(
    Type.Object({ ...TyphoonState.properties, radii: Type.Optional(Type.Array(Radii)) }),
  ),
});
export type Typhoon = Static<typeof Typhoon>;

export const AirLevelView = Type.Object({
  level: Type.Integer({ minimum: 1, maximum: 6 }),
  from: Type.Integer(),
  to: Type.Optional(Type.Integer()),
  name: Words,
  colour: Type.String(),
});
