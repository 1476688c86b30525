import { Refusal } from '#kernel/errors';
import type { Names } from '../jsonld/compile.ts';
import { NGSI_LD } from '../jsonld/core-context.ts';
import {
  ATTRIBUTE_KINDS,
  type AttributeKind,
  type Instance,
  NGSI_LD_NULL,
  VALUE_MEMBER,
} from '../model.ts';
import { checkMembers, isName, isProof, OWN_MEMBERS } from './members.ts';
import { parseDateTime, parseValue } from './parse-value.ts';
import { isUri } from './uri.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Reading = {
  /** "urn:ngsi-ld:null" asks for removal and so is only meant where something exists (clause 4.5.0). */
  readonly nulls?: boolean;
  /** It may stand within a value too, as the fragment is merged into what is there (clause 5.5.12). */
  readonly merges?: boolean;
  /** Every attribute is a bare value (simplified form, clause 4.5.4), never an object with members. */
  readonly simplified?: boolean;
  /** An attribute fragment may leave its value out (clause 5.6.4). */
  readonly partial?: boolean;
};

const SUB_ATTRIBUTES_DEEP_MAX = 5;
const INSTANCES_MAX = 1000;
const KINDS: ReadonlySet<string> = new Set(ATTRIBUTE_KINDS);
const KIND_OF_MEMBER: Readonly<Record<string, AttributeKind>> = {
  value: 'Property',
  object: 'Relationship',
  languageMap: 'LanguageProperty',
  vocab: 'VocabProperty',
  valueList: 'ListProperty',
  objectList: 'ListRelationship',
  json: 'JsonProperty',
};
const GEOMETRIES = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
]);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGeometry = (value: Json) =>
  GEOMETRIES.has(String(value['type'])) && ('coordinates' in value || 'geometries' in value);

/** Which kind an object is: stated, or by the member that holds its value (concise form, clause 4.5.4); undefined for plain JSON. */
const kindOf = (member: string, value: Json): AttributeKind | undefined => {
  const stated = value['type'] ?? value['@type'];
  if (typeof stated === 'string' && KINDS.has(stated)) return stated as AttributeKind;
  if (stated !== undefined && !isGeometry(value))
    throw new Refusal(
      'invalid',
      `${member} has the type ${String(stated)}, which is no kind of attribute (clause 4.5.2–4.5.25).`,
      { member },
    );
  for (const [name, kind] of Object.entries(KIND_OF_MEMBER))
    if (name in value)
      return kind === 'Property' && isObject(value[name]) && isGeometry(value[name])
        ? 'GeoProperty'
        : kind;
  return undefined;
};

const isInstanceList = (value: unknown): value is Json[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (item) =>
      isObject(item) &&
      !isGeometry(item) &&
      (KINDS.has(String(item['type'] ?? item['@type'])) ||
        Object.keys(KIND_OF_MEMBER).some((m) => m in item)),
  );

/** Clause 4.5.4: in the simplified form these keep a member that tells what they are. */
const SIMPLIFIED_KINDS: Readonly<Record<string, AttributeKind>> = {
  languageMap: 'LanguageProperty',
  vocab: 'VocabProperty',
  json: 'JsonProperty',
};

const bare = (member: string, value: unknown, names: Names, reading: Reading): Instance => {
  if (isObject(value) && isGeometry(value))
    return { type: 'GeoProperty', value: parseValue('GeoProperty', member, value, names, reading) };
  if (reading.simplified && isObject(value)) {
    const [key = '', ...more] = Object.keys(value);
    const kind = more.length === 0 ? SIMPLIFIED_KINDS[key] : undefined;
    if (kind)
      return {
        type: kind,
        [key]: parseValue(kind, member, value[key], names, reading),
      } as Pick<Instance, 'type'> as Instance;
  }
  return { type: 'Property', value: parseValue('Property', member, value, names, reading) };
};

const checkName = (member: string) => {
  if (!isName(member))
    throw new Refusal(
      'invalid',
      `${JSON.stringify(member)} is not a name for an attribute (clause 4.6.2).`,
      { member },
    );
};

const parseSubAttributes = (
  path: string,
  json: Json,
  names: Names,
  reading: Reading,
  depth: number,
) => {
  const found: Record<string, readonly Instance[]> = {};
  for (const [member, value] of Object.entries(json)) {
    if (OWN_MEMBERS.has(member)) continue;
    found[names.expand(member)] = parseInstances(
      member,
      value,
      names,
      { ...reading, partial: false },
      depth + 1,
      `${path}.${member}`,
    );
  }
  return found as Record<`${string}:${string}`, readonly Instance[]>;
};

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

const parseInstance = (
  path: string,
  json: unknown,
  names: Names,
  reading: Reading,
  depth: number,
): Instance => {
  if (!isObject(json)) return bare(path, json, names, reading);
  const kind = kindOf(path, json);
  if (!kind) {
    if (isGeometry(json)) return bare(path, json, names, reading);
    if (reading.partial)
      return { type: 'Property', ...readMembers(path, json, names, reading, depth) };
    throw new Refusal(
      'invalid',
      `${path} has no value: neither a type nor value, object, languageMap … (clause 4.5).`,
      { member: path },
    );
  }
  const member = VALUE_MEMBER[kind];
  if (!(member in json) && !reading.partial)
    throw new Refusal('invalid', `${path} is a ${kind} without ${member} (clause 4.5).`, {
      member: path,
    });
  checkMembers(path, json, kind);
  if (isProof(path) && 'value' in json) checkProof(path, json);
  return {
    type: kind,
    ...(member in json ? { [member]: parseValue(kind, path, json[member], names, reading) } : {}),
    ...readMembers(path, json, names, reading, depth),
  };
};

/** Clause 4.5.2.2: the value is a proof of W3C Data Integrity. */
const checkProof = (path: string, { value }: Json) => {
  if (!isObject(value) && value !== NGSI_LD_NULL)
    throw new Refusal('invalid', `${path} must hold a proof, an object (clause 4.5.2.2).`, {
      member: path,
    });
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

const readMembers = (path: string, json: Json, names: Names, reading: Reading, depth: number) => {
  const nulls = reading.nulls ?? false;
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
    ...parseSubAttributes(path, json, names, reading, depth),
  };
};

/** Clause 4.7.1: the core terms that are always GeoProperties. */
const PLACES = new Set(['location', 'observationSpace', 'operationSpace'].map((p) => NGSI_LD + p));

export const checkPlace = (member: string, name: string, [first]: readonly Instance[]) => {
  if (!first || !PLACES.has(name)) return;
  const { type, value } = first;
  if (type !== 'GeoProperty' && value !== NGSI_LD_NULL && VALUE_MEMBER[type] in first)
    throw new Refusal('invalid', `${member} is a GeoProperty (clause 4.7.1).`, { member });
};

/** All instances of one attribute, the default instance first. Throws Refusal('invalid') naming the member at fault. */
export const parseInstances = (
  member: string,
  value: unknown,
  names: Names,
  reading: Reading,
  depth = 0,
  path = member,
): readonly Instance[] => {
  checkName(member);
  if (value === null || value === undefined)
    throw new Refusal(
      'invalid',
      `${path} is null; to remove it say "${NGSI_LD_NULL}" (clause 4.5.0).`,
      { member: path },
    );
  if (depth > SUB_ATTRIBUTES_DEEP_MAX)
    throw new Refusal('invalid', `${path} is nested deeper than ${SUB_ATTRIBUTES_DEEP_MAX}.`, {
      member: path,
    });
  if (reading.simplified && depth === 0) return [bare(member, value, names, reading)];
  const list = isInstanceList(value) ? value : [value];
  if (list.length > INSTANCES_MAX)
    throw new Refusal('too-large', `${path} has more than ${INSTANCES_MAX} instances.`, {
      member: path,
    });
  const instances = list.map((item) => parseInstance(path, item, names, reading, depth));
  const datasets = new Set(instances.map((i) => i.datasetId));
  if (datasets.size !== instances.length)
    throw new Refusal(
      'invalid',
      `${path} has two instances with the same datasetId (clause 4.5.5).`,
      { member: path },
    );
  return instances.sort(
    (a, b) => Number(a.datasetId !== undefined) - Number(b.datasetId !== undefined),
  );
};
