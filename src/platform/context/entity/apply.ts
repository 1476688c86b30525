import { SCOPE } from '../jsonld/core-context.ts';
import type { Entity, Fragment } from '../model.ts';
import type { Operation } from '../operations.ts';
import { matchesTypes } from '../query/type-selector.ts';
import { type Applied, created, refused, unchanged, updated } from './applied.ts';
import { onAttribute } from './apply-attribute.ts';
import { byFragment, merged } from './apply-fragment.ts';
import { asksForRemoval, replaceInstances } from './merge.ts';

export type { Applied } from './applied.ts';

/** Clause 5.6.21.4, of one entity; scope is a member like any other. */
const reduced = (
  state: Entity,
  { names, keeps }: Extract<Operation, { kind: 'reduce' }>,
  now: string,
): Applied => {
  const listed = new Set(names);
  const goes = (name: string) => listed.has(name) !== keeps;
  const gone = Object.keys(state.attributes).filter(goes);
  const losesScopes = state.scopes.length > 0 && goes(SCOPE);
  if (gone.length === 0 && !losesScopes) return unchanged(state);
  const next = new Map(gone.map((name) => [name, []]));
  return updated(state, next, now, [], losesScopes ? { scopes: [] } : {});
};

const replaced = (state: Entity, entity: Fragment, now: string): Applied => {
  const types = entity.types.length > 0 ? entity.types : state.types;
  const next = created({ ...entity, types }, now);
  const gone = Object.keys(state.attributes).filter((name) => !next.changed.includes(name));
  return {
    state: next.state && { ...next.state, createdAt: state.createdAt },
    outcome: { id: state.id, done: 'updated' },
    changed: [...next.changed, ...gone],
  };
};

/** Pure: what `operation` makes of `state`, of which nothing has expired, at `now`. Clauses 5.6.1–5.6.6 and 5.6.17–5.6.21. */
export const apply = (state: Entity | undefined, operation: Operation, now: string): Applied => {
  const id = 'entity' in operation ? operation.entity.id : operation.id;
  if (operation.kind === 'create')
    return state
      ? refused(state, id, 'already-exists', `The entity ${id} exists.`)
      : created(operation.entity, now);
  if (operation.kind === 'expire')
    return { state, outcome: { id, done: 'unchanged' }, changed: [] };
  if (!state) {
    const make = 'orCreate' in operation && operation.orCreate && operation.entity.types.length > 0;
    return make
      ? created(operation.entity, now)
      : refused(undefined, id, 'not-found', `There is no entity ${id}.`);
  }
  if (operation.ofTypes && !matchesTypes(operation.ofTypes, state.types))
    return refused(state, id, 'not-found', `The entity ${id} is not of the type asked for.`);
  switch (operation.kind) {
    case 'delete':
      return {
        state: undefined,
        outcome: { id, done: 'deleted' },
        changed: Object.keys(state.attributes),
      };
    case 'reduce':
      return reduced(state, operation, now);
    case 'replace':
      return replaced(state, operation.entity, now);
    case 'append':
      return byFragment(state, operation, now, (stored, sent) => {
        if (!stored || !operation.keep) return replaceInstances(stored ?? [], sent);
        const fresh = sent.filter((i) => !stored.some((s) => s.datasetId === i.datasetId));
        return fresh.length > 0
          ? [...stored, ...fresh]
          : 'It exists, and noOverwrite was asked for.';
      });
    case 'update':
      return byFragment(state, operation, now, (stored, sent) =>
        stored || !sent.every(asksForRemoval)
          ? replaceInstances(stored ?? [], sent)
          : 'The entity has no such attribute.',
      );
    case 'merge':
      return merged(state, operation, now);
    default:
      return onAttribute(state, operation, now);
  }
};
