import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import { checkGeometry } from '../geo/geometry.ts';
import type { Names } from '../jsonld/compile.ts';
import { type AttributeKind, NGSI_LD_NULL } from '../model.ts';
import type { Json, Reading } from './parse-attribute.ts';
import { isUri } from './uri.ts';

const VALUE_DEEP_MAX = 32;

const wrong = (path: string, what: string) =>
  new Refusal('invalid', `${path} ${what}`, { member: path });

const uri = (path: string, value: unknown): string => {
  // A ListRelationship may wrap each of its objects: {"object": URI} (clause 4.5.22).
  const inner =
    typeof value === 'object' && value !== null && 'object' in value ? value.object : value;
  if (!isUri(inner)) throw wrong(path, 'must point to a URI (clause 4.5.3).');
  return inner;
};

const word = (path: string, names: Names, value: unknown): string => {
  if (typeof value !== 'string' || value === '')
    throw wrong(path, 'must be a term or a list of terms (clause 4.5.20).');
  return names.expand(value);
};

const oneOrMany = <T>(value: unknown, each: (item: unknown) => T): T | T[] =>
  Array.isArray(value) ? value.map(each) : each(value);

/** Within a value the null word may only stand where a merge goes: in objects, not in lists (clauses 5.5.4, 5.5.12). */
const checkJson = (path: string, value: unknown, nulls: boolean, depth = 0): void => {
  if (depth > VALUE_DEEP_MAX) throw wrong(path, `is nested deeper than ${VALUE_DEEP_MAX}.`);
  if (typeof value !== 'object' || value === null) return;
  const within = nulls && !Array.isArray(value);
  for (const item of Object.values(value))
    if (item === NGSI_LD_NULL && !within)
      throw wrong(path, `holds "${NGSI_LD_NULL}", which only a merge may (clause 5.5.4).`);
    else checkJson(path, item, within, depth + 1);
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Clause 4.6.5: one text or several for each language; the null word for all of them, or for one where it is merged. */
const parseLanguageMap = (path: string, value: unknown, { nulls, merges }: Reading) => {
  if (!isObject(value)) throw wrong(path, 'must map language tags to texts (clause 4.5.18).');
  const isRemoval = nulls && value['@none'] === NGSI_LD_NULL && Object.keys(value).length === 1;
  for (const [tag, text] of Object.entries(value)) {
    const texts = Array.isArray(text) ? text : [text];
    if (tag === '' || texts.some((t) => typeof t !== 'string'))
      throw wrong(`${path}.${tag}`, 'must be a text or a list of texts (clause 4.5.18).');
    if (texts.includes(NGSI_LD_NULL) && !isRemoval && !(merges && text === NGSI_LD_NULL))
      throw wrong(`${path}.${tag}`, `cannot be "${NGSI_LD_NULL}" here (clause 5.5.4).`);
  }
  return value;
};

/** Clause 4.7.2: a geometry may come as text. */
const parseGeometry = (path: string, value: unknown) => {
  if (typeof value !== 'string') return checkGeometry(value);
  let geometry: unknown;
  try {
    geometry = JSON.parse(value);
  } catch {
    throw wrong(path, 'must be a geometry (clause 4.7).');
  }
  return checkGeometry(geometry);
};

/** Clause 4.5.24: what is no object needs no JsonProperty. */
const checkRawJson = (path: string, value: unknown) => {
  if (!(Array.isArray(value) ? value.every(isObject) : isObject(value)))
    throw wrong(path, 'must hold a JSON object or a list of objects (clause 4.5.24).');
  checkJson(path, value, true);
  return value;
};

/** The value of an attribute, checked for its kind; the null word passes where `nulls` lets it. */
export const parseValue = (
  kind: AttributeKind,
  path: string,
  value: unknown,
  names: Names,
  reading: Reading,
): unknown => {
  if (value === null || value === undefined)
    throw wrong(
      path,
      `holds null, which means nothing in JSON-LD; to remove it say "${NGSI_LD_NULL}" (clause 4.5.0).`,
    );
  if (value === NGSI_LD_NULL) {
    if (reading.nulls) return value;
    throw wrong(path, `cannot be created as "${NGSI_LD_NULL}" (clause 4.5.0).`);
  }
  const mayHoldNull = reading.merges ?? false;
  switch (kind) {
    case 'Property':
      checkJson(path, value, mayHoldNull);
      return value;
    case 'JsonProperty':
      return checkRawJson(path, value);
    case 'GeoProperty':
      return parseGeometry(path, value);
    case 'Relationship':
      return oneOrMany(value, (item) => uri(path, item));
    case 'LanguageProperty':
      return parseLanguageMap(path, value, reading);
    case 'VocabProperty':
      return oneOrMany(value, (item) => word(path, names, item));
    case 'ListProperty':
      if (!Array.isArray(value)) throw wrong(path, 'must hold a list (clause 4.5.21).');
      checkJson(path, value, false);
      return value;
    case 'ListRelationship':
      if (!Array.isArray(value)) throw wrong(path, 'must hold a list of URIs (clause 4.5.22).');
      return value.map((item) => uri(path, item));
  }
};

/** A DateTime in UTC, as clause 4.6.3 has it, or the null word where it may remove what is there. */
export const parseDateTime = (path: string, value: unknown, nulls: boolean): string => {
  if (value === NGSI_LD_NULL && nulls) return value;
  if (typeof value !== 'string' || !value.endsWith('Z') || parseInstant(value) === undefined)
    throw wrong(
      path,
      'must be an ISO 8601 instant in UTC such as 2026-08-01T08:00:00Z (clause 4.6.3).',
    );
  return value;
};
