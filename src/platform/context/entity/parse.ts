import { Refusal } from '#kernel/errors';
import { parseInstant, toInstant } from '#kernel/time';
import { NAME_CHARACTERS_MAX, type Names } from '../jsonld/compile.ts';
import { type Attributes, type Fragment, type Instance, NGSI_LD_NULL } from '../model.ts';
import { checkAttributeName, isName } from './members.ts';
import { type Json, parseInstances, type Reading } from './parse-attribute.ts';
import { checkPlace } from './parse-members.ts';
import { parseDateTime } from './parse-value.ts';
import { checkId } from './uri.ts';

export { checkId } from './uri.ts';

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

/** Clause 4.18. */
const SCOPE = /^\/?\p{L}[\p{L}\p{N}_]*(?:\/\p{L}[\p{L}\p{N}_]*)*$/u;

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

const parseTypes = (value: unknown, names: Names, fragment: boolean): string[] => {
  if (value === undefined && fragment) return [];
  const given = Array.isArray(value) ? value : [value];
  if (given.length === 0 || given.length > ENTITY_TYPES_MAX)
    throw new Refusal('invalid', `An entity has 1 to ${ENTITY_TYPES_MAX} types (clause 4.16).`);
  return given.map((type) => {
    if (typeof type !== 'string' || type === NGSI_LD_NULL || !isName(type))
      throw new Refusal(
        'invalid',
        'type must be a name or a list of names (clauses 4.6.2 and 4.16).',
        {
          member: 'type',
        },
      );
    const name = names.expand(type);
    if (name.startsWith('@'))
      throw new Refusal('invalid', `${type} is a word of JSON-LD, and no type (clause 5.5.4).`, {
        member: 'type',
      });
    return name;
  });
};

/** No scopes are those that the null word leaves. */
const parseScopes = (value: unknown, nulls: boolean): readonly string[] | undefined => {
  if (value === undefined) return undefined;
  if (value === NGSI_LD_NULL && nulls) return [];
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

const parseExpiry = (value: unknown, nulls: boolean): string | undefined => {
  if (value === undefined) return undefined;
  const at = parseDateTime('expiresAt', value, nulls);
  return at === NGSI_LD_NULL ? at : toInstant(parseInstant(at)!);
};

/** The attributes of an entity or fragment under these names; normalized and concise forms mixed as they come. */
const parseAttributes = (json: Json, names: Names, reading: Reading): Attributes => {
  const attributes: Record<string, readonly Instance[]> = {};
  for (const [member, value] of Object.entries(json)) {
    if (OWN_MEMBERS.has(member)) continue;
    checkAttributeName(member);
    const iri = names.expand(member);
    if (attributes[iri])
      throw new Refusal('invalid', `${member} is there twice, under two names.`, { member });
    const instances = parseInstances(member, value, names, reading);
    checkPlace(member, iri, instances);
    attributes[iri] = instances;
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
  const scopes = parseScopes(object['scope'], reading.nulls ?? false);
  const expiresAt = parseExpiry(object['expiresAt'], reading.nulls ?? false);
  return {
    id,
    types: parseTypes(object['type'] ?? object['@type'], names, reading.fragment ?? false),
    attributes: parseAttributes(object, names, reading),
    ...(scopes ? { scopes } : {}),
    ...(expiresAt ? { expiresAt } : {}),
  };
};
