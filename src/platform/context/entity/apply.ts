import type { Attributes, Entity, Fragment, Instance } from '../model.ts';
import type { Operation, Outcome } from '../operations.ts';
import { iriOf } from '../jsonld/compile.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import { VALUE_MEMBER } from '../model.ts';
import { asksForRemoval, mergeInstances, replaceInstances } from './merge.ts';

/** What an operation makes of an entity; `state` undefined means that none is left. */
export type Applied = {
  readonly state: Entity | undefined;
  readonly outcome: Outcome;
  /** Attributes written or removed, by full name; empty where nothing but types or scopes changed. */
  readonly changed: readonly string[];
};

type NotUpdated = { name: string; reason: string };

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

const refused = (
  state: Entity | undefined,
  id: string,
  reason: 'not-found' | 'already-exists' | 'attribute-not-found' | 'invalid',
  detail: string,
): Applied => ({
  state,
  outcome: { id, done: 'refused', reason, detail },
  changed: [],
});

/** Stamps written instances: createdAt stays that of the instance they took the place of. */
const stamp = (
  stored: readonly Instance[],
  next: readonly Instance[],
  now: string,
): readonly Instance[] =>
  next.map((instance) => {
    const before = stored.find((s) => s.datasetId === instance.datasetId);
    return before === instance
      ? instance
      : { ...instance, createdAt: before?.createdAt ?? now, modifiedAt: now };
  });

const created = (sent: Fragment, now: string): Applied => {
  const attributes = Object.fromEntries(
    Object.entries(sent.attributes).flatMap(([name, instances]) => {
      const kept = mergeInstances([], instances);
      return kept.length > 0 ? [[name, stamp([], kept, now)]] : [];
    }),
  );
  return {
    state: {
      id: sent.id,
      types: sent.types,
      scopes: sent.scopes ?? [],
      attributes,
      createdAt: now,
      modifiedAt: now,
      ...(sent.expiresAt ? { expiresAt: sent.expiresAt } : {}),
    },
    outcome: { id: sent.id, done: 'created' },
    changed: Object.keys(attributes),
  };
};

/** An attribute's new instances into the entity; none left means that the attribute is gone. */
const withAttributes = (
  state: Entity,
  next: ReadonlyMap<string, readonly Instance[]>,
  now: string,
  more: Partial<Entity> = {},
): Entity => {
  const attributes: Record<string, readonly Instance[]> = { ...state.attributes };
  for (const [name, instances] of next)
    if (instances.length > 0)
      attributes[name] = stamp(state.attributes[name] ?? [], instances, now);
    else delete attributes[name];
  return { ...state, ...more, attributes: attributes as Attributes, modifiedAt: now };
};

const updated = (
  before: Entity,
  next: ReadonlyMap<string, readonly Instance[]>,
  now: string,
  notUpdated: readonly NotUpdated[] = [],
  more: Partial<Entity> = {},
): Applied => ({
  state: withAttributes(before, next, now, more),
  outcome: { id: before.id, done: 'updated', ...(notUpdated.length > 0 ? { notUpdated } : {}) },
  changed: [...next.keys()],
});

/** Types are only ever added by a fragment; its scopes take the place of the old ones (clauses 5.6.2, 5.6.3, 5.6.17). */
const headOf = (state: Entity, sent: Fragment): Partial<Entity> => ({
  types: union(state.types, sent.types),
  ...(sent.scopes ? { scopes: sent.scopes } : {}),
  ...(sent.expiresAt ? { expiresAt: sent.expiresAt } : {}),
});

const byFragment = (
  state: Entity,
  sent: Fragment,
  now: string,
  each: (
    stored: readonly Instance[] | undefined,
    sent: readonly Instance[],
  ) => readonly Instance[] | string,
): Applied => {
  const next = new Map<string, readonly Instance[]>();
  const notUpdated: NotUpdated[] = [];
  for (const [name, instances] of Object.entries(sent.attributes)) {
    const result = each(state.attributes[name], instances);
    if (typeof result === 'string') notUpdated.push({ name, reason: result });
    else next.set(name, result);
  }
  return updated(state, next, now, notUpdated, headOf(state, sent));
};

/** Clause 5.6.4.4: a partial update may not make another kind of attribute of it. */
const changesKind = (stored: readonly Instance[], sent: Instance) =>
  !asksForRemoval(sent) &&
  VALUE_MEMBER[sent.type] in sent &&
  stored.some((i) => i.datasetId === sent.datasetId && i.type !== sent.type);

const onAttribute = (
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
  const join = operation.kind === 'update-attribute' ? mergeInstances : replaceInstances;
  return updated(state, new Map([[operation.name, join(stored, operation.instances)]]), now);
};

/** Pure: what `operation` makes of `state` at `now`. The semantics of clauses 5.6.1–5.6.6 and 5.6.17–5.6.19. */
export const apply = (state: Entity | undefined, operation: Operation, now: string): Applied => {
  const id = 'entity' in operation ? operation.entity.id : operation.id;
  if (operation.kind === 'create')
    return state
      ? refused(state, id, 'already-exists', `The entity ${id} exists.`)
      : created(operation.entity, now);
  if (!state) {
    const make = 'orCreate' in operation && operation.orCreate && operation.entity.types.length > 0;
    return make
      ? created(operation.entity, now)
      : refused(undefined, id, 'not-found', `There is no entity ${id}.`);
  }
  switch (operation.kind) {
    case 'delete':
      return {
        state: undefined,
        outcome: { id, done: 'deleted' },
        changed: Object.keys(state.attributes),
      };
    case 'replace': {
      const next = created(
        {
          ...operation.entity,
          types: operation.entity.types.length > 0 ? operation.entity.types : state.types,
        },
        now,
      );
      const gone = Object.keys(state.attributes).filter((name) => !next.changed.includes(name));
      return {
        state: next.state && { ...next.state, createdAt: state.createdAt },
        outcome: { id, done: 'updated' },
        changed: [...next.changed, ...gone],
      };
    }
    case 'append':
      return byFragment(state, operation.entity, now, (stored, sent) => {
        if (!stored || !operation.keep) return replaceInstances(stored ?? [], sent);
        const fresh = sent.filter((i) => !stored.some((s) => s.datasetId === i.datasetId));
        return fresh.length > 0
          ? [...stored, ...fresh]
          : 'It exists, and noOverwrite was asked for.';
      });
    case 'update':
      return byFragment(state, operation.entity, now, (stored, sent) =>
        stored || !sent.every(asksForRemoval)
          ? replaceInstances(stored ?? [], sent)
          : 'The entity has no such attribute.',
      );
    case 'merge': {
      const at = operation.observedAt;
      return byFragment(state, operation.entity, now, (stored, sent) => {
        if (!stored && sent.every(asksForRemoval)) return 'The entity has no such attribute.';
        const timed = at ? sent.map((i) => (i.observedAt ? i : { ...i, observedAt: at })) : sent;
        return mergeInstances(stored ?? [], timed);
      });
    }
    default:
      return onAttribute(state, operation, now);
  }
};
