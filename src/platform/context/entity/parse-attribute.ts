import { Refusal } from '#kernel/errors';
import type { Names } from '../jsonld/compile.ts';
import {
  ATTRIBUTE_KINDS,
  type AttributeKind,
  type Instance,
  NGSI_LD_NULL,
  VALUE_MEMBER,
} from '../model.ts';
import { checkMembers, isName, isProof, OWN_MEMBERS } from './members.ts';
import { checkProof, parseMembers } from './parse-members.ts';
import { parseValue } from './parse-value.ts';

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

const readMembers = (path: string, json: Json, names: Names, reading: Reading, depth: number) => ({
  ...parseMembers(path, json, names, reading.nulls ?? false),
  ...parseSubAttributes(path, json, names, reading, depth),
});

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
