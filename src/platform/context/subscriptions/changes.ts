import type { EntityChanged } from '../contract.ts';
import { unpackStamps } from '../entity/stamps.ts';
import type { Attributes, Entity, Instance } from '../model.ts';

const timesOf = (change: EntityChanged) => ({
  createdAt: change.createdAt ?? change.at,
  modifiedAt: change.at,
});

/** The entity that a change tells of: as it is now, or as it was before its deletion. */
export const entityOfChange = (change: EntityChanged): Entity => {
  const times = timesOf(change);
  return {
    ...times,
    id: change.id,
    types: change.types,
    scopes: change.scopes ?? [],
    attributes: unpackStamps(change.attributes as Attributes, times),
    ...(change.expiresAt ? { expiresAt: change.expiresAt } : {}),
  };
};

/** The changed attributes as far as the change tells how they were. */
export const previousOfChange = (change: EntityChanged): Attributes =>
  change.previous ? unpackStamps(change.previous as Attributes, timesOf(change)) : {};

/** Of these instances those that are no longer among `living`. */
export const goneOf = (
  previous: readonly Instance[] | undefined,
  living: readonly Instance[] | undefined,
): readonly Instance[] =>
  previous?.filter((one) => !living?.some(({ datasetId }) => datasetId === one.datasetId)) ?? [];

/** Whether the attribute still is but has lost an instance (clause 4.5.5). */
export const hasLost = (change: EntityChanged, name: string): boolean =>
  goneOf(
    change.previous?.[name] as readonly Instance[] | undefined,
    change.attributes[name] as readonly Instance[],
  ).length > 0;
