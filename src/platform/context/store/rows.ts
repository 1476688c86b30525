import type { Applied } from '../entity/apply.ts';
import { toEwkb } from '../geo/ewkb.ts';
import { checkGeometry } from '../geo/geometry.ts';
import { parseInstant, toInstant } from '#kernel/time';
import { NGSI_LD } from '../jsonld/core-context.ts';
import type { Attributes, Entity, Instance } from '../model.ts';

/** The GeoProperty by which an entity is found in space (clause 4.7). */
export const LOCATION = `${NGSI_LD}location`;

const geometryOf = (entity: Entity): string | null => {
  const [place] = entity.attributes[LOCATION] ?? [];
  return place?.type === 'GeoProperty' ? toEwkb(checkGeometry(place.value)) : null;
};

/** The transaction that the row must still be of, where it was not read under lock. */
const seenText = (xid: string | undefined) => (xid === undefined ? '' : `,"seen":"${xid}"`);

/** An entity's row, as JSON text: attributes are by far its largest part and are turned into text only once. */
export const stateRow = (
  kind: 'insert' | 'update',
  tenant: string,
  entity: Entity,
  attributes: string,
  seen: string | undefined,
): string =>
  `{"kind":"${kind}","tenant":${JSON.stringify(tenant)},"id":${JSON.stringify(entity.id)},"types":${JSON.stringify(entity.types)},` +
  `"scopes":${JSON.stringify(entity.scopes)},"location":${JSON.stringify(geometryOf(entity))},"created_at":"${entity.createdAt}",` +
  `"modified_at":"${entity.modifiedAt}","expires_at":${JSON.stringify(entity.expiresAt ?? null)},"attributes":${attributes}${seenText(seen)}}`;

export const deletionRow = (tenant: string, id: string, seen: string | undefined): string =>
  `{"kind":"delete","tenant":${JSON.stringify(tenant)},"id":${JSON.stringify(id)}${seenText(seen)}}`;

const observedAt = (instance: Instance): string | undefined => {
  const at = instance.observedAt === undefined ? undefined : parseInstant(instance.observedAt);
  return at === undefined ? undefined : toInstant(at);
};

/** What was written, by the instant it was observed; most writes have one. */
const byInstant = (
  attributes: Attributes,
  before: Attributes,
  now: string,
): Map<string, Record<string, Instance[]>> => {
  const groups = new Map<string, Record<string, Instance[]>>();
  for (const [name, instances] of Object.entries(attributes))
    for (const instance of instances) {
      if (before[name]?.includes(instance)) continue; // not touched by this write
      const at = observedAt(instance) ?? now;
      const group = groups.get(at) ?? {};
      groups.set(at, group);
      (group[name] ??= []).push(instance);
    }
  return groups;
};

/** The history rows of one write, as JSON text. A deletion, and a write that left no value, has a row without attributes. */
export const historyRows = (
  tenant: string,
  before: Entity | undefined,
  applied: Applied,
  now: string,
): string[] => {
  const { state, changed } = applied;
  const entity = state ?? before;
  if (!entity) return [];
  const op = state ? (before ? 'update' : 'create') : 'delete';
  const written = state
    ? Object.fromEntries(
        changed.flatMap((name) => (state.attributes[name] ? [[name, state.attributes[name]]] : [])),
      )
    : {};
  const groups = byInstant(written, before?.attributes ?? {}, now);
  if (groups.size === 0) groups.set(now, {});
  const head = `"tenant":${JSON.stringify(tenant)},"entity":${JSON.stringify(entity.id)},"recorded_at":"${now}","op":"${op}","types":${JSON.stringify(entity.types)}`;
  return [...groups].map(
    ([at, attributes]) => `{${head},"at":"${at}","attributes":${JSON.stringify(attributes)}}`,
  );
};
