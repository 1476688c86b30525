import { type Static, Type } from 'typebox';
import { Instant, Maybe } from '../bodies/contract.ts';

export const Session = Type.Object({
  id: Type.String(),
  method: Type.String({
    description: 'password, password+code, passkey, provider, demonstration or recovery',
  }),
  factors: Type.Integer(),
  userAgent: Type.String(),
  address: Type.String(),
  createdAt: Instant,
  expiresAt: Instant,
  current: Type.Boolean({ description: 'Whether it is the one that asks' }),
});
export type Session = Static<typeof Session>;
export const Sessions = Type.Object({ items: Type.Array(Session) });

export const SessionId = Type.Object({ id: Type.String({ maxLength: 100 }) });
export { Maybe };
