import { coreNames } from '../../jsonld/compile.ts';
import { type AttributeKind, type Entity, type Instance, VALUE_MEMBER } from '../../model.ts';
import type { Kept } from './full-names.ts';

const EPOCH = '1970-01-01T00:00:00.000Z';

/** Context Source Properties are given as attributes of an entity are, or as values. */
const instanceOf = (value: unknown): Instance => {
  if (typeof value === 'object' && value !== null && 'type' in value) {
    const member = VALUE_MEMBER[value.type as AttributeKind] as string | undefined;
    if (member && member in value) return value as Instance;
  }
  return { type: 'Property', value };
};

/** A registration as something that queries can be put to (clause 4.9, csf): each member is a Property of it. */
export const propertiesOf = (document: Kept): Entity => ({
  id: document.id ?? '',
  types: ['ContextSourceRegistration'],
  scopes: [],
  attributes: Object.fromEntries(
    Object.entries(document).map(([member, value]) => [
      coreNames.expand(member),
      [instanceOf(value)],
    ]),
  ),
  createdAt: EPOCH,
  modifiedAt: EPOCH,
});
