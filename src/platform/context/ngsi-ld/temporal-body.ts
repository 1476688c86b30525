import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from '#kernel/errors';
import type { QueryBody } from './query-body.ts';
import { showingOf } from './query-body.ts';
import type { TemporalParameters } from './temporal-parameters.ts';

const Text = Type.Optional(Type.String());
const AGGREGATION = {
  aggrMethods: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  aggrPeriodDuration: Text,
};
/** Clause 5.2.44. */
const AggregationParams = Type.Object(AGGREGATION, { additionalProperties: false });
/** Clause 5.2.21. */
const TemporalQuery = Type.Object(
  {
    timerel: Text,
    timeAt: Text,
    endTimeAt: Text,
    timeproperty: Text,
    lastN: Type.Optional(Type.Integer({ minimum: 1 })),
    ...AGGREGATION,
  },
  { additionalProperties: false },
);

const refuse = (what: string, schema: typeof TemporalQuery, members: unknown): never => {
  const [first] = Value.Errors(schema, members);
  throw new Refusal(
    'invalid',
    `${what}${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'} (clauses 5.2.21 and 5.2.44).`,
  );
};

const LINKING = ['join', 'joinLevel', 'containedBy', 'geometryProperty'] as const;

/**
 * A body's temporal query as the parameters that ask the same: where methods of aggregation are named in it, aggregated
 * values are asked for. Throws Refusal('invalid').
 */
export const temporalParametersOf = (
  body: QueryBody,
  { options, format }: { options?: string | undefined; format?: string | undefined },
): TemporalParameters => {
  const { temporalQ = {}, aggrParams = {} } = body;
  for (const name of LINKING)
    if (body[name] !== undefined && body[name] !== '@none')
      throw new Refusal('invalid', `${name} is not for temporal queries (clause 5.7.4.4).`);
  if (!Value.Check(TemporalQuery, temporalQ)) return refuse('temporalQ', TemporalQuery, temporalQ);
  if (!Value.Check(AggregationParams, aggrParams))
    return refuse('aggrParams', AggregationParams as never, aggrParams);
  const { lastN, aggrMethods: _methods, aggrPeriodDuration: _duration, ...times } = temporalQ;
  const { aggrMethods, aggrPeriodDuration } = { ...temporalQ, ...aggrParams };
  const { attrs, pick, omit, datasetId, lang } = showingOf(body);
  const isAggregated = aggrMethods !== undefined && format === undefined;
  const parameters = {
    ...times,
    lastN: lastN === undefined ? undefined : String(lastN),
    aggrMethods: typeof aggrMethods === 'object' ? aggrMethods.join(',') : aggrMethods,
    aggrPeriodDuration,
    options,
    format: isAggregated ? 'aggregatedValues' : format,
    attrs,
    pick,
    omit,
    datasetId,
    lang,
  };
  return Object.fromEntries(Object.entries(parameters).filter(([, text]) => text !== undefined));
};
