import { iriOf } from '../jsonld/compile.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import { type Entity, type Instance, VALUE_MEMBER } from '../model.ts';
import type { Operation } from '../operations.ts';
import { type Applied, refused, updated } from './applied.ts';
import { asksForRemoval, patchInstances, replaceInstances } from './merge.ts';

/** Clause 5.6.4.4: a partial update may not make another kind of attribute of it. */
const changesKind = (stored: readonly Instance[], sent: Instance) =>
  !asksForRemoval(sent) &&
  VALUE_MEMBER[sent.type] in sent &&
  stored.some((i) => i.datasetId === sent.datasetId && i.type !== sent.type);

export const onAttribute = (
  state: Entity,
  operation: Extract<Operation, { name: string }>,
  now: string,
): Applied => {
  if (operation.kind === 'delete-attribute' && operation.name === SCOPE && state.scopes.length > 0)
    return updated(state, new Map(), now, [], { scopes: [] });
  const stored = state.attributes[operation.name];
  const missing = (detail: string) => refused(state, state.id, 'attribute-not-found', detail);
  if (!stored) return missing(`The entity has no attribute ${iriOf(operation.name)}.`);
  if (operation.kind === 'delete-attribute') {
    const { datasetId, deleteAll } = operation;
    const left = deleteAll ? [] : stored.filter((i) => i.datasetId !== datasetId);
    if (left.length === stored.length)
      return missing(`The attribute has no instance with datasetId ${datasetId ?? '@none'}.`);
    return updated(state, new Map([[operation.name, left]]), now);
  }
  for (const sent of operation.instances)
    if (!stored.some((i) => i.datasetId === sent.datasetId))
      return missing(`The attribute has no instance with datasetId ${sent.datasetId ?? '@none'}.`);
  if (
    operation.kind === 'update-attribute' &&
    operation.instances.some((sent) => changesKind(stored, sent))
  )
    return refused(
      state,
      state.id,
      'invalid',
      `${iriOf(operation.name)} is of another type, and a partial update may not change it (clause 5.6.4).`,
    );
  const join = operation.kind === 'update-attribute' ? patchInstances : replaceInstances;
  return updated(state, new Map([[operation.name, join(stored, operation.instances)]]), now);
};
