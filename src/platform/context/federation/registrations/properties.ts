import { coreNames } from '../../jsonld/compile.ts';
import type { Attributes, Entity } from '../../model.ts';
import type { Kept } from './full-names.ts';

const EPOCH = '1970-01-01T00:00:00.000Z';

/** A registration as something that queries can be put to: each member a Property of itself (clause 4.9, csf). */
export const propertiesOf = (document: Kept): Entity => {
  const attributes: Attributes = Object.fromEntries(
    Object.entries(document).map(([member, value]) => [
      coreNames.expand(member),
      [{ type: 'Property', value }],
    ]),
  );
  return {
    id: document.id ?? '',
    types: ['ContextSourceRegistration'],
    scopes: [],
    attributes,
    createdAt: EPOCH,
    modifiedAt: EPOCH,
  };
};
