import type { Actor } from '#kernel/actor';
import type { Manifest, SensitiveType, Sensitivity } from '#kernel/module';
import { keyOf } from '../cedar/actor.ts';
import type { TypeView, View } from '../contract.ts';
import type { Rights } from '../rights.ts';

const REMEMBERED_MAX = 10_000;

const urnOf = (kind: string, id: string): string =>
  id.includes(':') ? id : `urn:ngsi-ld:${kind}:${id}`;

/** By what URIs entities name an actor as the one whose they are, and the bodies that the actor belongs to. */
const namesOf = ({ kind, id, onBehalfOf, bodies = [] }: Actor) => ({
  own:
    kind === 'anonymous'
      ? []
      : [urnOf('Person', id), ...(onBehalfOf ? [urnOf('Person', onBehalfOf.id)] : [])],
  ours: bodies.map(({ body }) => urnOf('Organization', body)),
});

/** What the modules declare, by type; of a type that several speak of, each adds. */
const declaredOf = (manifests: readonly Manifest[]): ReadonlyMap<string, SensitiveType> => {
  const declared = new Map<string, SensitiveType>();
  for (const { sensitive = {} } of manifests)
    for (const [type, said] of Object.entries(sensitive)) {
      const before = declared.get(type);
      declared.set(type, {
        ...before,
        ...said,
        attributes: { ...before?.attributes, ...said.attributes },
        owners: [...new Set([...(before?.owners ?? []), ...(said.owners ?? [])])],
      });
    }
  return declared;
};

/**
 * What each actor sees of the live picture, decided in advance: policies about sight ask of nothing but the type, the
 * attribute, its sensitivity and whose the entity is, so that asking for each relation once says all. What is one's own in
 * two ways is seen where either way allows it.
 */
export const openViews = (
  rights: Pick<Rights, 'sees'>,
  manifests: readonly Manifest[],
  isEmergency: (actor: Actor) => boolean,
) => {
  const declared = declaredOf(manifests);
  let remembered = new Map<string, View | undefined>();

  /** Undefined where everybody's is seen; else the URIs of those whose is. */
  const seenOf = (
    actor: Actor,
    fact: { type: string; attribute?: string; sensitivity: Sensitivity },
  ): readonly string[] | undefined => {
    const names = namesOf(actor);
    if (rights.sees(actor, { ...fact, relation: 'none' })) return undefined;
    return (['own', 'ours'] as const).flatMap((relation) =>
      names[relation].length > 0 && rights.sees(actor, { ...fact, relation })
        ? names[relation]
        : [],
    );
  };

  const viewOfType = (actor: Actor, type: string, said: SensitiveType): TypeView | undefined => {
    const whole = said.whole && seenOf(actor, { type, sensitivity: said.whole });
    const attributes = Object.entries(said.attributes ?? {}).flatMap(([attribute, sensitivity]) => {
      const of = seenOf(actor, { type, attribute, sensitivity });
      return of ? [[attribute, of] as const] : [];
    });
    if (!whole && attributes.length === 0) return undefined;
    return {
      type,
      owners: said.owners ?? [],
      ...(whole ? { whole } : {}),
      attributes: Object.fromEntries(attributes),
    };
  };

  const make = (actor: Actor): View | undefined => {
    const types = [...declared].flatMap(([type, said]) => viewOfType(actor, type, said) ?? []);
    return types.length > 0 ? { types } : undefined;
  };

  return {
    viewOf: (actor: Actor): View | undefined => {
      if (declared.size === 0) return undefined;
      const key = `${isEmergency(actor)}\n${keyOf(actor)}`;
      if (remembered.has(key)) return remembered.get(key);
      if (remembered.size >= REMEMBERED_MAX) remembered = new Map();
      const view = make(actor);
      remembered.set(key, view);
      return view;
    },
    forget: (): void => {
      remembered = new Map();
    },
  };
};
