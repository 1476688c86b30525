import { type Static, Type } from 'typebox';
import { Instant, Maybe, SignInName } from '../bodies/contract.ts';

const Role = Type.Union([
  Type.Literal('developer'),
  Type.Literal('operator'),
  Type.Literal('administrator'),
]);

export const Person = Type.Object({
  id: Type.String(),
  signInName: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.String()),
  assurance: Type.String(),
  demo: Type.Boolean(),
  createdAt: Instant,
  closedAt: Maybe(Instant),
});
export type Person = Static<typeof Person>;
export const People = Type.Object({ items: Type.Array(Person) });
export const PeopleQuery = Type.Object({
  text: Type.Optional(Type.String({ maxLength: 100 })),
});

export const NewPerson = Type.Object(
  {
    signInName: SignInName,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    roles: Type.Array(Role, { maxItems: 3, uniqueItems: true }),
  },
  { additionalProperties: false },
);
export type NewPerson = Static<typeof NewPerson>;

/** What an official saw. The number is digested under the key of this house and then forgotten. */
export const DocumentCheck = Type.Object(
  {
    kind: Type.Union([
      Type.Literal('resident-id'),
      Type.Literal('passport'),
      Type.Literal('residence-permit'),
    ]),
    number: Type.String({ minLength: 4, maxLength: 40 }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type DocumentCheck = Static<typeof DocumentCheck>;
export const WayIn = Type.Object({
  id: Type.String(),
  code: Type.String({ description: 'Shown once; good for a day, to set a password with' }),
});
