import { toInstant } from '#kernel/time';
import { firstExpiryMs, keepUnexpiring } from '../entity/expiry.ts';
import { toEwkb } from '../geo/ewkb.ts';
import { checkGeometry } from '../geo/geometry.ts';
import { NGSI_LD } from '../jsonld/core-context.ts';
import type { Entity } from '../model.ts';

/** The GeoProperty by which an entity is found in space (clause 4.7). */
export const LOCATION = `${NGSI_LD}location`;

const geometryOf = (entity: Entity): string | null => {
  const [place] = entity.attributes[LOCATION] ?? [];
  return place?.type === 'GeoProperty' ? toEwkb(checkGeometry(place.value)) : null;
};

/** When the first attribute expires, and nothing where none does, as is nearly always so. */
const attributesExpireAt = ({ attributes }: Entity, text: string): string => {
  if (!text.includes('"expiresAt"')) {
    keepUnexpiring(attributes);
    return '';
  }
  const first = firstExpiryMs(attributes);
  return first === Infinity ? '' : `,"attributes_expire_at":"${toInstant(first)}"`;
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
  `"modified_at":"${entity.modifiedAt}","expires_at":${JSON.stringify(entity.expiresAt ?? null)}${attributesExpireAt(entity, attributes)},"attributes":${attributes}${seenText(seen)}}`;

export const deletionRow = (tenant: string, id: string, seen: string | undefined): string =>
  `{"kind":"delete","tenant":${JSON.stringify(tenant)},"id":${JSON.stringify(id)}${seenText(seen)}}`;
