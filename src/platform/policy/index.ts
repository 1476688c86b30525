import type { Actor } from '#kernel/actor';
import { port } from '#kernel/module';
import type { Decision } from './cedar/engine.ts';
import type { Question, Subjects, Things, View } from './contract.ts';

export { PURPOSES } from './catalogue.ts';
export type { Decision } from './cedar/engine.ts';
export {
  type GrantedAction,
  type Question,
  type Resource,
  type Subjects,
  type Things,
  type TypeView,
  type View,
} from './contract.ts';

export type Policy = {
  /**
   * Whether an actor may do an action at all, whatever it is done to. Everything that no policy permits, an action that
   * nobody declares included, is denied.
   */
  readonly allows: (actor: Actor, action: string) => boolean;
  /** The same of one thing and for a purpose, with the names of the policies that decided. */
  readonly decide: (question: Question) => Decision;
  /** What an actor sees of the live picture of the city; undefined where nothing of it is hidden from the actor. */
  readonly viewOf: (actor: Actor) => View | undefined;
  /** Makes actors of a kind known to outside systems that ask for decisions, and can be searched for. */
  readonly registerSubjects: (kind: string, subjects: Subjects) => void;
  /** The same of things of a kind: records, accounts, devices. */
  readonly registerThings: (kind: string, things: Things) => void;
};

export const policy = port<Policy>()('policy');
