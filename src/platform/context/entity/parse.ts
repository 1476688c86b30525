import { Refusal } from '#kernel/errors';
import { parseInstant } from '#kernel/time';
import { isIri, NAME_CHARACTERS_MAX, type Names } from '../jsonld/compile.ts';
import type { Attributes, Fragment, Instance } from '../model.ts';
import { type Json, parseInstances, type Reading } from './parse-attribute.ts';

const ENTITY_TYPES_MAX = 20;
const ATTRIBUTES_MAX = 1000;
const SCOPES_MAX = 50;

/** Members of an entity that are not attributes (clause 4.5.1, 5.2.4). */
const OWN_MEMBERS = new Set([
  'id',
  '@id',
  'type',
  '@type',
  'scope',
  '@context',
  'createdAt',
  'modifiedAt',
  'deletedAt',
  'expiresAt',
]);

const SCOPE = /^\/?[\p{L}_][\p{L}\p{N}_-]*(?:\/[\p{L}_][\p{L}\p{N}_-]*)*$/u;

export type EntityReading = Reading & {
  /** A fragment may leave out type (and id, where the path gives it). */
  readonly fragment?: boolean;
  /** Where the path names the entity. */
  readonly id?: string;
};

const asObject = (json: unknown): Json => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Refusal('invalid', 'An entity is a JSON object.');
  return json as Json;
};

/** Clause 4.6.2: an entity is named by a URI. */
export const checkId = (id: unknown, member = 'id'): string => {
  if (typeof id !== 'string' || !isIri(id))
    throw new Refusal('invalid', `${member} must be a URI (clause 4.6.2).`, { member });
  return id;
};

const parseTypes = (value: unknown, names: Names, fragment: boolean): string[] => {
  if (value === undefined && fragment) return [];
  const given = Array.isArray(value) ? value : [value];
  if (given.length === 0 || given.length > ENTITY_TYPES_MAX)
    throw new Refusal('invalid', `An entity has 1 to ${ENTITY_TYPES_MAX} types (clause 4.16).`);
  return given.map((type) => {
    if (typeof type !== 'string' || type === '' || type.length > NAME_CHARACTERS_MAX)
      throw new Refusal('invalid', 'type must be a name or a list of names (clause 4.16).', {
        member: 'type',
      });
    return names.expand(type);
  });
};

const parseScopes = (value: unknown): readonly string[] | undefined => {
  if (value === undefined) return undefined;
  const given = Array.isArray(value) ? value : [value];
  if (given.length > SCOPES_MAX)
    throw new Refusal('invalid', `An entity has at most ${SCOPES_MAX} scopes.`);
  return given.map((scope) => {
    if (typeof scope !== 'string' || scope.length > NAME_CHARACTERS_MAX || !SCOPE.test(scope))
      throw new Refusal('invalid', 'A scope is a path such as /Ningbo/Beilun (clause 4.18).', {
        member: 'scope',
      });
    return scope.startsWith('/') ? scope : `/${scope}`;
  });
};

const parseExpiry = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || parseInstant(value) === undefined)
    throw new Refusal('invalid', 'expiresAt must be an ISO 8601 instant in UTC (clause 4.8).', {
      member: 'expiresAt',
    });
  return value;
};

/** The attributes of an entity or fragment under these names; normalized and concise forms mixed as they come. */
const parseAttributes = (json: Json, names: Names, reading: Reading): Attributes => {
  const attributes: Record<string, readonly Instance[]> = {};
  for (const [member, value] of Object.entries(json)) {
    if (OWN_MEMBERS.has(member)) continue;
    const iri = names.expand(member);
    if (attributes[iri])
      throw new Refusal('invalid', `${member} is there twice, under two names.`, { member });
    attributes[iri] = parseInstances(member, value, names, reading);
  }
  if (Object.keys(attributes).length > ATTRIBUTES_MAX)
    throw new Refusal('too-large', `An entity has at most ${ATTRIBUTES_MAX} attributes.`);
  return attributes;
};

/**
 * An entity or a fragment of one as clients send it (clauses 4.5.1–4.5.4, 5.2.4), expanded and checked.
 * Throws Refusal('invalid') naming the member at fault.
 */
export const parseEntity = (json: unknown, names: Names, reading: EntityReading = {}): Fragment => {
  const object = asObject(json);
  const id = reading.id ?? checkId(object['id'] ?? object['@id']);
  const scopes = parseScopes(object['scope']);
  const expiresAt = parseExpiry(object['expiresAt']);
  return {
    id,
    types: parseTypes(object['type'] ?? object['@type'], names, reading.fragment ?? false),
    attributes: parseAttributes(object, names, reading),
    ...(scopes ? { scopes } : {}),
    ...(expiresAt ? { expiresAt } : {}),
  };
};
