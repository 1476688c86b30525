import { parseInstant } from '#kernel/time';
import type { Attributes, Entity, Instance } from '../model.ts';

const expiryOf = (expiresAt: string | undefined): number =>
  expiresAt === undefined ? Infinity : (parseInstant(expiresAt) ?? Infinity);

const earliestOf = (instance: Instance): number => {
  let first = expiryOf(instance.expiresAt);
  for (const name in instance)
    if (name.includes(':'))
      for (const sub of instance[name as `${string}:${string}`]!)
        first = Math.min(first, earliestOf(sub));
  return first;
};

/** The instant, in milliseconds, at which the first of these attributes and their sub-attributes expires, or Infinity. */
export const firstExpiryMs = (attributes: Attributes): number => {
  let first = Infinity;
  for (const name in attributes)
    for (const instance of attributes[name]!) first = Math.min(first, earliestOf(instance));
  return first;
};

const livingInstances = (
  instances: readonly Instance[],
  nowMs: number,
): { instances: readonly Instance[]; isSame: boolean } => {
  let isSame = true;
  const living = instances.flatMap((instance) => {
    if (expiryOf(instance.expiresAt) <= nowMs) {
      isSame = false;
      return [];
    }
    if (earliestOf(instance) > nowMs) return [instance];
    isSame = false;
    const kept: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(instance))
      if (!name.includes(':')) kept[name] = value;
      else {
        const subs = livingInstances(value as readonly Instance[], nowMs).instances;
        if (subs.length > 0) kept[name] = subs;
      }
    return [kept as Instance];
  });
  return { instances: isSame ? instances : living, isSame };
};

/** What is left of an entity at an instant: the same object where nothing of it has expired, undefined where all has (clause 4.22). */
export const livingAt = (entity: Entity, nowMs: number): Entity | undefined => {
  if (expiryOf(entity.expiresAt) <= nowMs) return undefined;
  if (firstExpiryMs(entity.attributes) > nowMs) return entity;
  const attributes: Record<string, readonly Instance[]> = {};
  for (const [name, instances] of Object.entries(entity.attributes)) {
    const living = livingInstances(instances, nowMs).instances;
    if (living.length > 0) attributes[name] = living;
  }
  return { ...entity, attributes };
};

/** The names of the attributes that two states of an entity do not share. */
export const differingNames = (before: Entity, after: Entity | undefined): string[] =>
  Object.keys(before.attributes).filter(
    (name) => before.attributes[name] !== after?.attributes[name],
  );
