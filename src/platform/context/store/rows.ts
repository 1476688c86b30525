import { arrayText, jsonbColumn, textColumn } from '#kernel/database';
import { toInstant } from '#kernel/time';
import { firstExpiryMs } from '../entity/expiry.ts';
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

/** Whether anything of an entity may have an end; `text` is its attributes. */
export const mayExpire = ({ expiresAt }: Entity, text: string): boolean =>
  expiresAt !== undefined || text.includes('"expiresAt"');

/** When the first attribute expires, and nothing where none does, as is nearly always so. */
const attributesExpireAt = ({ attributes }: Entity, text: string): string | null => {
  if (!text.includes('"expiresAt"')) return null;
  const first = firstExpiryMs(attributes);
  return first === Infinity ? null : toInstant(first);
};

/** An entity on its way to its row; `text` is its attributes as rows carry them, turned into text only once. */
export type Stored = { readonly tenant: string; readonly entity: Entity; readonly text: string };

/** The columns of context.entities, as `stateColumns` sends them in the parameters $1 to $10. */
export const STATE_NAMES =
  'tenant, id, types, scopes, location, created_at, modified_at, expires_at, attributes_expire_at, attributes';
export const STATE_UNNESTED = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::jsonb[])`;
/** What was unnested, in the types of the table. */
export const STATE_VALUES = `tenant, id, types::text[], scopes::text[], location::geometry, created_at::timestamptz,
    modified_at::timestamptz, expires_at::timestamptz, attributes_expire_at::timestamptz, attributes`;

export const stateColumns = (rows: readonly Stored[]): Buffer[] => [
  textColumn(rows.map(({ tenant }) => tenant)),
  textColumn(rows.map(({ entity }) => entity.id)),
  textColumn(rows.map(({ entity }) => arrayText(entity.types))),
  textColumn(rows.map(({ entity }) => arrayText(entity.scopes))),
  textColumn(rows.map(({ entity }) => geometryOf(entity))),
  textColumn(rows.map(({ entity }) => entity.createdAt)),
  textColumn(rows.map(({ entity }) => entity.modifiedAt)),
  textColumn(rows.map(({ entity }) => entity.expiresAt ?? null)),
  textColumn(rows.map(({ entity, text }) => attributesExpireAt(entity, text))),
  jsonbColumn(rows.map(({ text }) => text)),
];
