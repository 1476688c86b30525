import { type Static, Type } from 'typebox';
import { BODY_KINDS, type BodyKind, POSTS, type Post } from './catalogue.ts';

const literals = <K extends string>(some: Readonly<Record<K, unknown>>) =>
  Type.Union((Object.keys(some) as K[]).map((key) => Type.Literal(key)));

export const Id = Type.String({ minLength: 1, maxLength: 100 });
export const Instant = Type.String({ format: 'date-time' });
export const Maybe = <T extends Parameters<typeof Type.Union>[0][number]>(some: T) =>
  Type.Union([some, Type.Null()]);
export const SignInName = Type.String({ minLength: 1, maxLength: 100 });
const Name = Type.String({ minLength: 1, maxLength: 200 });
const SCOPES_MAX = 50;

/** A module (`context`) or one action (`context.read-entities`). */
const ActionScope = Type.String({
  pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)?$',
  maxLength: 100,
  description: 'A module, such as context, or one action, such as context.read',
});
export const ActionScopes = Type.Array(ActionScope, { maxItems: SCOPES_MAX, uniqueItems: true });

export const PostName = Type.Unsafe<Post>(literals(POSTS));
export const KindName = Type.Unsafe<BodyKind>(literals(BODY_KINDS));
const Words = Type.Object({ zh: Name, en: Name });

export const Body = Type.Object({
  id: Type.String(),
  name: Words,
  kind: KindName,
  parent: Maybe(Type.String()),
  district: Maybe(Type.String()),
  source: Type.String({ description: 'city (its register), house (made here) or demo' }),
  members: Type.Integer({ description: 'How many belong to it now' }),
  mayKeep: Type.Boolean({ description: 'Whether the caller keeps its members' }),
});
export type Body = Static<typeof Body>;
const Named = Type.Object({ id: Type.String(), name: Words });
export const Bodies = Type.Object({
  items: Type.Array(Body),
  posts: Type.Array(Named),
  kinds: Type.Array(Named),
});

export const NewBody = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
    name: Words,
    kind: KindName,
    parent: Id,
  },
  { additionalProperties: false },
);
export type NewBody = Static<typeof NewBody>;

export const Member = Type.Object({
  id: Type.String(),
  person: Type.Object({ id: Type.String(), name: Type.String(), signInName: Type.String() }),
  post: PostName,
  roles: Type.Array(Type.String()),
  assurance: Type.String(),
  from: Instant,
  until: Maybe(Instant),
  madeBy: Type.String(),
});
export type Member = Static<typeof Member>;
export const Members = Type.Object({ items: Type.Array(Member) });

export const NewMember = Type.Object(
  {
    person: SignInName,
    post: PostName,
    from: Type.Optional(Instant),
    until: Type.Optional(Instant),
  },
  { additionalProperties: false },
);
export type NewMember = Static<typeof NewMember>;

export const Mandate = Type.Object({
  id: Type.String(),
  principal: Type.Object({
    kind: Type.Union([Type.Literal('person'), Type.Literal('body')]),
    id: Type.String(),
    name: Words,
  }),
  agent: Type.Object({ id: Type.String(), name: Type.String() }),
  scopes: Type.Array(Type.String()),
  note: Type.String(),
  from: Instant,
  until: Instant,
  endedAt: Maybe(Instant),
  inForce: Type.Boolean({ description: 'Begun, and neither over nor ended' }),
  mine: Type.Union([Type.Literal('given'), Type.Literal('received')]),
});
export type Mandate = Static<typeof Mandate>;
export const Mandates = Type.Object({ items: Type.Array(Mandate) });

export const NewMandate = Type.Object(
  {
    agent: SignInName,
    body: Type.Optional(Id),
    scopes: Type.Array(ActionScope, { minItems: 1, maxItems: SCOPES_MAX, uniqueItems: true }),
    note: Type.String({ maxLength: 500 }),
    from: Type.Optional(Instant),
    until: Instant,
  },
  { additionalProperties: false },
);
export type NewMandate = Static<typeof NewMandate>;
