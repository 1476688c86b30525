import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import { checkIds, listOf } from './question-parameters.ts';

/** Each level may read as much again; nobody draws a graph that deep. */
const JOIN_LEVELS_MAX = 10;
const CONTAINED_IDS_MAX = 1_000;
const Text = Type.Optional(Type.String());

/** Linked entity retrieval (clause 4.5.23, table 6.4.3.2-1). */
export const JOIN = { join: Text, joinLevel: Text, containedBy: Text };

export type Join = {
  readonly form: 'inline' | 'flat';
  readonly levels: number;
  /** Those that were met on the way here. */
  readonly containedBy: ReadonlySet<string>;
};

export type JoinParameters = { readonly [name in keyof typeof JOIN]?: string | undefined };

const levelsOf = (joinLevel: string | undefined): number => {
  if (joinLevel === undefined) return 1;
  if (!/^[1-9]\d{0,8}$/.test(joinLevel) || Number(joinLevel) > JOIN_LEVELS_MAX)
    throw new Refusal('invalid', `joinLevel is a whole number from 1 to ${JOIN_LEVELS_MAX}.`);
  return Number(joinLevel);
};

/** How linked entities are asked for; undefined where they are not. Throws Refusal('invalid'). */
export const joinOf = ({ join, joinLevel, containedBy }: JoinParameters): Join | undefined => {
  const levels = levelsOf(joinLevel);
  const above = checkIds(listOf(containedBy, CONTAINED_IDS_MAX, 'containedBy') ?? []);
  if (join === undefined || join === '@none') return undefined;
  if (join !== 'inline' && join !== 'flat')
    throw new Refusal('invalid', 'join is flat, inline or @none (clause 4.5.23).');
  return { form: join, levels, containedBy: new Set(above) };
};

/** Clauses 5.7.1.4 and 5.7.2.4: nothing goes deeper into linked entities than these are asked for. */
export const checkDepth = (depth: number, join: Join | undefined, what: string): void => {
  if (depth > (join?.levels ?? 0))
    throw new Refusal(
      'invalid',
      join
        ? `${what} goes ${depth} levels into linked entities; joinLevel is ${join.levels}.`
        : `${what} goes into linked entities: say join=inline or join=flat.`,
    );
};
