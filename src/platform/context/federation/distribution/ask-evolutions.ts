import { attributesWithin } from '../registrations/match.ts';
import type { Match } from '../registrations/model.ts';
import {
  type Asking,
  idPathOf,
  keep,
  narrowIds,
  narrowTypes,
  parametersOf,
  QUERYING,
  translate,
} from './ask.ts';
import type { Journey } from './journey.ts';
import { infoOf, type Call } from './send.ts';

/** Which times (clause 4.11) and datasets; what becomes of the instances is ours to do, once all are together. */
const TIMES = ['timerel', 'timeAt', 'endTimeAt', 'timeproperty', 'lastN', 'datasetId'] as const;
const RETRIEVING: ReadonlySet<string> = new Set(TIMES);
const ALL: ReadonlySet<string> = new Set([...QUERYING, ...TIMES]);

type Json = Readonly<Record<string, unknown>>;

/** Whole instances, with the times by which they are told apart (clause 4.5.5.3). */
const whole = (query: URLSearchParams): URLSearchParams => {
  query.set('options', 'sysAttrs');
  return query;
};

const contextOf = ({ registration }: Match) => {
  const context = infoOf(registration, 'jsonldContext');
  return context === undefined ? {} : { context };
};

const narrowAttributes = (query: URLSearchParams, match: Match, { names }: Asking): void => {
  const attributes = attributesWithin(match);
  if (attributes) query.set('attrs', attributes.map((name) => names.compact(name)).join(','));
};

/** How a source is asked for the history of one entity (clause 5.7.3.4). */
export const callForEvolution = (
  journey: Journey,
  id: string,
  match: Match,
  asking: Asking,
): Call => {
  const query = whole(keep(journey.query, RETRIEVING));
  narrowAttributes(query, match, asking);
  return { method: 'GET', path: `/temporal/entities/${idPathOf(id)}`, query, ...contextOf(match) };
};

/** A body's temporal query as the parameters that ask the same (clause 5.2.21), without the aggregation. */
const timesOf = ({ temporalQ = {} }: { temporalQ?: Json }): [string, string][] =>
  TIMES.flatMap((name): [string, string][] =>
    temporalQ[name] === undefined ? [] : [[name, String(temporalQ[name])]],
  );

/** The requests by which a source is asked for histories (clause 5.7.4.4): one for each selector of entities. */
export const callsForEvolutions = (
  journey: Journey,
  match: Match,
  asking: Asking,
): readonly Call[] => {
  const body = journey.method === 'POST' ? (journey.body as Json) : undefined;
  const selectors = (body?.['entities'] as Json[] | undefined) ?? [undefined];
  const queries = body
    ? selectors.map((selector) => {
        const query = parametersOf(body, selector);
        for (const [name, value] of timesOf(body)) query.set(name, value);
        return query;
      })
    : [keep(journey.query, ALL)];
  return queries.map((query) => {
    if (asking.translation) translate(query, asking.translation);
    narrowTypes(query, match, asking.names);
    narrowIds(query, match);
    narrowAttributes(query, match, asking);
    return { method: 'GET', path: '/temporal/entities', query: whole(query), ...contextOf(match) };
  });
};
