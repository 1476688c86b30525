import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { EntitySelectors, GeoQuery } from '../query/shapes.ts';

const NAMES_MAX = 1_000;
const HEADERS_MAX = 50;

const Text = Type.Optional(Type.String());
const Flag = Type.Optional(Type.Boolean());
const Positive = Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }));
const Names = Type.Optional(
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: NAMES_MAX }),
);
const Pairs = Type.Optional(
  Type.Array(
    Type.Object({ key: Type.String(), value: Type.String() }, { additionalProperties: false }),
    { maxItems: HEADERS_MAX },
  ),
);
const oneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const closed = { additionalProperties: false };

const TRIGGERS = [
  'entityCreated',
  'entityUpdated',
  'entityDeleted',
  'attributeCreated',
  'attributeUpdated',
  'attributeDeleted',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Clause 5.2.15. */
const Endpoint = Type.Object(
  {
    uri: Type.String({ minLength: 1, maxLength: 2_000 }),
    accept: Type.Optional(
      oneOf(['application/json', 'application/ld+json', 'application/geo+json']),
    ),
    cooldown: Positive,
    timeout: Positive,
    receiverInfo: Pairs,
    notifierInfo: Pairs,
  },
  closed,
);

/** Clause 5.2.14. */
const NotificationParams = Type.Object(
  {
    endpoint: Endpoint,
    attributes: Names,
    pick: Names,
    omit: Names,
    format: Type.Optional(oneOf(['normalized', 'concise', 'simplified', 'keyValues'])),
    sysAttrs: Flag,
    showChanges: Flag,
    join: Text,
    joinLevel: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
);

/** Clause 5.2.12, with what clauses 5.2.13 and 5.2.33 put into it. */
export const Document = Type.Object(
  {
    id: Text,
    type: Type.Literal('Subscription'),
    subscriptionName: Text,
    description: Text,
    entities: EntitySelectors,
    watchedAttributes: Names,
    notificationTrigger: Type.Optional(Type.Array(oneOf(TRIGGERS), { minItems: 1 })),
    q: Text,
    expandValues: Text,
    jsonKeys: Text,
    geoQ: GeoQuery,
    scopeQ: Text,
    datasetId: Names,
    lang: Text,
    localOnly: Flag,
    isActive: Flag,
    expiresAt: Text,
    throttling: Positive,
    timeInterval: Positive,
    jsonldContext: Text,
    notification: NotificationParams,
    csf: Text,
    temporalQ: Type.Optional(Type.Unknown()),
    splitEntities: Flag,
    ngsildConformance: Text,
  },
  closed,
);
export type Document = Static<typeof Document>;

/** Tables 5.2.12-2 and 5.2.14.2-1: ours to write; sent, they are passed over. */
const OWN = ['@context', 'status', 'createdAt', 'modifiedAt'];
const OWN_IN_NOTIFICATION = [
  'status',
  'timesSent',
  'timesFailed',
  'lastNotification',
  'lastSuccess',
  'lastFailure',
];

type Json = Record<string, unknown>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
const without = (json: Json, members: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([member]) => !members.includes(member)));

/** A client's notes to itself: no member of the standard begins so. They are not kept. */
const withoutNotes = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([member]) => !member.startsWith('__')));

/** What a client sent, apart from what it cannot set. Throws Refusal('invalid'). */
export const toWritable = (json: unknown): Json => {
  if (!isObject(json)) throw new Refusal('invalid', 'A subscription is a JSON object.');
  const { notification, ...rest } = without(withoutNotes(json), OWN);
  if (notification === undefined) return rest;
  return {
    ...rest,
    notification: isObject(notification)
      ? without(notification, OWN_IN_NOTIFICATION)
      : notification,
  };
};

/** The shape of a subscription. Throws Refusal('invalid') naming the first member at fault. */
export const checkShape = (json: unknown): Document => {
  if (Value.Check(Document, json)) return json;
  const [first] = Value.Errors(Document, json);
  const where = (first?.instancePath ?? '').replaceAll('/', '.');
  throw new Refusal(
    'invalid',
    `The subscription${where} ${first?.message ?? 'is not valid'} (clause 5.2.12).`,
    { member: where.slice(1) },
  );
};
