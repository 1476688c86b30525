import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import { isIri, type Names } from '../jsonld/compile.ts';
import type { Entity } from '../model.ts';
import { parseGeometry, parseGeoQuestion } from '../query/geo.ts';
import { parseCollation } from '../query/collation.ts';
import { parseOrder } from '../query/order.ts';
import { checkText } from '../query/operand.ts';
import { parsePattern } from '../query/pattern.ts';
import { namesAttribute, parseQ } from '../query/q.ts';
import type { EntityQuestion, Filter, Selector } from '../query/question.ts';
import { parseScopes } from '../query/scope.ts';
import { parseTypes } from '../query/type-selector.ts';

const IDS_MAX = 1_000;
const ATTRIBUTES_MAX = 100;
const Text = Type.Optional(Type.String());

/** Tables 6.4.3.2-1 and 6.18.3.2-1: which entities are asked for. */
export const FILTER = {
  type: Text,
  id: Text,
  idPattern: Text,
  attrs: Text,
  q: Text,
  expandValues: Text,
  jsonKeys: Text,
  georel: Text,
  geometry: Text,
  coordinates: Text,
  geoproperty: Text,
  scopeQ: Text,
  datasetId: Text,
  local: Text,
};

export type FilterParameters = { readonly [name in keyof typeof FILTER]?: string | undefined };
export type Asking = FilterParameters & {
  readonly csf?: string | undefined;
  readonly splitEntities?: string | undefined;
  readonly selectors?: readonly Selector[];
};

export const listOf = (
  text: string | undefined,
  max: number,
  what: string,
): string[] | undefined => {
  if (text === undefined) return undefined;
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new Refusal('invalid', `${what} has an empty item.`);
  if (items.length > max) throw new Refusal('invalid', `${what} has more than ${max} items.`);
  return items;
};

export const booleanOf = (text: string | undefined, what: string): boolean | undefined => {
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false')
    throw new Refusal('invalid', `${what} is true or false.`);
  return text === 'true';
};

export const checkIds = (ids: readonly string[]): readonly string[] => {
  for (const id of ids)
    if (!isIri(checkText(id))) throw new Refusal('invalid', `${id} is not a URI (clause 4.6.2).`);
  return ids;
};

/** One selector of entities (clause 5.2.33): an id takes precedence over a pattern. */
export const selectorOf = (
  {
    type,
    ids,
    idPattern,
  }: {
    type?: string | undefined;
    ids?: readonly string[] | undefined;
    idPattern?: string | undefined;
  },
  names: Names,
): Selector => {
  const types =
    type === undefined ? undefined : parseTypes(type, (short) => checkText(names.expand(short)));
  return {
    ...(types ? { types } : {}),
    ...(ids ? { ids: checkIds(ids) } : {}),
    ...(idPattern !== undefined && !ids ? { idPattern: parsePattern(idPattern) } : {}),
  };
};

/** Clauses 4.5.1 and 6.3.11: what every entity has tells nothing apart. */
const SYSTEM = new Set(['createdAt', 'modifiedAt', 'deletedAt', 'expiresAt', 'id', 'type']);

/** What the parameters ask for (clauses 5.7.2.4 and 5.7.4.4). Throws Refusal('invalid'), too wide a query included. */
export const filterOf = (asking: Asking, names: Names, tenant: string): Filter => {
  const expand = (short: string) => checkText(names.expand(short));
  const local = booleanOf(asking.local, 'local');
  const ids = listOf(asking.id, IDS_MAX, 'id');
  const single = selectorOf({ type: asking.type, ids, idPattern: asking.idPattern }, names);
  const selectors = asking.selectors ?? (Object.keys(single).length > 0 ? [single] : []);
  const expandValues = listOf(asking.expandValues, ATTRIBUTES_MAX, 'expandValues');
  // jsonKeys asks that JSON is not taken for JSON-LD: paths into values always go by the names as they stand.
  listOf(asking.jsonKeys, ATTRIBUTES_MAX, 'jsonKeys');
  const q =
    asking.q === undefined
      ? undefined
      : parseQ(asking.q, {
          expand,
          links: true,
          ...(expandValues ? { expandValues: new Set(expandValues) } : {}),
        });
  const geo = parseGeoQuestion(asking, expand);
  const attrs = listOf(asking.attrs, ATTRIBUTES_MAX, 'attrs');
  const attributes = attrs?.map(expand);
  const csf = asking.csf === undefined ? undefined : parseQ(asking.csf, { expand });
  const split = booleanOf(asking.splitEntities, 'splitEntities');
  if (asking.type === '*' && local === false)
    throw new Refusal('invalid', 'type=* is local; local=false contradicts it (Table 6.4.3.2-1).');
  const isNarrow =
    asking.type !== undefined ||
    selectors.some(({ types }) => types) ||
    attrs?.some((name) => !SYSTEM.has(name)) ||
    (q && namesAttribute(q)) ||
    geo ||
    local;
  if (!isNarrow)
    throw new Refusal(
      'invalid',
      'Ask by type, attrs, q or georel, or with local=true: this query is too wide (clause 5.7.2.4).',
    );
  return {
    tenant,
    selectors,
    ...(q ? { q } : {}),
    ...(geo ? { geo } : {}),
    ...(asking.scopeQ === undefined ? {} : { scopes: parseScopes(asking.scopeQ) }),
    ...(attributes ? { attributes } : {}),
    ...(csf ? { csf } : {}),
    ...(split === undefined ? {} : { split }),
    ...(local || asking.type === '*' ? { local: true } : {}),
  };
};

export type OrderParameters = {
  orderBy?: string | undefined;
  orderFrom?: unknown;
  orderGeometry?: string | undefined;
  collation?: string | undefined;
};

/** Clause 4.23: the geometry that distances are from is a point unless named. */
export const orderOf = (
  { orderBy, orderFrom, orderGeometry = 'Point', collation }: OrderParameters,
  names: Names,
): Pick<EntityQuestion, 'order' | 'collator'> => {
  const from = orderFrom === undefined ? undefined : parseGeometry(orderGeometry, orderFrom);
  const collator = collation === undefined ? undefined : parseCollation(collation);
  const expand = (short: string) => checkText(names.expand(short));
  return {
    order: orderBy === undefined ? [] : parseOrder(orderBy, expand, from),
    ...(collator ? { collator } : {}),
  };
};

/** Keeps the instances of these datasets; `@none` is the default instance (clause 4.5.5). */
export const openDatasets = (datasetId: string | undefined): ((entity: Entity) => Entity) => {
  const datasets = listOf(datasetId, ATTRIBUTES_MAX, 'datasetId');
  if (!datasets) return (entity) => entity;
  checkIds(datasets.filter((dataset) => dataset !== '@none'));
  return (entity) => ({
    ...entity,
    attributes: Object.fromEntries(
      Object.entries(entity.attributes).flatMap(([name, instances]) => {
        const kept = instances.filter((instance) =>
          datasets.includes(instance.datasetId ?? '@none'),
        );
        return kept.length > 0 ? [[name, kept]] : [];
      }),
    ),
  });
};
