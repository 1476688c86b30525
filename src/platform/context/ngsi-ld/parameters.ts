import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import { isName } from '../entity/members.ts';
import type { Presentation, Representation } from '../entity/present.ts';
import { projectionOf } from '../entity/projection.ts';
import { isIri, type Names } from '../jsonld/compile.ts';

export const EntityPath = Type.Object({ entityId: Type.String() });
export const AttributePath = Type.Object({ entityId: Type.String(), attrId: Type.String() });

/** Clause 6.3.7, 6.3.8, 6.3.11, 6.3.12 and 4.21: how an entity is to be shown. */
export const PRESENTATION = {
  options: Type.Optional(Type.String()),
  format: Type.Optional(Type.String()),
  attrs: Type.Optional(Type.String()),
  pick: Type.Optional(Type.String()),
  omit: Type.Optional(Type.String()),
  lang: Type.Optional(Type.String()),
  geometryProperty: Type.Optional(Type.String()),
};

export type PresentationQuery = {
  readonly options?: string;
  readonly format?: string;
  readonly attrs?: string;
  readonly pick?: string;
  readonly omit?: string;
  readonly lang?: string;
};

const REPRESENTATIONS: Readonly<Record<string, Representation>> = {
  normalized: 'normalized',
  concise: 'concise',
  simplified: 'simplified',
  keyValues: 'simplified',
};

export const optionsOf = (query: { options?: string | undefined }): ReadonlySet<string> =>
  new Set(query.options ? query.options.split(',').map((o) => o.trim()) : []);

/** Refuses options that the operation does not have; none is ever ignored. */
export const checkOptions = (options: ReadonlySet<string>, known: readonly string[]) => {
  for (const option of options)
    if (!known.includes(option))
      throw new Refusal(
        'invalid',
        `options=${option} means nothing here; known are ${known.join(', ')} (clause 6.3.20).`,
        { request: true },
      );
};

/** Where a thing of this kind is. Colons stand for themselves, as RFC 3986 lets them in a path. */
export const locationOf = (kind: string, id: string): string =>
  `/ngsi-ld/v1/${kind}/${encodeURIComponent(id).replaceAll('%3A', ':')}`;

/** Clause 5.6.4.4: a scope is written with its entity, not as an attribute. */
export const attributeOf = (attrId: string, { expand }: Names): string => {
  if (attrId === 'scope')
    throw new Refusal(
      'invalid',
      'scope is not an attribute to be written by itself (clause 5.6.4).',
    );
  return attributeNameOf(attrId, expand);
};

/** Clauses 5.6.4.4 and 5.6.5.4: the full name of the attribute that a path ends in. Throws Refusal('invalid'). */
export const attributeNameOf = (attrId: string, expand: Names['expand']): string => {
  if (!isName(attrId))
    throw new Refusal('invalid', `${attrId} is not a name for an attribute (clause 4.6.2).`);
  return expand(attrId);
};

export const entityIdOf = (entityId: string): string => {
  if (!isIri(entityId)) throw new Refusal('invalid', `${entityId} is not a URI (clause 4.6.2).`);
  return entityId;
};

/** The representation asked for by `format` (6.3.7) or the older `options`, and the attributes by `attrs`, `pick`, `omit`. */
export const presentationOf = (query: PresentationQuery, names: Names): Presentation => {
  const options = optionsOf(query);
  checkOptions(options, ['normalized', 'concise', 'simplified', 'keyValues', 'sysAttrs', 'count']);
  const stated = [query.format, ...options].find((o) => o !== undefined && o in REPRESENTATIONS);
  if (query.format !== undefined && !(query.format in REPRESENTATIONS))
    throw new Refusal(
      'invalid',
      `format=${query.format} is none of ${Object.keys(REPRESENTATIONS).join(', ')} (clause 6.3.7).`,
      { request: true },
    );
  return {
    names,
    as: stated ? REPRESENTATIONS[stated]! : 'normalized',
    sysAttrs: options.has('sysAttrs'),
    ...projectionOf(query, names),
    ...(query.lang ? { lang: query.lang } : {}),
  };
};
