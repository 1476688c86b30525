import type { Selector } from '../../query/question.ts';
import { matchesQuery } from '../../query/matches.ts';
import { matchesScopes } from '../../query/scope.ts';
import { matchesTypes } from '../../query/type-selector.ts';
import type { Interval } from '../../temporal/interval.ts';
import type { EntityInfo, Match, Part, Question, Registration, RegistrationInfo } from './model.ts';
import { mayAnswer } from './place.ts';
import { propertiesOf } from './properties.ts';

/** Clause 5.12: without a type on either side, types do not keep them apart. */
const meetsEntity = ({ types, ids, idPattern }: Selector, info: EntityInfo): boolean => {
  if (types && info.types.length > 0 && !matchesTypes(types, info.types)) return false;
  if (info.id === undefined && info.idPattern === undefined) return true;
  if (!ids && !idPattern) return true;
  if (info.id !== undefined)
    return (ids?.includes(info.id) || (!ids && idPattern?.test(info.id))) ?? false;
  return ids ? ids.some((id) => info.idPattern!.test(id)) : true;
};

const partOf = (
  info: RegistrationInfo,
  index: number,
  selectors: readonly Selector[] | undefined,
  attributes: readonly string[] | undefined,
): Part | undefined => {
  const entities =
    info.entities && selectors
      ? info.entities.filter((one) => selectors.some((selector) => meetsEntity(selector, one)))
      : info.entities;
  if (entities?.length === 0) return undefined;
  const registered = info.attributes;
  const narrowed =
    registered && attributes
      ? attributes.filter((name) => registered.has(name))
      : (attributes ?? (registered && [...registered]));
  if (registered && narrowed?.length === 0) return undefined;
  return {
    index,
    ...(entities ? { entities } : {}),
    ...(narrowed ? { attributes: narrowed } : {}),
  };
};

/** The attributes that all matching parts of a source offer together; undefined where one of them offers any. */
export const attributesWithin = ({ parts }: Match): readonly string[] | undefined =>
  parts.every(({ attributes }) => attributes)
    ? [...new Set(parts.flatMap(({ attributes }) => attributes!))]
    : undefined;

/** The ids among these that this part of a source may have. */
export const idsWithin = ({ entities }: Part, ids: readonly string[]): readonly string[] =>
  entities
    ? ids.filter((id) =>
        entities.some((info) =>
          info.id === undefined ? !info.idPattern || info.idPattern.test(id) : info.id === id,
        ),
      )
    : ids;

/** Clause 5.10.2.4: the present from sources of the present, histories from those that have the time asked for. */
const meetsTime = (
  { observed, managed }: Registration,
  interval: Interval | null | undefined,
): boolean => {
  if (interval === null) return true;
  if (!interval?.relation) return !observed && !managed;
  const span = interval.property === 'observedAt' ? observed : managed;
  if (!span) return false;
  const from = interval.from ? Date.parse(interval.from) : undefined;
  const to = interval.to ? Date.parse(interval.to) : undefined;
  if (interval.relation === 'between') return from! <= span.toMs && to! >= span.fromMs;
  const at = (from ?? to)!;
  return at >= span.fromMs && at <= span.toMs;
};

/** Whether a source that offers histories may have that of an interval: one that names no time may have any. */
export const mayKnow = (registration: Registration, interval: Interval): boolean =>
  (!registration.observed && !registration.managed) ||
  meetsTime(registration, interval.relation ? interval : null);

const meetsPlace = ({ places }: Registration, { geo }: Question, strict: boolean): boolean => {
  if (!geo) return true;
  const place = places[geo.property];
  return place ? mayAnswer(geo, place) : !strict;
};

const meetsDatasets = ({ datasets: own }: Registration, asked: readonly string[] | undefined) =>
  !own || !asked || own.some((dataset) => asked.includes(dataset));

const meetsScopes = ({ scopes: own }: Registration, { scopes }: Question, strict: boolean) =>
  !scopes || (own ? matchesScopes(scopes, own) : !strict);

/**
 * What of a registration meets a request (clause 5.12), undefined where nothing does. A source that says nothing of
 * its place or scopes may have what is asked for; whoever looks for registrations themselves (`strict`, clause
 * 5.10.2) is not shown it.
 */
export const matchOf = (
  registration: Registration,
  question: Question,
  strict = false,
): Match | undefined => {
  const { operation, atMs, selectors, attributes, datasets, interval, csf, seen } = question;
  if (
    registration.untilMs <= atMs ||
    (operation && !registration.operations.has(operation)) ||
    (registration.alias && seen?.has(registration.alias)) ||
    !meetsTime(registration, interval) ||
    !meetsDatasets(registration, datasets) ||
    !meetsScopes(registration, question, strict)
  )
    return undefined;
  const parts = registration.information.flatMap(
    (info, index) => partOf(info, index, selectors, attributes) ?? [],
  );
  if (parts.length === 0) return undefined;
  if (!meetsPlace(registration, question, strict)) return undefined;
  if (csf && !matchesQuery(csf, propertiesOf(registration.document))) return undefined;
  return { registration, parts };
};
