import { iriOf } from '../jsonld/compile.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import { type Entity, type Fragment, type Instance, NGSI_LD_NULL } from '../model.ts';
import type { Operation } from '../operations.ts';
import { adapt } from './adapt.ts';
import { type Applied, type NotUpdated, refused, updated } from './applied.ts';
import { asksForRemoval, mergeInstances } from './merge.ts';

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

/** Clause 5.6.2.4: an update replaces the scopes there are, and passes over its own where there are none. */
const passesOverScopes = (state: Entity, sent: Fragment, operation: Operation): boolean =>
  sent.scopes !== undefined && operation.kind === 'update' && state.scopes.length === 0;

/** Clauses 5.6.2.4, 5.6.3.4 and 5.6.17.4: noOverwrite only adds scopes to those there are. */
const scopesOf = (state: Entity, sent: Fragment, operation: Operation): readonly string[] => {
  if (!sent.scopes || passesOverScopes(state, sent, operation)) return state.scopes;
  return operation.kind === 'append' && operation.keep
    ? union(state.scopes, sent.scopes)
    : sent.scopes;
};

/** Types are only ever added by a fragment (clauses 5.6.2, 5.6.3, 5.6.17). */
const headOf = (state: Entity, sent: Fragment, operation: Operation): Entity => {
  const { expiresAt, ...head } = {
    ...state,
    types: union(state.types, sent.types),
    scopes: scopesOf(state, sent, operation),
  };
  const until =
    sent.expiresAt === undefined || (operation.kind === 'append' && operation.keep && expiresAt)
      ? expiresAt
      : sent.expiresAt;
  return until === undefined || until === NGSI_LD_NULL ? head : { ...head, expiresAt: until };
};

export const byFragment = (
  state: Entity,
  operation: Extract<Operation, { entity: Fragment }>,
  now: string,
  each: (
    stored: readonly Instance[] | undefined,
    sent: readonly Instance[],
  ) => readonly Instance[] | string,
): Applied => {
  const sent = operation.entity;
  const next = new Map<string, readonly Instance[]>();
  const notUpdated: NotUpdated[] = [];
  for (const [name, instances] of Object.entries(sent.attributes)) {
    const result = each(state.attributes[name], instances);
    if (typeof result === 'string') notUpdated.push({ name, reason: result });
    else next.set(name, result);
  }
  // Table 6.6.3.2-2: what was passed over is told.
  if (passesOverScopes(state, sent, operation) && sent.scopes!.length > 0)
    notUpdated.push({ name: SCOPE, reason: 'The entity has no scope (clause 5.6.2.4).' });
  return updated(headOf(state, sent, operation), next, now, notUpdated);
};

/** Clause 5.6.17.4. */
export const merged = (
  state: Entity,
  operation: Extract<Operation, { kind: 'merge' }>,
  now: string,
): Applied => {
  const { observedAt, entity } = operation;
  const sent: Record<string, readonly Instance[]> = {};
  for (const [name, instances] of Object.entries(entity.attributes)) {
    const stored = state.attributes[name] ?? [];
    const adapted: Instance[] = [];
    for (const instance of instances) {
      const one = adapt(stored, instance, operation);
      if (!one)
        return refused(
          state,
          state.id,
          'invalid',
          `${iriOf(name)} is of another type, and merging the simplified form may not change it (clause 5.6.17).`,
        );
      const before = stored.find(({ datasetId }) => datasetId === one.datasetId);
      const takesTime = observedAt && before?.observedAt && !one.observedAt;
      adapted.push(takesTime ? { ...one, observedAt } : one);
    }
    sent[name] = adapted;
  }
  return byFragment(
    state,
    { ...operation, entity: { ...entity, attributes: sent } },
    now,
    (stored, one) =>
      !stored && one.every(asksForRemoval)
        ? 'The entity has no such attribute.'
        : mergeInstances(stored ?? [], one),
  );
};
