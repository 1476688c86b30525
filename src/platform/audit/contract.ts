import { type Static, type TSchema, Type } from 'typebox';

const Maybe = <T extends TSchema>(of: T) => Type.Union([of, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const Hash = Type.String({ description: 'SHA-256 in hexadecimal' });

export const Head = Type.Object({
  size: Type.Integer({ description: 'Entries in the tree' }),
  root: Hash,
  at: Instant,
  key: Type.String({ description: 'Which key signed it' }),
  note: Type.String({ description: 'The head as it is signed (C2SP tlog-checkpoint)' }),
});
export type Head = Static<typeof Head>;

export const LogState = Type.Object({
  origin: Type.String({ description: 'What the log calls itself in its heads' }),
  size: Type.Integer(),
  head: Maybe(Head),
  pending: Type.Integer({ description: 'Committed and not yet in the tree' }),
  oldestPendingAt: Maybe(Instant),
  keys: Type.Array(
    Type.Object({
      id: Type.String(),
      verifier: Type.String({ description: 'The public key as verifiers of signed notes take it' }),
      madeAt: Instant,
    }),
  ),
});
export type LogState = Static<typeof LogState>;

export const Entry = Type.Object({
  id: Type.Integer(),
  index: Maybe(Type.Integer({ description: 'Place in the tree; null for about a second' })),
  at: Instant,
  action: Type.String(),
  outcome: Type.String({ description: 'done, refused or failed' }),
  actor: Type.Object({
    kind: Type.String(),
    id: Maybe(Type.String({ description: 'null where it was erased' })),
    name: Maybe(Type.String()),
  }),
  subject: Type.Object({ kind: Type.String(), id: Maybe(Type.String()) }),
  onBehalfOf: Maybe(
    Type.Object({ id: Type.String(), name: Type.String(), mandate: Type.String() }),
  ),
  client: Maybe(Type.String()),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  purpose: Maybe(Type.String()),
  request: Maybe(Type.String()),
  changed: Type.Boolean({ description: 'Whether digests of before or after are in the leaf' }),
});
export type Entry = Static<typeof Entry>;

export const EntryProved = Type.Object({
  ...Entry.properties,
  content: Type.String({ description: 'The leaf: canonical JSON (RFC 8785)' }),
  salt: Maybe(Type.String()),
  personal: Maybe(Type.String({ description: 'What the leaf holds only as a salted digest' })),
  hash: Maybe(Hash),
  head: Maybe(Head),
  proof: Type.Array(Hash, {
    description: 'From the leaf to the root of the head (RFC 9162 §2.1.3)',
  }),
});
export type EntryProved = Static<typeof EntryProved>;

export const Consistency = Type.Object({
  first: Type.Integer(),
  second: Type.Integer(),
  proof: Type.Array(Hash),
});

export const Receipt = Type.Object({
  id: Type.Integer(),
  at: Instant,
  actor: Type.Object({ kind: Type.String(), name: Type.String() }),
  bodies: Type.Array(Type.String({ description: 'Ids of the bodies that the reader belongs to' })),
  action: Type.String(),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  fields: Type.Array(Type.String()),
  purpose: Maybe(Type.String()),
});
export type Receipt = Static<typeof Receipt>;

export const ActTitle = Type.Object({
  id: Type.String(),
  title: Type.Object({ zh: Type.String(), en: Type.String() }),
});

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    next: Maybe(Type.Integer({ description: '`below` of the next page' })),
  });
