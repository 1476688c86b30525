import { Refusal } from '#kernel/errors';
import { coreNames, type Names } from '../../jsonld/compile.ts';
import { booleanOf, listOf, selectorOf } from '../../ngsi-ld/question-parameters.ts';
import { parseGeoQuestion } from '../../query/geo.ts';
import { parseQ, type Query } from '../../query/q.ts';
import { parseScopes } from '../../query/scope.ts';
import { parseInterval } from '../../temporal/interval.ts';
import { isOwnMember } from './full-names.ts';
import type { Question } from './model.ts';

const IDS_MAX = 1_000;
const NAMES_MAX = 100;
const OWN_MEMBERS = new Set(['id', 'type', 'scope']);
const PLACES = new Set(['location', 'observationSpace', 'operationSpace'].map(coreNames.expand));

/** The attributes that a query is about, by full names. */
const rootsOf = (query: Query): readonly string[] => {
  if ('of' in query) return query.of.flatMap(rootsOf);
  if (query.kind === 'linked') return [query.name];
  return 'names' in query.path ? query.path.names.slice(0, 1) : [];
};

/** A query on registrations themselves (csf): their own members by their names, others by the caller's. */
export const parseCsf = (text: string, names: Names): Query =>
  parseQ(text, {
    expand: (term) => (isOwnMember(term) ? coreNames : names).expand(term),
  });

/** Table 6.8.3.2-1, without the page. */
export type DiscoveryParameters = {
  readonly [
    name in
      | 'type'
      | 'id'
      | 'idPattern'
      | 'attrs'
      | 'pick'
      | 'q'
      | 'csf'
      | 'georel'
      | 'geometry'
      | 'coordinates'
      | 'geoproperty'
      | 'scopeQ'
      | 'timerel'
      | 'timeAt'
      | 'endTimeAt'
      | 'timeproperty'
      | 'local'
  ]?: string;
};

/** What the parameters ask of registrations (clause 5.10.2.4). Throws Refusal('invalid'), too wide a query included. */
export const questionOfParameters = (
  asked: DiscoveryParameters,
  names: Names,
  tenant: string,
  at: Date,
): Question => {
  const { type, idPattern, timerel, timeAt, endTimeAt, timeproperty, scopeQ, csf } = asked;
  booleanOf(asked.local, 'local'); // registrations are here or nowhere
  const ids = listOf(asked.id, IDS_MAX, 'id');
  const selector = selectorOf({ type, ids, idPattern }, names);
  const listed = [
    ...(listOf(asked.attrs, NAMES_MAX, 'attrs') ?? []),
    ...(listOf(asked.pick, NAMES_MAX, 'pick') ?? []).filter((name) => !OWN_MEMBERS.has(name)),
  ].map(names.expand);
  const q = asked.q === undefined ? undefined : parseQ(asked.q, { expand: names.expand });
  const geo = parseGeoQuestion(asked, names.expand);
  if (type === undefined && listed.length === 0 && !q && !geo && !ids)
    throw new Refusal(
      'invalid',
      'Ask by type, attrs, q, georel or id: this query is too wide (clause 5.10.2.4).',
    );
  const attributes = [
    ...listed,
    ...(q ? rootsOf(q) : []),
    ...(geo && !PLACES.has(geo.property) ? [geo.property] : []),
  ];
  const isTemporal = timerel !== undefined || timeAt !== undefined || endTimeAt !== undefined;
  return {
    tenant,
    atMs: at.getTime(),
    ...(Object.keys(selector).length > 0 ? { selectors: [selector] } : {}),
    ...(attributes.length > 0 ? { attributes } : {}),
    ...(geo ? { geo } : {}),
    ...(scopeQ === undefined ? {} : { scopes: parseScopes(scopeQ) }),
    ...(csf === undefined ? {} : { csf: parseCsf(csf, names) }),
    // Table 6.8.3.2-1: without a temporal query timeproperty means nothing.
    ...(isTemporal
      ? { interval: parseInterval({ timerel, timeAt, endTimeAt, timeproperty }) }
      : {}),
  };
};
