import { type Static, Type } from 'typebox';
import { ActionScopes, Maybe } from './bodies/contract.ts';

const NAME_CHARACTERS_MAX = 100;
/** argon2 reads all of it; longer ones only cost time. */
const PASSWORD_CHARACTERS_MAX = 512;
const PASSWORD_CHARACTERS_MIN = 12;

const Name = Type.String({ minLength: 1, maxLength: NAME_CHARACTERS_MAX });
const Password = Type.String({ minLength: 1, maxLength: PASSWORD_CHARACTERS_MAX });
const Instant = Type.String({ format: 'date-time' });

const RoleName = Type.Union([
  Type.Literal('anyone'),
  Type.Literal('person'),
  Type.Literal('developer'),
  Type.Literal('device'),
  Type.Literal('operator'),
  Type.Literal('administrator'),
]);

export const Me = Type.Object({
  actor: Type.Object({
    kind: Type.String({ description: 'anonymous, person, application, device or system' }),
    id: Type.String(),
    name: Type.String(),
    roles: Type.Array(RoleName),
    assurance: Type.Optional(
      Type.String({ description: 'anonymous, contact, real-name or staff' }),
    ),
    bodies: Type.Optional(
      Type.Array(Type.Object({ body: Type.String(), post: Type.String() }), {
        description: 'What one belongs to, with the post held there',
      }),
    ),
    onBehalfOf: Type.Optional(
      Type.Object({ id: Type.String(), name: Type.String(), mandate: Type.String() }),
    ),
    client: Type.Optional(Type.String()),
    scopes: Type.Optional(Type.Array(Type.String())),
  }),
  auth: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    description: 'off: whoever reaches this address may do anything',
  }),
});
export type Me = Static<typeof Me>;

export const NewSession = Type.Object({ name: Name, password: Password });

export const NewPassword = Type.Object({
  current: Password,
  next: Type.String({ minLength: PASSWORD_CHARACTERS_MIN, maxLength: PASSWORD_CHARACTERS_MAX }),
});

/** Roles that an application may carry; nobody gives more than they have. */
const TokenRole = Type.Union([
  Type.Literal('developer'),
  Type.Literal('operator'),
  Type.Literal('administrator'),
]);

export const NewToken = Type.Object({
  name: Name,
  roles: Type.Array(TokenRole, { minItems: 1, maxItems: 3, uniqueItems: true }),
  expiresAt: Type.Optional(Instant),
  scopes: Type.Optional(ActionScopes),
});
export type NewToken = Static<typeof NewToken>;

export const Token = Type.Object({
  id: Type.String(),
  name: Type.String(),
  roles: Type.Array(RoleName),
  createdBy: Type.String(),
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Maybe(Instant),
  scopes: Maybe(Type.Array(Type.String())),
  sandbox: Type.Boolean({ description: 'A trial key, which reads only' }),
});
export type Token = Static<typeof Token>;

export const TokenWithSecret = Type.Object({
  ...Token.properties,
  secret: Type.String({ description: 'Shown once; we keep only its hash' }),
});
