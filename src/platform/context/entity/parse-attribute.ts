import { Refusal } from '#kernel/errors';
import { isIri, NAME_CHARACTERS_MAX, type Names } from '../jsonld/compile.ts';
import {
  ATTRIBUTE_KINDS,
  type AttributeKind,
  type Instance,
  NGSI_LD_NULL,
  VALUE_MEMBER,
} from '../model.ts';
import { parseInstantMember, parseValue } from './parse-value.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Reading = {
  /** "urn:ngsi-ld:null" asks for removal and so is only meant where something exists (clause 4.5.0). */
  readonly nulls?: boolean;
  /** Every attribute is a bare value (simplified form, clause 4.5.4), never an object with members. */
  readonly simplified?: boolean;
  /** An attribute fragment may leave its value out (clause 5.6.4). */
  readonly partial?: boolean;
};

const SUB_ATTRIBUTES_DEEP_MAX = 5;
const INSTANCES_MAX = 1000;
/** Clause 4.6.2 and 4.6.3: what a name may not hold. */
const FORBIDDEN_IN_NAMES = /[<>"'=;()\s]/;
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
/** Members of an instance that are not sub-attributes; those the broker itself sets are passed over. */
const OWN_MEMBERS = new Set([
  'type',
  '@type',
  'value',
  'object',
  'objectType',
  'languageMap',
  'vocab',
  'valueList',
  'objectList',
  'json',
  'unitCode',
  'observedAt',
  'datasetId',
  'createdAt',
  'modifiedAt',
  'deletedAt',
  'instanceId',
  '@context',
  'entity',
  'entityList',
  'previousValue',
  'previousObject',
  'previousLanguageMap',
  'previousVocab',
  'previousValueList',
  'previousObjectList',
  'previousJson',
]);
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

const bare = (member: string, value: unknown, names: Names, reading: Reading): Instance => {
  if (isObject(value) && isGeometry(value))
    return { type: 'GeoProperty', value: parseValue('GeoProperty', member, value, names, reading) };
  return { type: 'Property', value: parseValue('Property', member, value, names, reading) };
};

const checkName = (member: string) => {
  if (
    member === '' ||
    member.length > NAME_CHARACTERS_MAX ||
    member.startsWith(':') ||
    FORBIDDEN_IN_NAMES.test(member)
  )
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
      `${path}.${member}`,
      value,
      names,
      { ...reading, partial: false },
      depth + 1,
    );
  }
  return found as Record<`${string}:${string}`, readonly Instance[]>;
};

const parseText = (path: string, json: Json, member: 'unitCode' | 'datasetId', nulls: boolean) => {
  const value = json[member];
  if (value === undefined) return {};
  const allowed =
    typeof value === 'string' &&
    (member === 'unitCode' ? value !== '' : isIri(value) || value === '@none');
  if (!allowed || (value === NGSI_LD_NULL && !nulls))
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
  return {
    type: kind,
    ...(member in json ? { [member]: parseValue(kind, path, json[member], names, reading) } : {}),
    ...readMembers(path, json, names, reading, depth),
  };
};

const readMembers = (path: string, json: Json, names: Names, reading: Reading, depth: number) => {
  const objectType = json['objectType'];
  return {
    ...(objectType === undefined
      ? {}
      : {
          objectType: Array.isArray(objectType)
            ? objectType.map((t) => names.expand(String(t)))
            : names.expand(String(objectType)),
        }),
    ...parseText(path, json, 'unitCode', reading.nulls ?? false),
    ...parseText(path, json, 'datasetId', false),
    ...parseInstantMember(path, json, reading.nulls ?? false),
    ...parseSubAttributes(path, json, names, reading, depth),
  };
};

/** All instances of one attribute, the default instance first. Throws Refusal('invalid') naming the member at fault. */
export const parseInstances = (
  member: string,
  value: unknown,
  names: Names,
  reading: Reading,
  depth = 0,
): readonly Instance[] => {
  checkName(member);
  if (value === null || value === undefined)
    throw new Refusal(
      'invalid',
      `${member} is null; to remove it say "${NGSI_LD_NULL}" (clause 4.5.0).`,
      { member },
    );
  if (depth > SUB_ATTRIBUTES_DEEP_MAX)
    throw new Refusal('invalid', `${member} is nested deeper than ${SUB_ATTRIBUTES_DEEP_MAX}.`, {
      member,
    });
  if (reading.simplified && depth === 0) return [bare(member, value, names, reading)];
  const list = isInstanceList(value) ? value : [value];
  if (list.length > INSTANCES_MAX)
    throw new Refusal('too-large', `${member} has more than ${INSTANCES_MAX} instances.`, {
      member,
    });
  const instances = list.map((item) => parseInstance(member, item, names, reading, depth));
  const datasets = new Set(instances.map((i) => i.datasetId));
  if (datasets.size !== instances.length)
    throw new Refusal(
      'invalid',
      `${member} has two instances with the same datasetId (clause 4.5.5).`,
      { member },
    );
  return instances.sort(
    (a, b) => Number(a.datasetId !== undefined) - Number(b.datasetId !== undefined),
  );
};
