import type { Names } from '../../jsonld/compile.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** Members of entities and attributes that are not names of attributes (clause 4.5). */
const MEMBERS = new Set([
  'id',
  'type',
  'scope',
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
  'expiresAt',
  'lang',
  'entity',
  'entityList',
  'previousValue',
  'valueType',
]);
/** A short or full name within the list and selector languages (clauses 4.17 and 4.21). */
const NAME = /[^\s,;|(){}[\]]+/g;

const wordsOf = (value: unknown, toName: (name: string) => string): unknown =>
  Array.isArray(value)
    ? value.map((one) => wordsOf(one, toName))
    : typeof value === 'string'
      ? toName(value)
      : value;

const attributeOf = (json: unknown, toName: (name: string) => string): unknown => {
  if (Array.isArray(json)) return json.map((one) => attributeOf(one, toName));
  if (!isObject(json) || 'coordinates' in json || '@value' in json) return json;
  return Object.fromEntries(
    Object.entries(json).map(([member, value]) => {
      if (member === 'vocab') return [member, wordsOf(value, toName)];
      return MEMBERS.has(member) ? [member, value] : [toName(member), attributeOf(value, toName)];
    }),
  );
};

/** Turns what is in one context into another (clause 4.3.6.6): the names in a body and in a query, and no values. */
export const openTranslation = (from: Names, to: Names) => {
  const toName = (name: string) => to.compact(from.expand(name));
  const toEntity = (json: unknown): unknown => {
    if (Array.isArray(json)) return json.map(toEntity);
    if (!isObject(json)) return json;
    return Object.fromEntries(
      Object.entries(json).flatMap(([member, value]) => {
        if (member === '@context') return [];
        if (member === 'type') return [[member, wordsOf(value, toName)]];
        return MEMBERS.has(member)
          ? [[member, value]]
          : [[toName(member), attributeOf(value, toName)]];
      }),
    );
  };
  return {
    name: toName,
    entity: toEntity,
    attribute: (json: unknown) => attributeOf(json, toName),
    list: (text: string) => text.replaceAll(NAME, (name) => (name === '*' ? name : toName(name))),
  };
};
export type Translation = ReturnType<typeof openTranslation>;
