import {
  type Attributes,
  type Entity,
  type Fragment,
  type Instance,
  NGSI_LD_NULL,
} from '../model.ts';
import type { Outcome } from '../operations.ts';
import { replaceInstances } from './merge.ts';

/** What an operation makes of an entity; `state` undefined means that none is left. */
export type Applied = {
  readonly state: Entity | undefined;
  readonly outcome: Outcome;
  /** Attributes written or removed, by full name; empty where nothing but types or scopes changed. */
  readonly changed: readonly string[];
};

export type NotUpdated = { name: string; reason: string };

export const refused = (
  state: Entity | undefined,
  id: string,
  reason: 'not-found' | 'already-exists' | 'attribute-not-found' | 'invalid',
  detail: string,
): Applied => ({
  state,
  outcome: { id, done: 'refused', reason, detail },
  changed: [],
});

export const unchanged = (state: Entity): Applied => ({
  state,
  outcome: { id: state.id, done: 'unchanged' },
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

export const created = (sent: Fragment, now: string): Applied => {
  const attributes = Object.fromEntries(
    Object.entries(sent.attributes).flatMap(([name, instances]) => {
      const kept = replaceInstances([], instances);
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
      ...(sent.expiresAt && sent.expiresAt !== NGSI_LD_NULL ? { expiresAt: sent.expiresAt } : {}),
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

export const updated = (
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
