import { attributesWithin, idsWithin } from '../registrations/match.ts';
import type { Names } from '../../jsonld/compile.ts';
import type { EntityInfo, Match } from '../registrations/model.ts';
import type { Journey } from './journey.ts';
import { infoOf, type Call } from './send.ts';
import type { Translation } from './translate.ts';

/** What of a request's query is about which data is meant; how it is shown is ours to do. */
const RETRIEVING = new Set(['type', 'attrs', 'datasetId']);
export const QUERYING: ReadonlySet<string> = new Set([
  ...RETRIEVING,
  'id',
  'idPattern',
  'q',
  'georel',
  'geometry',
  'coordinates',
  'geoproperty',
  'scopeQ',
  'csf',
  'expandValues',
  'jsonKeys',
]);
/** The filters that a split entity is held against only once it is put together (clause 5.7.2.4). */
const FILTERS = new Set([
  'attrs',
  'q',
  'georel',
  'geometry',
  'coordinates',
  'geoproperty',
  'scopeQ',
]);
const SELECTORS = ['type', 'id', 'idPattern'] as const;

type Json = Readonly<Record<string, unknown>>;
type Strings = Readonly<Record<string, unknown>>;

export const keep = (query: URLSearchParams, names: ReadonlySet<string>): URLSearchParams => {
  const kept = new URLSearchParams([...query].filter(([name]) => names.has(name)));
  if ((query.get('options') ?? '').split(',').includes('sysAttrs')) kept.set('options', 'sysAttrs');
  return kept;
};

/** The names that a source is asked in, and the way there where the request is in others. */
export type Asking = { readonly names: Names; readonly translation: Translation | undefined };

/** An id as it stands in a path. */
export const idPathOf = (id: string): string => encodeURIComponent(id).replaceAll('%3A', ':');

export const callForFind = (
  journey: Journey,
  id: string,
  match: Match,
  { names, translation }: Asking,
): Call => {
  const { registration } = match;
  const query = journey.method === 'GET' ? keep(journey.query, RETRIEVING) : new URLSearchParams();
  if (translation) translate(query, translation);
  const attributes = attributesWithin(match);
  if (attributes) query.set('attrs', attributes.map((name) => names.compact(name)).join(','));
  const context = infoOf(registration, 'jsonldContext');
  return {
    method: 'GET',
    path: `/entities/${idPathOf(id)}`,
    query,
    ...(context === undefined ? {} : { context }),
  };
};

/** Ids that the registration names: where all of what matches does, only these are asked for. */
const registeredIds = ({ parts }: Match): readonly string[] | undefined => {
  const infos = parts.flatMap(
    ({ entities }): readonly (EntityInfo | undefined)[] => entities ?? [undefined],
  );
  const ids = infos.map((info) => info?.id);
  return ids.every((id) => id !== undefined) ? [...new Set(ids)] : undefined;
};

/** Types that the registration names; absent where some part of it is of any type. */
const registeredTypes = ({ parts }: Match): readonly string[] | undefined => {
  const infos = parts.flatMap(
    ({ entities }): readonly (EntityInfo | undefined)[] => entities ?? [undefined],
  );
  return infos.every((info) => info && info.types.length > 0)
    ? [...new Set(infos.flatMap((info) => info!.types))]
    : undefined;
};

/** The pattern that all of what matches is registered by, as it was written. */
const registeredPattern = ({ registration, parts }: Match): string | undefined => {
  const patterns = parts.flatMap(({ index, entities }): readonly (string | undefined)[] => {
    const known = registration.information[index]?.entities;
    const told = registration.document.information[index]?.entities;
    return (
      entities?.map((info) => (info.id ? undefined : told?.[known!.indexOf(info)]?.idPattern)) ?? [
        undefined,
      ]
    );
  });
  return new Set(patterns).size === 1 ? patterns[0] : undefined;
};

/** Of the ids asked for those that may be there (clause 5.12); where none are asked for, what is registered of them. */
export const narrowIds = (query: URLSearchParams, match: Match): void => {
  const asked = query.get('id')?.split(',');
  const ids = asked
    ? asked.filter((id) => match.parts.some((part) => idsWithin(part, [id.trim()]).length > 0))
    : registeredIds(match);
  if (ids && ids.length > 0) query.set('id', ids.join(','));
  else if (!asked && !query.has('idPattern')) {
    const pattern = registeredPattern(match);
    if (pattern !== undefined) query.set('idPattern', pattern);
  }
};

/** A list of types, without operators or brackets (clause 4.17). */
const TYPE_LIST = /^[^();|]+$/;

/** Of the types asked for those that are registered; what is more than a list of them goes as it is. */
export const narrowTypes = (
  query: URLSearchParams,
  match: Match,
  { expand, compact }: Names,
): void => {
  const registered = registeredTypes(match);
  const asked = query.get('type');
  if (!registered) return;
  if (asked === null || asked === '*') query.set('type', registered.map(compact).join(','));
  else if (TYPE_LIST.test(asked)) {
    const left = asked.split(',').filter((type) => registered.includes(expand(type.trim())));
    if (left.length > 0) query.set('type', left.join(','));
  }
};

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.join(',')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);

/** A Query's body as the parameters that ask the same; one selector goes into one request. */
export const parametersOf = (body: Json, selector: Strings | undefined): URLSearchParams => {
  const query = new URLSearchParams();
  for (const name of SELECTORS)
    if (selector?.[name] !== undefined) query.set(name, textOf(selector[name]));
  for (const name of ['q', 'scopeQ', 'attrs', 'datasetId', 'csf', 'expandValues', 'jsonKeys'])
    if (body[name] !== undefined) query.set(name, textOf(body[name]));
  for (const [name, value] of Object.entries((body['geoQ'] as Json | undefined) ?? {}))
    query.set(name, textOf(value));
  return query;
};

/** Parameters as a Query's body (clause 5.2.23). */
const bodyOf = (query: URLSearchParams): Json => {
  const list = (name: string) => query.get(name)?.split(',');
  const selector = Object.fromEntries(
    SELECTORS.flatMap((name) => (query.has(name) ? [[name, query.get(name)]] : [])),
  ) as { type?: string; id?: string };
  const ids = selector.id?.split(',') ?? [undefined];
  const geo = Object.fromEntries(
    ['georel', 'geometry', 'geoproperty'].flatMap((name) =>
      query.has(name) ? [[name, query.get(name)]] : [],
    ),
  );
  const coordinates = query.get('coordinates');
  return {
    type: 'Query',
    ...(Object.keys(selector).length > 0
      ? { entities: ids.map((id) => ({ ...selector, ...(id === undefined ? {} : { id }) })) }
      : {}),
    ...(query.has('q') ? { q: query.get('q') } : {}),
    ...(query.has('scopeQ') ? { scopeQ: query.get('scopeQ') } : {}),
    ...(list('attrs') ? { attrs: list('attrs') } : {}),
    ...(list('datasetId') ? { datasetId: list('datasetId') } : {}),
    ...(Object.keys(geo).length > 0
      ? {
          geoQ: {
            ...geo,
            ...(coordinates ? { coordinates: JSON.parse(coordinates) as unknown } : {}),
          },
        }
      : {}),
  };
};

/** Into the names of a source; what is written in the query language is left to us (clause 4.3.6.6). */
export const translate = (query: URLSearchParams, { list }: Translation): void => {
  query.delete('q');
  for (const name of ['type', 'attrs', 'geoproperty', 'expandValues'])
    if (query.has(name)) query.set(name, list(query.get(name)!));
};

/** The requests by which a source is asked a query (clause 5.7.2.4): in the way that it offers and, if it offers both, as we were asked. */
export const callsForList = (
  journey: Journey,
  match: Match,
  {
    names,
    split,
    translation,
  }: { names: Names; split: boolean; translation?: Translation | undefined },
): readonly Call[] => {
  const { operations } = match.registration;
  const context = infoOf(match.registration, 'jsonldContext');
  const asked = journey.path.startsWith('/entityOperations/') ? (journey.body as Json) : undefined;
  const attributes = attributesWithin(match)?.map((name) => names.compact(name));
  const narrow = (query: URLSearchParams): URLSearchParams => {
    for (const name of split ? FILTERS : []) query.delete(name);
    if (translation) translate(query, translation);
    narrowTypes(query, match, names);
    narrowIds(query, match);
    if (attributes && !split) query.set('attrs', attributes.join(','));
    return query;
  };
  const more = context === undefined ? {} : { context };
  const byPost = asked ? operations.has('queryBatch') : !operations.has('queryEntity');
  if (byPost) {
    const path = '/entityOperations/query';
    if (!asked)
      return [
        { method: 'POST', path, body: bodyOf(narrow(keep(journey.query, QUERYING))), ...more },
      ];
    const {
      join: _join,
      joinLevel: _level,
      pick: _pick,
      omit: _omit,
      ordering: _order,
      lang: _lang,
      entityMap: _map,
      ...body
    } = asked;
    const whole = split
      ? Object.fromEntries(
          Object.entries(body).filter(
            ([name]) => !['q', 'geoQ', 'scopeQ', 'attrs', 'splitEntities'].includes(name),
          ),
        )
      : body;
    return [
      {
        method: 'POST',
        path,
        body: attributes && !split ? { ...whole, attrs: attributes } : whole,
        ...more,
      },
    ];
  }
  const queries = asked
    ? ((asked['entities'] as Strings[] | undefined) ?? [undefined]).map((selector) =>
        parametersOf(asked, selector),
      )
    : [keep(journey.query, QUERYING)];
  return queries.map((query) => ({
    method: 'GET',
    path: '/entities',
    query: narrow(query),
    ...more,
  }));
};
