import type { TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { Actor } from '#kernel/actor';
import type { Party } from './engine.ts';
import type { PRINCIPALS } from './schema.ts';

const KINDS: Readonly<Record<Actor['kind'], (typeof PRINCIPALS)[number]>> = {
  anonymous: 'Nobody',
  person: 'Person',
  application: 'Application',
  device: 'Device',
  system: 'System',
};

/** An actor as Cedar has it: a member of roles and of bodies. */
export const partyOf = (actor: Actor): Party => ({
  uid: { type: KINDS[actor.kind], id: actor.id },
  parents: [
    ...actor.roles.map((id): TypeAndId => ({ type: 'Role', id })),
    ...(actor.bodies ?? []).map(({ body }): TypeAndId => ({ type: 'Body', id: body })),
  ],
  attributes: {
    id: actor.id,
    assurance: actor.assurance ?? 'anonymous',
    posts: (actor.bodies ?? []).map(({ body, post }) => `${post}@${body}`),
    for: actor.onBehalfOf?.id ?? '',
    client: actor.client ?? '',
  },
});

const keys = new WeakMap<Actor, string>();

/** The same for two actors that no policy can tell apart. */
export const keyOf = (actor: Actor): string => {
  const known = keys.get(actor);
  if (known !== undefined) return known;
  const { kind, id, roles, assurance, bodies, onBehalfOf, client, scopes, purpose } = actor;
  const key = JSON.stringify([
    kind,
    id,
    roles,
    assurance,
    bodies?.map(({ body, post }) => [body, post]),
    onBehalfOf?.id,
    client,
    scopes,
    purpose,
  ]);
  keys.set(actor, key);
  return key;
};
