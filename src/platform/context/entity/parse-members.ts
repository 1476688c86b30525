import { Refusal } from '#kernel/errors';
import type { Names } from '../jsonld/compile.ts';
import { NGSI_LD } from '../jsonld/core-context.ts';
import { type Instance, NGSI_LD_NULL, VALUE_MEMBER } from '../model.ts';
import type { Json } from './parse-attribute.ts';
import { parseDateTime } from './parse-value.ts';
import { isUri } from './uri.ts';

const parseText = (path: string, json: Json, member: 'unitCode' | 'datasetId', nulls: boolean) => {
  const value = json[member];
  if (value === undefined) return {};
  const allowed =
    typeof value === 'string' &&
    (member === 'unitCode'
      ? value !== '' && (value !== NGSI_LD_NULL || nulls)
      : isUri(value) || value === '@none');
  if (!allowed)
    throw new Refusal(
      'invalid',
      `${path}.${member} must be a ${member === 'datasetId' ? 'URI' : 'code'}.`,
      { member: path },
    );
  return value === '@none' ? {} : { [member]: value };
};

/** A text, and `name` of it where it is one in the vocabulary. */
const parseWord = (path: string, json: Json, member: string, name: (word: string) => string) => {
  const value = json[member];
  if (value === undefined) return {};
  if (typeof value !== 'string' || value === '')
    throw new Refusal('invalid', `${path}.${member} must be a text.`, { member: path });
  return { [member]: value === NGSI_LD_NULL ? value : name(value) };
};

/** Clause 4.5.2.2, and Table 5.2.32-1 for LanguageProperty. */
const parseValueType = (path: string, json: Json, names: Names) => {
  if ('languageMap' in json && json['valueType'] !== undefined) {
    if (json['valueType'] === LANG_STRING) return { valueType: names.expand(LANG_STRING) };
    throw new Refusal('invalid', `${path}.valueType must be ${LANG_STRING} (clause 5.2.32).`, {
      member: path,
    });
  }
  return parseWord(path, json, 'valueType', names.expand);
};
const LANG_STRING = 'langString';

const parseObjectType = (path: string, value: unknown, names: Names) => {
  if (value === undefined) return {};
  const types = Array.isArray(value) ? value : [value];
  if (types.length === 0 || !types.every((type) => typeof type === 'string' && type !== ''))
    throw new Refusal('invalid', `${path}.objectType must be a name or names (clause 4.5.23).`, {
      member: path,
    });
  const expanded = types.map((type: string) => (type === NGSI_LD_NULL ? type : names.expand(type)));
  return { objectType: Array.isArray(value) ? expanded : expanded[0]! };
};

/** What an instance holds beside its value and its sub-attributes (clauses 4.5.2.2 and 4.5.3.2). Throws Refusal('invalid'). */
export const parseMembers = (
  path: string,
  json: Json,
  names: Names,
  nulls: boolean,
): Partial<Instance> => {
  const timeOf = (member: 'observedAt' | 'expiresAt') =>
    json[member] === undefined
      ? {}
      : { [member]: parseDateTime(`${path}.${member}`, json[member], nulls) };
  return {
    ...parseObjectType(path, json['objectType'], names),
    ...parseText(path, json, 'unitCode', nulls),
    ...parseText(path, json, 'datasetId', false),
    ...timeOf('observedAt'),
    ...timeOf('expiresAt'),
    ...parseValueType(path, json, names),
    ...parseWord(path, json, 'entityIdSealed', (id) => id),
    ...parseWord(path, json, 'entityTypeSealed', names.expand),
  };
};

/** Clause 4.5.2.2: the value is a proof of W3C Data Integrity. */
export const checkProof = (path: string, { value }: Json): void => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject && value !== NGSI_LD_NULL)
    throw new Refusal('invalid', `${path} must hold a proof, an object (clause 4.5.2.2).`, {
      member: path,
    });
};

/** Clause 4.7.1: the core terms that are always GeoProperties. */
const PLACES = new Set(['location', 'observationSpace', 'operationSpace'].map((p) => NGSI_LD + p));

export const checkPlace = (member: string, name: string, [first]: readonly Instance[]) => {
  if (!first || !PLACES.has(name)) return;
  const { type, value } = first;
  if (type !== 'GeoProperty' && value !== NGSI_LD_NULL && VALUE_MEMBER[type] in first)
    throw new Refusal('invalid', `${member} is a GeoProperty (clause 4.7.1).`, { member });
};
