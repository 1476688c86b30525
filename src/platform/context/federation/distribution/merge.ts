import { parseInstant } from '#kernel/time';
import type { Entity, Instance } from '../../model.ts';

/** An entity as one source has it. Auxiliary ones only fill gaps (clause 4.3.6.2). */
export type Version = { readonly entity: Entity; readonly auxiliary: boolean };

const msOf = (text: string | undefined): number =>
  (text === undefined ? undefined : parseInstant(text)) ?? -Infinity;

/** The newer by observedAt, else by modifiedAt; the one that is there already where neither tells (clause 4.5.5.3). */
const newerOf = (a: Instance, b: Instance): Instance => {
  const [observedA, observedB] = [msOf(a.observedAt), msOf(b.observedAt)];
  if (observedA !== observedB) return observedB > observedA ? b : a;
  return msOf(b.modifiedAt) > msOf(a.modifiedAt) ? b : a;
};

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

const earliest = (a: string, b: string) => (b && (!a || b < a) ? b : a);
const latest = (a: string, b: string) => (b > a ? b : a);

/** Where one of them has no expiry there is none, else the furthest (clause 4.5.5.3). */
const expiryOf = (a: Entity, b: Entity): { expiresAt?: string } =>
  a.expiresAt === undefined || b.expiresAt === undefined
    ? {}
    : { expiresAt: msOf(a.expiresAt) >= msOf(b.expiresAt) ? a.expiresAt : b.expiresAt };

const mergeTwo = (a: Entity, b: Entity, auxiliary: boolean): Entity => {
  const attributes: Record<string, readonly Instance[]> = { ...a.attributes };
  for (const [name, instances] of Object.entries(b.attributes)) {
    const known = attributes[name];
    if (!known) attributes[name] = instances;
    else if (!auxiliary) {
      const byDataset = new Map(known.map((one) => [one.datasetId, one]));
      for (const one of instances) {
        const there = byDataset.get(one.datasetId);
        byDataset.set(one.datasetId, there ? newerOf(there, one) : one);
      }
      attributes[name] = [...byDataset.values()];
    }
  }
  const { expiresAt: _expiresAt, ...rest } = a;
  return {
    ...rest,
    types: union(a.types, b.types),
    scopes: union(a.scopes, b.scopes),
    attributes,
    createdAt: earliest(a.createdAt, b.createdAt),
    modifiedAt: latest(a.modifiedAt, b.modifiedAt),
    ...expiryOf(a, b),
  };
};

/** All versions of one entity as one (clause 4.5.5). */
export const mergeVersions = (versions: readonly Version[]): Entity | undefined => {
  const [first, ...others] = versions.toSorted((a, b) => Number(a.auxiliary) - Number(b.auxiliary));
  return others.reduce<Entity | undefined>(
    (merged, { entity, auxiliary }) => merged && mergeTwo(merged, entity, auxiliary),
    first?.entity,
  );
};
