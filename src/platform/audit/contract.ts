import { type Static, Type } from 'typebox';

const Maybe = <T extends ReturnType<typeof Type.String>>(of: T) => Type.Union([of, Type.Null()]);
const Instant = Type.String({ format: 'date-time' });
const Hash = Type.String({ description: 'SHA-256 in hexadecimal', pattern: '^[0-9a-f]{64}$' });

export const Head = Type.Object({
  size: Type.Integer({ minimum: 0, description: 'Entries in the tree' }),
  root: Hash,
  at: Instant,
  key: Type.String({ description: 'Which key signed it' }),
  note: Type.String({ description: 'The head as it is signed (C2SP tlog-checkpoint)' }),
});
export type Head = Static<typeof Head>;

export const LogState = Type.Object({
  size: Type.Integer(),
  head: Type.Union([Head, Type.Null()]),
  pending: Type.Integer({ description: 'Committed and not yet in the tree' }),
  oldestPendingAt: Maybe(Instant),
  keys: Type.Array(Type.Object({ id: Type.String(), verifier: Type.String(), madeAt: Instant })),
});
export type LogState = Static<typeof LogState>;

export const Receipt = Type.Object({
  at: Instant,
  actor: Type.Object({ kind: Type.String(), name: Type.String() }),
  bodies: Type.Array(Type.String()),
  action: Type.String(),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  fields: Type.Array(Type.String()),
  purpose: Maybe(Type.String()),
});
export type Receipt = Static<typeof Receipt>;
