import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import { EntitySelectors, GeoQuery } from '../query/shapes.ts';
import type { Names } from '../jsonld/compile.ts';
import { type Asking, selectorOf } from './question-parameters.ts';

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
    expandValues: Text,
    jsonKeys: Text,
    lang: Text,
    ordering: Type.Optional(
      Type.Object(
        {
          orderBy: Texts,
          coordinates: Type.Optional(Type.Unknown()),
          geometry: Text,
          collation: Text,
        },
        { additionalProperties: false },
      ),
    ),
    collation: Text,
    containedBy: Type.Optional(Type.Unknown()),
    csf: Text,
    entityMap: Type.Optional(Type.Boolean()),
    entityMapLifetime: Text,
    join: Text,
    joinLevel: Type.Optional(Type.Integer()),
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

/** A query's body as the parameters that ask the same. */
export const askingOf = (body: QueryBody, names: Names, local: string | undefined): Asking => {
  const { entities, q, geoQ, scopeQ, attrs, expandValues, jsonKeys } = body;
  return {
    q,
    ...(geoQ as
      | { georel?: string; geometry?: string; coordinates?: string; geoproperty?: string }
      | undefined),
    scopeQ,
    attrs: attrs?.join(','),
    expandValues,
    jsonKeys,
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
