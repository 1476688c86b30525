import type { Actor } from '#kernel/actor';
import { port } from '#kernel/module';

export type { GrantedAction } from './contract.ts';

export type Policy = {
  /**
   * Whether an actor may do an action: one of the actor's roles is granted it by the manifest that declares it, or the
   * actor is an administrator. Everything else, an action that nobody declares included, is denied.
   */
  readonly allows: (actor: Actor, action: string) => boolean;
};

export const policy = port<Policy>()('policy');
