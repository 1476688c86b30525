import { must } from '#kernel/errors';
import type { EventText } from '#kernel/outbox';
import { CHANGED, type EntityChanged } from '../contract.ts';
import { differenceOf, previousOf } from '../entity/difference.ts';
import { packStamps } from '../entity/stamps.ts';
import type { Entity } from '../model.ts';

/** Attributes as rows and events carry them: turned into text once for both, they are by far the largest part of them. */
export const attributesText = (state: Entity): string =>
  JSON.stringify(packStamps(state.attributes, state));

/** What is announced of a change, as the outbox takes it. */
export const eventText = (
  tenant: string,
  before: Entity | undefined,
  state: Entity | undefined,
  changed: readonly string[],
  now: string,
  tellsPrevious: boolean,
  /** The attributes as they now are, or last were. */
  text: string,
): EventText => {
  const entity = state ?? before;
  must(entity, 'An event tells of an entity.');
  const op = state ? (before ? 'update' : 'create') : 'delete';
  const { made, same } = differenceOf(before?.attributes ?? {}, entity.attributes, changed);
  const times = { createdAt: entity.createdAt, modifiedAt: now };
  const previous =
    before && state && previousOf(before.attributes, state.attributes, changed, tellsPrevious);
  const listed = (name: string, list: readonly string[]) =>
    list.length > 0 ? `"${name}":${JSON.stringify(list)},` : '';
  const data =
    `{"id":${JSON.stringify(entity.id)},"types":${JSON.stringify(entity.types)},"op":"${op}","changed":${JSON.stringify(changed)},` +
    (op === 'update' ? listed('made', made) + listed('same', same) : '') +
    (previous ? `"previous":${JSON.stringify(packStamps(previous, times))},` : '') +
    listed('scopes', entity.scopes) +
    (entity.expiresAt ? `"expiresAt":${JSON.stringify(entity.expiresAt)},` : '') +
    `"createdAt":${JSON.stringify(entity.createdAt)},` +
    `"at":"${now}","attributes":${text}}`;
  const head: Partial<EntityChanged> = {
    id: entity.id,
    types: [...entity.types],
    changed: [...changed],
  };
  return { tenant, type: CHANGED, key: entity.id, data, head };
};
