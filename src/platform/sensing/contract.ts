import { type Static, Type } from 'typebox';

/** Fits a topic level, a path segment and the end of a URN. */
export const DeviceId = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$',
  description: 'Fits an MQTT topic level and a URL',
});

/** Clause I20 of the plan: `I20.2/drainage` is the drainage of the water class. */
export const DeviceClass = Type.String({
  pattern: '^I20\\.[1-5](/[a-z][a-z0-9-]{0,63})?$',
  description: 'Infrastructure class of clause I20, such as I20.2/drainage',
});

const Label = Type.String({ minLength: 1, maxLength: 200 });
export const Names = Type.Object({ zh: Label, en: Label }, { additionalProperties: false });

export const Place = Type.Object(
  {
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    lat: Type.Number({ minimum: -90, maximum: 90 }),
  },
  { additionalProperties: false },
);

const Path = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'RFC 9535 singular query, such as $.data[0].t',
});
const UnitCode = Type.String({
  minLength: 1,
  maxLength: 8,
  description: 'UN/CEFACT Recommendation 20',
});
const AttributeName = Type.String({ pattern: '^\\p{L}[\\p{L}\\p{N}_-]{0,99}$' });

export const MappedAttribute = Type.Object(
  {
    name: AttributeName,
    path: Path,
    type: Type.Union([
      Type.Literal('number'),
      Type.Literal('boolean'),
      Type.Literal('text'),
      Type.Literal('geo'),
    ]),
    /** What the device sends, and what the entity keeps; the value is converted. */
    unit: Type.Optional(
      Type.Object({ from: UnitCode, to: UnitCode }, { additionalProperties: false }),
    ),
    /** Taken where the payload has no such value. */
    default: Type.Optional(
      Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 4096 })]),
    ),
    required: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type MappedAttribute = Static<typeof MappedAttribute>;

export const Mapping = Type.Object(
  {
    attributes: Type.Array(MappedAttribute, { minItems: 1, maxItems: 100 }),
    observedAt: Type.Optional(
      Type.Object(
        {
          path: Path,
          format: Type.Union([Type.Literal('iso'), Type.Literal('s'), Type.Literal('ms')]),
        },
        { additionalProperties: false },
      ),
    ),
    /** Where the sender numbers its messages: a number seen before is not taken twice. */
    message: Type.Optional(Path),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;

export const KeptMapping = Type.Object({
  id: DeviceId,
  name: Names,
  document: Mapping,
  changedAt: Type.String(),
});
export type KeptMapping = Static<typeof KeptMapping>;

export const DeviceStatus = Type.Union([
  Type.Literal('new'),
  Type.Literal('live'),
  Type.Literal('late'),
  Type.Literal('silent'),
  Type.Literal('revoked'),
]);
export type DeviceStatus = Static<typeof DeviceStatus>;

const described = {
  name: Names,
  class: DeviceClass,
  entity: Type.String({
    pattern: '^urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\\s"<>\\\\^`{|}]{1,400}$',
    description: 'URN of the entity it feeds',
  }),
  entityType: Type.String({
    pattern: '^[A-Za-z][A-Za-z0-9_-]{0,99}$',
    description: 'Short name, such as AirQualityObserved',
  }),
  mapping: Type.Optional(DeviceId),
  owner: Type.Optional(
    Type.String({ maxLength: 200, description: 'The body that answers for it' }),
  ),
  system: Type.Optional(
    Type.String({
      pattern: '^[A-Z][0-9]{0,2}$',
      description: 'The group of the plan whose system it serves, such as S4',
    }),
  ),
  district: Type.Optional(Type.String({ maxLength: 100 })),
  location: Type.Optional(Place),
  expectedSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 31_536_000,
      description: 'How often it should speak; silence is measured by it',
    }),
  ),
};

export const NewDevice = Type.Object(
  { id: DeviceId, ...described, demo: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
export type NewDevice = Static<typeof NewDevice>;

/** Null takes an optional member away. */
export const DeviceChange = Type.Object(
  {
    name: Type.Optional(Names),
    class: Type.Optional(DeviceClass),
    mapping: Type.Optional(Type.Union([DeviceId, Type.Null()])),
    owner: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
    location: Type.Optional(Type.Union([Place, Type.Null()])),
    expectedSeconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 31_536_000 }), Type.Null()]),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type DeviceChange = Static<typeof DeviceChange>;

export const Device = Type.Object({
  id: DeviceId,
  ...described,
  demo: Type.Boolean(),
  sandbox: Type.Boolean(),
  status: DeviceStatus,
  createdAt: Type.String(),
  expiresAt: Type.Optional(Type.String()),
  revokedAt: Type.Optional(Type.String()),
  lastSeenAt: Type.Optional(Type.String()),
  lastMessage: Type.Optional(Type.String()),
  messages: Type.Integer(),
  refused: Type.Integer(),
  silentSince: Type.Optional(Type.String()),
});
export type Device = Static<typeof Device>;

export const DeviceWithSecret = Type.Object({
  device: Device,
  secret: Type.String({ description: 'Shown once; only its hash is kept' }),
});

export const RefusedMessage = Type.Object({
  device: Type.String(),
  at: Type.String(),
  via: Type.String(),
  reason: Type.String(),
  payload: Type.String({ description: 'The first 1,024 characters' }),
});
export type RefusedMessage = Static<typeof RefusedMessage>;

export const DeviceRegistered = Type.Object({
  device: Type.String(),
  entity: Type.String(),
  class: Type.String(),
  demo: Type.Boolean(),
  sandbox: Type.Boolean(),
  at: Type.String(),
});

export const DeviceSilent = Type.Object({
  device: Type.String(),
  entity: Type.String(),
  class: Type.String(),
  lastSeenAt: Type.String(),
  expectedSeconds: Type.Integer(),
  at: Type.String(),
});

export const DeviceBack = Type.Object({
  device: Type.String(),
  entity: Type.String(),
  class: Type.String(),
  silentSince: Type.String(),
  at: Type.String(),
});
