import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { MODES } from './model.ts';
import { OPERATION_NAMES } from './operations.ts';

const INFORMATION_MAX = 100;
const ENTITIES_MAX = 1_000;
const NAMES_MAX = 1_000;
const PAIRS_MAX = 50;
const TYPES_MAX = 20;
const TEXT_CHARACTERS_MAX = 2_000;
const MS_MAX = 3_600_000;

const text = { minLength: 1, maxLength: TEXT_CHARACTERS_MAX };
const Text = Type.Optional(Type.String(text));
const Names = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 600 }), { minItems: 1, maxItems: NAMES_MAX }),
);
const Milliseconds = Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MS_MAX }));
const oneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const closed = { additionalProperties: false };

/** Clause 5.2.8. The type may be missing: registrants that are about one entity leave it out. */
const EntityInfo = Type.Object(
  {
    type: Type.Optional(
      Type.Union([
        Type.String(text),
        Type.Array(Type.String(text), { minItems: 1, maxItems: TYPES_MAX }),
      ]),
    ),
    id: Text,
    idPattern: Text,
  },
  closed,
);

/** Clause 5.2.10. */
const RegistrationInfo = Type.Object(
  {
    entities: Type.Optional(Type.Array(EntityInfo, { minItems: 1, maxItems: ENTITIES_MAX })),
    propertyNames: Names,
    relationshipNames: Names,
  },
  { ...closed, minProperties: 1 },
);

/** Clause 5.2.11. */
const TimeInterval = Type.Optional(
  Type.Object({ startAt: Type.String(text), endAt: Text }, closed),
);

/** Clause 5.2.34. */
const Management = Type.Optional(
  Type.Object(
    {
      cacheDuration: Text,
      cooldown: Milliseconds,
      timeout: Milliseconds,
      localOnly: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
);

/** Clause 5.2.9, with what clauses 5.2.8, 5.2.10, 5.2.11 and 5.2.34 put into it; other members are Context Source Properties. */
export const Document = Type.Object({
  id: Text,
  type: Type.Literal('ContextSourceRegistration'),
  registrationName: Text,
  description: Text,
  information: Type.Array(RegistrationInfo, { minItems: 1, maxItems: INFORMATION_MAX }),
  endpoint: Type.String(text),
  contextSourceInfo: Type.Optional(
    Type.Array(Type.Object({ key: Type.String(text), value: Type.String() }, closed), {
      maxItems: PAIRS_MAX,
    }),
  ),
  contextSourceAlias: Text,
  datasetId: Names,
  expiresAt: Text,
  location: Type.Optional(Type.Unknown()),
  observationSpace: Type.Optional(Type.Unknown()),
  operationSpace: Type.Optional(Type.Unknown()),
  observationInterval: TimeInterval,
  managementInterval: TimeInterval,
  management: Management,
  mode: Type.Optional(oneOf(MODES)),
  operations: Type.Optional(
    Type.Array(oneOf(OPERATION_NAMES), { minItems: 1, maxItems: OPERATION_NAMES.length }),
  ),
  refreshRate: Text,
  scope: Type.Optional(
    Type.Union([
      Type.String(text),
      Type.Array(Type.String(text), { minItems: 1, maxItems: NAMES_MAX }),
    ]),
  ),
  tenant: Text,
  localOnly: Type.Optional(Type.Boolean()),
});
export type Document = Static<typeof Document>;

/** Table 5.2.9-2 and clause 4.8: ours to write; sent, they are passed over. */
const OWN = [
  '@context',
  'createdAt',
  'modifiedAt',
  'status',
  'timesSent',
  'timesFailed',
  'lastSuccess',
  'lastFailure',
];

/** What a client sent, apart from what it cannot set. Throws Refusal('invalid'). */
export const toWritable = (json: unknown): Record<string, unknown> => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Refusal('invalid', 'A registration is a JSON object (clause 5.2.9).');
  return Object.fromEntries(Object.entries(json).filter(([member]) => !OWN.includes(member)));
};

/** The shape of a registration. Throws Refusal('invalid') naming the first member at fault. */
export const checkShape = (json: unknown): Document => {
  if (Value.Check(Document, json)) return json;
  const [first] = Value.Errors(Document, json);
  const where = (first?.instancePath ?? '').replaceAll('/', '.');
  throw new Refusal(
    'invalid',
    `The registration${where} ${first?.message ?? 'is not valid'} (clause 5.2.9).`,
    { member: where.slice(1) },
  );
};
