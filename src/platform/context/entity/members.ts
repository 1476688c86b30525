import { Refusal } from '#kernel/errors';
import { NAME_CHARACTERS_MAX } from '../jsonld/compile.ts';
import { ATTRIBUTE_KINDS, type AttributeKind, VALUE_MEMBER } from '../model.ts';
import type { Json } from './parse-attribute.ts';

const VALUES = new Set<string>(Object.values(VALUE_MEMBER));
/** What only answers and notifications hold (clauses 4.5.2.2 and 4.5.3.2). */
const PREVIOUS = new Set([
  'previousValue',
  'previousObject',
  'previousLanguageMap',
  'previousVocab',
  'previousValueList',
  'previousObjectList',
  'previousJson',
]);
const SEALED = new Set(['entityIdSealed', 'entityTypeSealed']);
/** Set by whoever keeps an attribute; passed over where it is sent (clause 4.8). */
const SYSTEM = ['createdAt', 'modifiedAt', 'deletedAt', 'instanceId'];

/** Core terms that are no attributes of their own (clause 4.5.1). */
const NOT_REIFIED: ReadonlySet<string> = new Set([
  ...VALUES,
  ...PREVIOUS,
  ...SEALED,
  'objectType',
  'valueType',
  'unitCode',
  'observedAt',
  'datasetId',
  'entity',
  'entityList',
  'instanceId',
]);

/** Members of an instance that are not sub-attributes. */
export const OWN_MEMBERS: ReadonlySet<string> = new Set([
  ...NOT_REIFIED,
  ...SYSTEM,
  'type',
  '@type',
  'expiresAt',
  '@context',
]);

const PROOF = 'ngsildproof';
/** Whether the path of an attribute ends in that of a proof (clause 4.5.2.2). */
export const isProof = (path: string): boolean => path === PROOF || path.endsWith(`.${PROOF}`);

const UNITED: ReadonlySet<AttributeKind> = new Set(['Property', 'GeoProperty', 'ListProperty']);
const RELATED: ReadonlySet<AttributeKind> = new Set(['Relationship', 'ListRelationship']);

const isAllowed = (member: string, kind: AttributeKind): boolean => {
  if (VALUES.has(member)) return member === VALUE_MEMBER[kind];
  if (PREVIOUS.has(member) || SEALED.has(member) || member === '@context') return false;
  if (member === 'unitCode') return UNITED.has(kind);
  // A client that sends back what it read sends these back with it: they are told by the broker alone.
  if (member === 'entity' || member === 'entityList' || member === 'objectType')
    return RELATED.has(kind);
  return true;
};

/** Of the own members those that a kind never holds, apart from a proof. */
const NEVER_IN: ReadonlyMap<AttributeKind, ReadonlySet<string>> = new Map(
  ATTRIBUTE_KINDS.map((kind) => [
    kind,
    new Set([...OWN_MEMBERS].filter((member) => !isAllowed(member, kind))),
  ]),
);

/** Refuses what an attribute of this kind never holds (clauses 4.5.2 to 4.5.24, 5.5.7). Throws Refusal('invalid'). */
export const checkMembers = (path: string, json: Json, kind: AttributeKind): void => {
  const never = NEVER_IN.get(kind)!;
  for (const member in json)
    if (never.has(member) && !(SEALED.has(member) && kind === 'Property' && isProof(path)))
      throw new Refusal(
        'invalid',
        `${path} is a ${kind}, which never holds ${member} (clauses 4.5.2 to 4.5.24).`,
        { member: path },
      );
};

const LETTERS = /^\p{L}[\p{L}\p{N}_]*$/u;
/** Of prefixed names and IRIs: what clause 4.6.4 keeps out of what is not a value. */
const FORBIDDEN = /[<>"'=;()\s{}|\\^`\p{Cc}]/u;

/** Whether this may name a type or an attribute (clause 4.6.2). */
export const isName = (name: string): boolean => {
  if (name === '' || name.length > NAME_CHARACTERS_MAX) return false;
  return name.indexOf(':') > 0 ? !FORBIDDEN.test(name) : LETTERS.test(name);
};

/** Throws Refusal('invalid') for what cannot be an attribute of an entity. */
export const checkAttributeName = (member: string): void => {
  if (NOT_REIFIED.has(member))
    throw new Refusal(
      'invalid',
      `${member} belongs to an attribute and is none itself (clause 4.5.1).`,
      { member },
    );
};
