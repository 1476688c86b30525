import { type Static, Type } from 'typebox';

const Words = Type.Object({ zh: Type.String(), en: Type.String() });

export const GrantedAction = Type.Object({
  id: Type.String(),
  /** The module that declares it; `house` for the house itself. */
  module: Type.String(),
  title: Words,
  grant: Type.Array(Type.String(), {
    description: 'Roles that may do it; administrator may besides',
  }),
});
export type GrantedAction = Static<typeof GrantedAction>;

export const GrantedActions = Type.Object({ items: Type.Array(GrantedAction) });
export const OwnActions = Type.Object({
  actions: Type.Array(Type.String(), { description: 'Ids of all that the caller may do' }),
});
