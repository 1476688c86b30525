import { Type } from 'typebox';
import { PlanSchema, TargetsSchema } from '#platform/registers';

const Words = Type.Object({ zh: Type.String(), en: Type.String() });
const State = Type.Union([Type.Literal('nothing'), Type.Literal('part'), Type.Literal('works')]);

export const PlanAnswer = Type.Object({
  title: Words,
  from: Type.String(),
  to: Type.String(),
  parts: PlanSchema.properties.parts,
  groups: Type.Array(
    Type.Object({
      id: Type.String(),
      part: Type.String(),
      title: Words,
      system: Type.Optional(Type.String()),
      pilot: Type.Boolean(),
      state: State,
      works: Type.Integer({ description: 'How many rows work' }),
      of: Type.Integer(),
      rows: Type.Array(
        Type.Object({
          id: Type.String(),
          title: Words,
          pilot: Type.Boolean(),
          state: State,
          modules: Type.Array(Type.String()),
          /** Bodies of today that are answerable for it. */
          bodies: Type.Array(Type.Object({ id: Type.String(), name: Words })),
        }),
      ),
    }),
  ),
});

export const TargetsAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      ...TargetsSchema.items.properties,
      /** Where its figure comes from: computed here, stated by a body with evidence, or nowhere yet. */
      standing: Type.Union([
        Type.Literal('computed'),
        Type.Literal('stated'),
        Type.Literal('no-source'),
      ]),
    }),
  ),
});
