import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { EntitySelectors, GeoQuery } from '../query/shapes.ts';
import type { Names } from '../jsonld/compile.ts';
import { type Asking, selectorOf } from './question-parameters.ts';
import type { Showing } from './show.ts';

const Text = Type.Optional(Type.String());
const Texts = Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }));

/** Clause 5.2.23, with what clauses 5.2.13, 5.2.33, 5.2.43, 5.2.21 and 5.2.44 put into it. */
const QueryBody = Type.Object(
  {
    '@context': Type.Optional(Type.Unknown()),
    type: Type.Literal('Query'),
    entities: EntitySelectors,
    q: Text,
    geoQ: GeoQuery,
    scopeQ: Text,
    attrs: Texts,
    pick: Texts,
    omit: Texts,
    datasetId: Texts,
    expandValues: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    jsonKeys: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    geometryProperty: Text,
    lang: Text,
    ordering: Type.Optional(
      Type.Object(
        {
          orderBy: Texts,
          coordinates: Type.Optional(Type.Array(Type.Unknown())),
          geometry: Text,
          collation: Text,
        },
        { additionalProperties: false },
      ),
    ),
    containedBy: Texts,
    csf: Text,
    entityMap: Type.Optional(Type.Boolean()),
    entityMapLifetime: Text,
    join: Text,
    joinLevel: Type.Optional(Type.Integer({ minimum: 1 })),
    splitEntities: Type.Optional(Type.Boolean()),
    temporalQ: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    aggrParams: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { additionalProperties: false },
);
export type QueryBody = Static<typeof QueryBody>;

/** The body of a query. Throws Refusal('invalid') naming the first member at fault. */
export const readQueryBody = (body: unknown): QueryBody => {
  if (Value.Check(QueryBody, body)) return body;
  const [first] = Value.Errors(QueryBody, body);
  throw new Refusal(
    'invalid',
    `The Query${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'} (clause 5.2.23).`,
  );
};

const joined = (list: readonly string[] | string | undefined): string | undefined =>
  typeof list === 'object' ? list.join(',') : list;

/** A query's body as the parameters that ask the same. */
export const askingOf = (body: QueryBody, names: Names, local: string | undefined): Asking => {
  const { entities, q, geoQ, scopeQ, attrs, expandValues, jsonKeys, csf, splitEntities } = body;
  return {
    q,
    ...(geoQ as
      | { georel?: string; geometry?: string; coordinates?: string; geoproperty?: string }
      | undefined),
    scopeQ,
    attrs: joined(attrs),
    expandValues: joined(expandValues),
    jsonKeys: joined(jsonKeys),
    csf,
    ...(splitEntities === undefined ? {} : { splitEntities: String(splitEntities) }),
    local,
    ...(entities
      ? {
          selectors: entities.map(({ type, id, idPattern }) =>
            selectorOf({ type, ids: typeof id === 'string' ? [id] : id, idPattern }, names),
          ),
        }
      : {}),
  };
};

/** How a query's body wants its answer shown, as the parameters that say the same. */
export const showingOf = (body: QueryBody): Showing => {
  const { attrs, pick, omit, datasetId, lang, join, joinLevel, containedBy, geometryProperty } =
    body;
  const texts = {
    attrs: joined(attrs),
    pick: joined(pick),
    omit: joined(omit),
    datasetId: joined(datasetId),
    lang,
    join,
    joinLevel: joinLevel === undefined ? undefined : String(joinLevel),
    containedBy: joined(containedBy),
    geometryProperty,
  };
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined));
};
