import type { Actor } from '#kernel/actor';
import { OWN_ACTIONS } from '#kernel/boot';
import type { Manifest } from '#kernel/module';
import type { GrantedAction } from './contract.ts';

/** Every action of the house, in the order of the modules. */
export const listActions = (manifests: readonly Manifest[]): GrantedAction[] =>
  [
    { module: 'house', actions: OWN_ACTIONS },
    ...manifests.map(({ provides, actions }) => ({ module: provides.id, actions })),
  ].flatMap(({ module, actions }) =>
    Object.entries(actions).map(([id, { title, grant }]) => ({
      id,
      module,
      title,
      grant: [...grant],
    })),
  );

/** Decides by role; denies by default. */
export const openGrants = (actions: readonly GrantedAction[]) => {
  const grants = new Map(actions.map(({ id, grant }) => [id, new Set(grant)]));
  return (actor: Actor, action: string): boolean => {
    const granted = grants.get(action);
    if (!granted) return false;
    return actor.roles.some((role) => role === 'administrator' || granted.has(role));
  };
};
