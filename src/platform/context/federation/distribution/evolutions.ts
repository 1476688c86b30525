import { Refusal } from '#kernel/errors';
import { type Clock, parseInstant, toInstant } from '#kernel/time';
import { SCOPE } from '../../jsonld/core-context.ts';
import type { Contexts } from '../../jsonld/contexts.ts';
import type { Attributes, Instance } from '../../model.ts';
import { matchesFilter } from '../../query/matches-filter.ts';
import type { Filter } from '../../query/question.ts';
import { seen, type Sight } from '../../sight.ts';
import type { Interval } from '../../temporal/interval.ts';
import type { Other } from '../../temporal/points.ts';
import type { Subject } from '../../temporal/subjects.ts';
import { mayKnow } from '../registrations/match.ts';
import type { Match } from '../registrations/model.ts';
import { callForEvolution, callsForEvolutions } from './ask-evolutions.ts';
import { type Inquiry, isForeign, isLoop, openAsking } from './asking.ts';
import type { Found, Matching } from './match.ts';
import { type Evolution, receiveEvolution } from './receive-evolution.ts';
import type { Send } from './send.ts';

/** Of all sources for one request: some tens of megabytes. */
const INSTANCES_MAX = 100_000;

/** What other sources know of the past. */
export type Elsewhere = {
  readonly subjects: readonly Subject[];
  readonly others: readonly Other[];
  /** The registrations by which each entity is known. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
};

/** Which times and what of them, of one entity or of those that pass a filter. */
export type PastQuestion = {
  readonly interval: Interval;
  readonly attributes?: readonly string[];
  readonly datasets?: readonly string[];
  readonly sight?: Sight | undefined;
  readonly local?: boolean | undefined;
};

/** When an instance was, by the time that is asked about; undefined where it lies outside or has no such time. */
const timeIn = (
  instance: Instance,
  { property, relation, from, to }: Interval,
  now: string,
): string | undefined => {
  const own = instance[property];
  if (own === undefined && (relation || property === 'deletedAt')) return undefined;
  const at = parseInstant(own ?? instance.modifiedAt ?? instance.createdAt ?? now);
  if (at === undefined || (from !== undefined && at < Date.parse(from))) return undefined;
  return to !== undefined && at >= Date.parse(to) ? undefined : toInstant(at);
};

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

/** What several know of one entity's head (clause 4.5.5). */
export const mergeSubjects = (a: Subject, b: Subject): Subject => ({
  ...a,
  types: union(a.types, b.types),
  scopes: union(a.scopes, b.scopes),
  createdAt: a.createdAt ?? b.createdAt,
  modifiedAt: a.modifiedAt ?? b.modifiedAt,
});

/** Asks other sources for the past (clauses 4.3.6, 5.7.3.4 and 5.7.4.4). */
export const openPastElsewhere = ({
  matching,
  send,
  contexts,
  clock,
}: {
  readonly matching: Matching;
  readonly send: Send;
  readonly contexts: Contexts;
  readonly clock: Clock;
}) => {
  const inquire = openAsking(send, contexts);

  /** What of a history is in the interval, chosen and seen; undefined where nothing is, or where it meets no filter. */
  const chosen = (
    { subject, instances }: Evolution,
    {
      auxiliary,
      question,
      filter,
    }: { auxiliary: boolean; question: PastQuestion; filter?: Filter },
    now: string,
  ): { subject: Subject; others: readonly Other[] } | undefined => {
    const { interval, attributes, datasets, sight } = question;
    const points = instances.flatMap(({ name, instance }): Other[] => {
      const time = timeIn(instance, interval, now);
      return time === undefined ? [] : [{ entity: subject.id, name, time, auxiliary, instance }];
    });
    const grouped: Attributes = Object.fromEntries(
      Array.from(
        Map.groupBy(points, ({ name }) => name),
        ([name, list]) => [name, list.map(({ instance }) => instance)],
      ),
    );
    const entity = {
      id: subject.id,
      types: subject.types,
      scopes: subject.scopes,
      attributes: grouped,
      createdAt: subject.createdAt ?? '',
      modifiedAt: subject.modifiedAt ?? '',
    };
    const visible = seen(entity, sight);
    if (!visible || (filter && !matchesFilter(filter, visible))) return undefined;
    const others = points.filter(
      ({ name, instance }) =>
        (name === SCOPE || Object.hasOwn(visible.attributes, name)) &&
        (!attributes || name === SCOPE || attributes.includes(name)) &&
        (!datasets || datasets.includes(instance.datasetId ?? '@none')),
    );
    const hasAny = others.some(({ name }) => name !== SCOPE);
    return hasAny ? { subject, others } : undefined;
  };

  const gather = async (
    { journey, matches }: Found,
    question: PastQuestion,
    callsOf: (match: Match) => Inquiry<Evolution>['calls'],
    filter?: Filter,
  ): Promise<Elsewhere> => {
    const now = toInstant(clock.now());
    const answers = await Promise.all(
      matches.map(async (match) => {
        const evolutions = await inquire(match, journey, {
          calls: callsOf(match),
          receive: (json, names) => receiveEvolution(json, names, match.parts, { contexts, now }),
        });
        const auxiliary = match.registration.mode === 'auxiliary';
        // Whoever was asked in full answered in full: others, and what is not seen, are held against it here.
        const held = filter && (isForeign(match) || question.sight) ? filter : undefined;
        return evolutions.flatMap((evolution) => {
          const part = chosen(
            evolution,
            { auxiliary, question, ...(held ? { filter: held } : {}) },
            now,
          );
          return part ? [{ ...part, registration: match.registration.id, auxiliary }] : [];
        });
      }),
    );
    const subjects = new Map<string, Subject>();
    const sources: Record<string, string[]> = {};
    const others: Other[] = [];
    for (const { subject, others: told, registration } of answers.flat()) {
      const known = subjects.get(subject.id);
      subjects.set(subject.id, known ? mergeSubjects(known, subject) : subject);
      (sources[subject.id] ??= []).push(registration);
      if (others.length + told.length <= INSTANCES_MAX) others.push(...told);
      else journey.warn(199, `${registration} told more than fits: ask for a shorter time`);
    }
    return { subjects: [...subjects.values()], others, sources };
  };

  const among = (found: Found | undefined, interval: Interval): Found | undefined => {
    if (!found) return undefined;
    const matches = found.matches.filter(({ registration }) => mayKnow(registration, interval));
    return matches.length === 0 || isLoop(found.journey) ? undefined : { ...found, matches };
  };

  return {
    /** Of one entity (clause 5.7.3); undefined where nobody is to be asked. */
    find: async (
      id: string,
      tenant: string,
      question: PastQuestion,
    ): Promise<Elsewhere | undefined> => {
      const { attributes, datasets, interval, local } = question;
      const found = among(
        await matching.matching(
          {
            tenant,
            selectors: [{ ids: [id] }],
            interval: null,
            ...(attributes ? { attributes } : {}),
            ...(datasets ? { datasets } : {}),
          },
          local,
          ['retrieveTemporal'],
        ),
        interval,
      );
      if (!found) return undefined;
      const { journey } = found;
      return gather(found, question, (match) => (names, translation) => [
        callForEvolution(journey, id, match, { names, translation }),
      ]);
    },

    /** Of those that pass a filter (clause 5.7.4). Throws Refusal for what can be answered from here alone. */
    list: async (
      filter: Filter,
      question: PastQuestion,
      { ordered, split }: { readonly ordered: boolean; readonly split: boolean },
    ): Promise<Elsewhere | undefined> => {
      const { datasets, interval, attributes = filter.attributes } = question;
      const { tenant = '', selectors, geo, scopes, csf, q } = filter;
      const found = among(
        await matching.matching(
          {
            tenant,
            interval: null,
            ...(selectors?.length ? { selectors } : {}),
            ...(attributes ? { attributes } : {}),
            ...(datasets ? { datasets } : {}),
            ...(geo ? { geo } : {}),
            ...(scopes ? { scopes } : {}),
            ...(csf ? { csf } : {}),
          },
          filter.local,
          ['queryTemporal'],
        ),
        interval,
      );
      if (!found) return undefined;
      if (ordered)
        throw new Refusal(
          'invalid',
          'Only what is here can be put in order: ask with local=true (clause 5.7.4.4).',
        );
      if (split)
        throw new Refusal(
          'not-implemented',
          'splitEntities over the histories of several sources; ask with local=true.',
        );
      const { journey } = found;
      const held: Filter = {
        ...(selectors ? { selectors } : {}),
        ...(q ? { q } : {}),
        ...(geo ? { geo } : {}),
      };
      return gather(
        found,
        question,
        (match) => (names, translation) =>
          callsForEvolutions(journey, match, { names, translation }),
        held,
      );
    },
  };
};
export type PastElsewhere = ReturnType<typeof openPastElsewhere>;
