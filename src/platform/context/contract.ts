import { type Static, Type } from 'typebox';

/** Announced with every committed change of an entity; `entity` is its state after the change (before it, for a deletion). */
export const EntityChanged = Type.Object({
  id: Type.String(),
  types: Type.Array(Type.String()),
  op: Type.Union([Type.Literal('create'), Type.Literal('update'), Type.Literal('delete')]),
  /** Names (IRIs) of the attributes that were written or removed. */
  changed: Type.Array(Type.String()),
  /** Of those, the ones that the entity did not have before, and the ones written with what was there already. */
  made: Type.Optional(Type.Array(Type.String())),
  same: Type.Optional(Type.Array(Type.String())),
  /** Instances of the changed attributes as they were: those removed, and those altered where a subscriber wants to know. */
  previous: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Unknown()))),
  scopes: Type.Optional(Type.Array(Type.String())),
  createdAt: Type.Optional(Type.String()),
  expiresAt: Type.Optional(Type.String()),
  /** As in model.ts, but without those createdAt and modifiedAt that are the entity's own (entity/stamps.ts). */
  attributes: Type.Record(Type.String(), Type.Array(Type.Unknown())),
  at: Type.String(),
});
export type EntityChanged = Static<typeof EntityChanged>;

export const CHANGED = 'context.entity-changed';

/** Announced with every change of a subscription to entities, in its place among their changes. */
export const SubscriptionChanged = Type.Object({ id: Type.String() });
export type SubscriptionChanged = Static<typeof SubscriptionChanged>;

export const SUBSCRIPTION_CHANGED = 'context.subscription-changed';

/** The tenant of a city that has no others: the NGSILD-Tenant header was absent. */
export const DEFAULT_TENANT = '';
