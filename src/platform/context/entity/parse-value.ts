import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import { checkGeometry } from '../geo/geometry.ts';
import { isIri, type Names } from '../jsonld/compile.ts';
import { type AttributeKind, NGSI_LD_NULL } from '../model.ts';
import type { Json, Reading } from './parse-attribute.ts';

const VALUE_DEEP_MAX = 32;

const wrong = (path: string, what: string) =>
  new Refusal('invalid', `${path} ${what}`, { member: path });

const uri = (path: string, value: unknown): string => {
  // A ListRelationship may wrap each of its objects: {"object": URI} (clause 4.5.22).
  const inner =
    typeof value === 'object' && value !== null && 'object' in value ? value.object : value;
  if (typeof inner !== 'string' || !isIri(inner))
    throw wrong(path, 'must point to a URI (clause 4.5.3).');
  return inner;
};

const word = (path: string, names: Names, value: unknown): string => {
  if (typeof value !== 'string' || value === '')
    throw wrong(path, 'must be a term or a list of terms (clause 4.5.20).');
  return names.expand(value);
};

const oneOrMany = <T>(value: unknown, each: (item: unknown) => T): T | T[] =>
  Array.isArray(value) ? value.map(each) : each(value);

const checkDepth = (path: string, value: unknown, depth = 0): void => {
  if (depth > VALUE_DEEP_MAX) throw wrong(path, `is nested deeper than ${VALUE_DEEP_MAX}.`);
  if (typeof value === 'object' && value !== null)
    for (const item of Object.values(value)) checkDepth(path, item, depth + 1);
};

const parseLanguageMap = (path: string, value: unknown) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path, 'must map language tags to texts (clause 4.5.18).');
  for (const [tag, text] of Object.entries(value)) {
    const texts = Array.isArray(text) ? text : [text];
    if (tag === '' || texts.some((t) => typeof t !== 'string'))
      throw wrong(`${path}.${tag}`, 'must be a text or a list of texts (clause 4.5.18).');
  }
  return value;
};

/** The value of an attribute, checked for its kind; the null word passes where `nulls` lets it. */
export const parseValue = (
  kind: AttributeKind,
  path: string,
  value: unknown,
  names: Names,
  { nulls }: Reading,
): unknown => {
  if (value === null || value === undefined)
    throw wrong(
      path,
      `holds null, which means nothing in JSON-LD; to remove it say "${NGSI_LD_NULL}" (clause 4.5.0).`,
    );
  if (value === NGSI_LD_NULL) {
    if (nulls) return value;
    throw wrong(path, `cannot be created as "${NGSI_LD_NULL}" (clause 4.5.0).`);
  }
  switch (kind) {
    case 'Property':
    case 'JsonProperty':
      checkDepth(path, value);
      return value;
    case 'GeoProperty':
      return checkGeometry(value);
    case 'Relationship':
      return oneOrMany(value, (item) => uri(path, item));
    case 'LanguageProperty':
      return parseLanguageMap(path, value);
    case 'VocabProperty':
      return oneOrMany(value, (item) => word(path, names, item));
    case 'ListProperty':
      if (!Array.isArray(value)) throw wrong(path, 'must hold a list (clause 4.5.21).');
      checkDepth(path, value);
      return value;
    case 'ListRelationship':
      if (!Array.isArray(value)) throw wrong(path, 'must hold a list of URIs (clause 4.5.22).');
      return value.map((item) => uri(path, item));
  }
};

/** `observedAt`: a DateTime in UTC (clause 4.8), kept as it was written. */
export const parseInstantMember = (
  path: string,
  json: Json,
  nulls: boolean,
): { observedAt?: string } => {
  const value = json['observedAt'];
  if (value === undefined) return {};
  if (value === NGSI_LD_NULL && nulls) return { observedAt: value };
  if (typeof value !== 'string' || parseInstant(value) === undefined)
    throw wrong(
      `${path}.observedAt`,
      'must be an ISO 8601 instant such as 2026-08-01T08:00:00Z (clause 4.8).',
    );
  return { observedAt: value };
};
