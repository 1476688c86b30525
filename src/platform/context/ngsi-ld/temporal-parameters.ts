import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { Presentation } from '../entity/present.ts';
import { depthOf } from '../entity/projection.ts';
import type { Names } from '../jsonld/compile.ts';
import { SCOPE } from '../jsonld/core-context.ts';
import { type Aggregation, parseAggregation } from '../temporal/aggregate.ts';
import { type Interval, parseInterval } from '../temporal/interval.ts';
import type { Points } from '../temporal/points.ts';
import { checkDepth } from './join.ts';
import { optionsOf, presentationOf } from './parameters.ts';
import { checkIds, listOf } from './question-parameters.ts';

const DATASETS_MAX = 100;
const Text = Type.Optional(Type.String());

/** Tables 6.18.3.2-1 and 6.19.3.1-1: which times, and in what form (clauses 6.3.12 and 6.3.11). */
export const TEMPORAL = {
  timerel: Text,
  timeAt: Text,
  endTimeAt: Text,
  timeproperty: Text,
  lastN: Text,
  aggrMethods: Text,
  aggrPeriodDuration: Text,
  options: Text,
  format: Text,
  pick: Text,
  omit: Text,
  attrs: Text,
  lang: Text,
  datasetId: Text,
};

export type TemporalParameters = { readonly [name in keyof typeof TEMPORAL]?: string };

export type TemporalAsk = {
  readonly interval: Interval;
  readonly presentation: Presentation;
  readonly form: 'normalized' | 'temporalValues' | Aggregation;
  /** Full names of what was asked for; the scope is not among them. */
  readonly attributes?: readonly string[];
  /** The same with the scope, where that is shown. */
  readonly members?: readonly string[];
  readonly datasets?: readonly string[];
  readonly lastN?: number;
};

const FORMS = ['temporalValues', 'aggregatedValues'] as const;

const lastNOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Refusal('invalid', 'lastN is a positive whole number (Table 6.18.3.2-1).');
  return Number(text);
};

/** Whether the attributes that are shown were named; a projection to nothing but id and type names none. */
const namedOf = ({ only, hidden }: Presentation) => {
  if (!only) return {};
  const scope = hidden?.has('scope') ? [] : [SCOPE];
  const members = [...only, ...scope];
  return { ...(only.size > 0 ? { attributes: [...only] } : {}), members };
};

/** What the parameters of a temporal query ask for. Throws Refusal('invalid') naming the parameter. */
export const temporalOf = (query: TemporalParameters, names: Names): TemporalAsk => {
  const options = optionsOf(query);
  const stated = FORMS.find(
    (form) => form === query.format || (query.format === undefined && options.has(form)),
  );
  const rest = [...options].filter((option) => !FORMS.some((form) => form === option)).join(',');
  const { options: _options, format, ...others } = query;
  const isForm = FORMS.some((form) => form === format);
  const presentation = presentationOf(
    {
      ...others,
      ...(rest ? { options: rest } : {}),
      ...(format !== undefined && !isForm ? { format } : {}),
    },
    names,
  );
  checkDepth(depthOf(presentation), undefined, 'The projection');
  if (presentation.as === 'simplified')
    throw new Refusal('invalid', 'Histories are simplified by temporalValues (clause 6.3.12).');
  if (
    stated !== 'aggregatedValues' &&
    (query.aggrMethods !== undefined || query.aggrPeriodDuration !== undefined)
  )
    throw new Refusal(
      'invalid',
      'aggrMethods and aggrPeriodDuration are for aggregatedValues (clause 4.5.19).',
    );
  const datasets = listOf(query.datasetId, DATASETS_MAX, 'datasetId');
  if (datasets) checkIds(datasets.filter((dataset) => dataset !== '@none'));
  const lastN = lastNOf(query.lastN);
  return {
    interval: parseInterval(query),
    presentation,
    form:
      stated === 'aggregatedValues'
        ? parseAggregation(query.aggrMethods, query.aggrPeriodDuration)
        : (stated ?? 'normalized'),
    ...namedOf(presentation),
    ...(datasets ? { datasets } : {}),
    ...(lastN === undefined ? {} : { lastN }),
  };
};

/** Clause 6.3.10: an answer that was cut in time says so by 206 and the range of time that it holds. */
export const sendRange = (
  reply: FastifyReply,
  { points, cutAt }: Points,
  { interval, lastN }: TemporalAsk,
): void => {
  if (cutAt === undefined) return;
  const start =
    lastN === undefined ? (interval.from ?? points[0]!.time) : (interval.to ?? points.at(-1)!.time);
  reply.code(206).header('content-range', `DateTime ${start}-${cutAt}/${lastN ?? '*'}`);
};
