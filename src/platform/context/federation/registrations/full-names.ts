import type { Names } from '../../jsonld/compile.ts';
import { Document } from './document.ts';

/** A registration as it is kept: names in full. Members beyond the standard's are Context Source Properties (csf). */
export type Kept = Document & Readonly<Record<string, unknown>>;

type Json = Record<string, unknown>;
type Rename = (name: string) => string;

const isObject = (json: unknown): json is Json =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
const MEMBERS = new Set(Object.keys(Document.properties));

/** Members that the standard gives a registration keep their names. */
export const isOwnMember = (name: string): boolean => MEMBERS.has(name);

const inList = (names: unknown, rename: Rename): unknown =>
  Array.isArray(names)
    ? names.map((name: unknown) => (typeof name === 'string' ? rename(name) : name))
    : names;

const inEntity = (info: unknown, rename: Rename): unknown => {
  if (!isObject(info) || info['type'] === undefined) return info;
  const { type } = info;
  return { ...info, type: typeof type === 'string' ? rename(type) : inList(type, rename) };
};

const inInformation = (info: unknown, rename: Rename): unknown => {
  if (!isObject(info)) return info;
  const { entities, propertyNames, relationshipNames, ...rest } = info;
  return {
    ...rest,
    ...(entities === undefined
      ? {}
      : {
          entities: Array.isArray(entities)
            ? entities.map((one) => inEntity(one, rename))
            : entities,
        }),
    ...(propertyNames === undefined ? {} : { propertyNames: inList(propertyNames, rename) }),
    ...(relationshipNames === undefined
      ? {}
      : { relationshipNames: inList(relationshipNames, rename) }),
  };
};

const inDocument = (document: Json, rename: Rename): Json =>
  Object.fromEntries(
    Object.entries(document).map(([member, value]) => {
      if (!isOwnMember(member)) return [rename(member), value];
      if (member !== 'information' || !Array.isArray(value)) return [member, value];
      return [member, value.map((info) => inInformation(info, rename))];
    }),
  );

/** A registration, or a part of one that is to be merged into it, with names in full. */
export const toFullNames = (document: Json, names: Names): Json =>
  inDocument(document, names.expand);

export const toShortNames = (kept: Kept, names: Names): Json => inDocument(kept, names.compact);
