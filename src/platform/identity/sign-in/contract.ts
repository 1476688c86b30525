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

const Secret = Type.String({ minLength: 1, maxLength: 200 });
/** What a browser gives and takes in WebAuthn's own JSON; checked by whoever verifies it. */
const WebAuthnJson = Type.Object({}, { additionalProperties: true });

export const Passkey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  synced: Type.Boolean({ description: 'Kept in an account of its maker, on several devices' }),
  madeAt: Instant,
  lastUsedAt: Maybe(Instant),
});
export type Passkey = Static<typeof Passkey>;
export const Passkeys = Type.Object({ items: Type.Array(Passkey) });
export const PasskeyOffer = Type.Object({ step: Type.String(), options: WebAuthnJson });
export const NewPasskey = Type.Object({
  step: Secret,
  name: Type.String({ minLength: 1, maxLength: 100 }),
  response: WebAuthnJson,
});
export const PasskeyAnswer = Type.Object({ step: Secret, response: WebAuthnJson });
export const PasskeyId = Type.Object({ id: Type.String({ maxLength: 1500 }) });
export const Nothing = Type.Object({}, { additionalProperties: false });

export const SecondFactorNeeded = Type.Object({
  step: Type.String({ description: 'Sent back with the code to /second-factors' }),
});
const Code = Type.String({ minLength: 6, maxLength: 40 });
export const SecondFactor = Type.Object({ step: Secret, code: Code });
export const AuthenticatorState = Type.Object({ on: Type.Boolean() });
export const AuthenticatorOffer = Type.Object({ secret: Type.String(), uri: Type.String() });
export const AuthenticatorCode = Type.Object({ code: Code });
export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String()) });

export const Recovery = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  code: Code,
  next: Type.String({ minLength: 12, maxLength: 512 }),
});

const Words = Type.Object({ zh: Type.String(), en: Type.String() });
export const DemonstrationPeople = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), name: Words, title: Words })),
});
export const NewDemonstrationSession = Type.Object({
  person: Type.String({ minLength: 1, maxLength: 60 }),
});
