import type { Entity } from '../model.ts';
import { seen } from '../sight.ts';
import { matchesGeo } from './geo-matches.ts';
import { matchesQuery } from './matches.ts';
import type { Filter, Selector } from './question.ts';
import { matchesScopes } from './scope.ts';
import { matchesTypes } from './type-selector.ts';

const matchesSelector = (
  { types, ids, idPattern }: Selector,
  { id, types: own }: Entity,
): boolean =>
  (!types || matchesTypes(types, own)) &&
  (!ids || ids.includes(id)) &&
  (!idPattern || idPattern.test(id));

/**
 * Whether an entity passes a filter, without the database: what `listEntities` would find it by. The tenant is the
 * caller's to compare; a geo-query must have passed `checkMatchable`.
 */
export const matchesFilter = ({ sight, ...filter }: Filter, whole: Entity): boolean => {
  const entity = seen(whole, sight);
  if (!entity) return false;
  const { selectors = [], q, geo, scopes, attributes, within } = filter;
  return (
    (selectors.length === 0 || selectors.some((selector) => matchesSelector(selector, entity))) &&
    (!within || within.includes(entity.id)) &&
    (!attributes || attributes.some((name) => Object.hasOwn(entity.attributes, name))) &&
    (!scopes || matchesScopes(scopes, entity.scopes)) &&
    (!q || matchesQuery(q, entity)) &&
    (!geo || matchesGeo(geo, entity))
  );
};
