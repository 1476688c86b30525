import { type Static, Type } from 'typebox';
import { ActionScopes, Id, Instant, Maybe } from '../bodies/contract.ts';

const Name = Type.String({ minLength: 1, maxLength: 100 });
const Words = Type.Object({ zh: Name, en: Name });
const Address = Type.String({ minLength: 1, maxLength: 500 });
const ADDRESSES_MAX = 20;
const KEYS_MAX = 5;

const Kind = Type.Union(
  [Type.Literal('web'), Type.Literal('public'), Type.Literal('service'), Type.Literal('kiosk')],
  {
    description:
      'web: a server that keeps a secret; public: runs at the person’s; service: asks for itself; kiosk: has no keyboard',
  },
);

export const Application = Type.Object({
  id: Type.String({ description: 'client_id' }),
  name: Words,
  kind: Kind,
  redirects: Type.Array(Type.String()),
  logouts: Type.Array(Type.String()),
  scopes: Type.Array(Type.String()),
  roles: Type.Array(Type.String()),
  method: Type.String({ description: 'How it proves itself: token_endpoint_auth_method' }),
  trusted: Type.Boolean({ description: 'Of the house itself: people are not asked to consent' }),
  owner: Type.String(),
  createdAt: Instant,
  endedAt: Maybe(Instant),
});
export type Application = Static<typeof Application>;
export const Applications = Type.Object({ items: Type.Array(Application) });
export const ApplicationWithSecret = Type.Object({
  ...Application.properties,
  secret: Maybe(Type.String({ description: 'Shown once; we keep only its hash' })),
});
export const NewSecret = Type.Object({ secret: Type.String({ description: 'Shown once' }) });

const PublicKey = Type.Object(
  {
    kty: Type.Union([Type.Literal('RSA'), Type.Literal('EC')]),
    kid: Type.Optional(Name),
    use: Type.Optional(Type.Literal('sig')),
    alg: Type.Optional(Name),
    crv: Type.Optional(Name),
    n: Type.Optional(Type.String({ maxLength: 2000 })),
    e: Type.Optional(Type.String({ maxLength: 20 })),
    x: Type.Optional(Type.String({ maxLength: 200 })),
    y: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);

export const NewApplication = Type.Object(
  {
    name: Words,
    kind: Kind,
    redirects: Type.Array(Address, { maxItems: ADDRESSES_MAX, uniqueItems: true }),
    logouts: Type.Array(Address, { maxItems: ADDRESSES_MAX, uniqueItems: true }),
    scopes: ActionScopes,
    roles: Type.Array(
      Type.Union([
        Type.Literal('developer'),
        Type.Literal('operator'),
        Type.Literal('administrator'),
      ]),
      { maxItems: 3, uniqueItems: true },
    ),
    jwks: Type.Optional(
      Type.Object(
        { keys: Type.Array(PublicKey, { minItems: 1, maxItems: KEYS_MAX }) },
        { additionalProperties: false },
      ),
    ),
    trusted: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type NewApplication = Static<typeof NewApplication>;

/** What an application asks a person for. */
export const SignInRequest = Type.Object({
  prompt: Type.Union([Type.Literal('login'), Type.Literal('consent')]),
  application: Type.Object({ id: Type.String(), name: Words }),
  returnsTo: Maybe(Type.String({ description: 'Host that the person is sent to' })),
  person: Maybe(Type.String()),
  claims: Type.Array(Type.String()),
  scopes: Type.Array(Type.String()),
  offline: Type.Boolean({ description: 'Whether it asks to go on while the person is away' }),
});

export const Answer = Type.Object(
  { consent: Type.Boolean({ description: 'false: denied' }) },
  { additionalProperties: false },
);
export const GoOn = Type.Object({ location: Type.String() });
export const Uid = Type.Object({ uid: Type.String({ minLength: 1, maxLength: 100 }) });

export const Consent = Type.Object({
  id: Type.String(),
  application: Type.Object({ id: Type.String(), name: Words }),
  scopes: Type.Array(Type.String()),
  givenAt: Instant,
  until: Maybe(Instant),
});
export type Consent = Static<typeof Consent>;
export const Consents = Type.Object({ items: Type.Array(Consent) });
export const ById = Type.Object({ id: Id });
export const Rotation = Type.Object(
  { compromised: Type.Boolean({ description: 'The present keys are void at once' }) },
  { additionalProperties: false },
);
