import { Refusal } from '#kernel/errors';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../../jsonld/contexts.ts';
import type { Entity } from '../../model.ts';
import { seen } from '../../sight.ts';
import { matchesFilter } from '../../query/matches-filter.ts';
import {
  type EntityQuestion,
  type Filter,
  IDS_MAX,
  type Page,
  PAGE_ITEMS_DEFAULT,
  PAGE_ITEMS_MAX,
} from '../../query/question.ts';
import type { FindQuestion, Reader, Sources } from '../../query/reader.ts';
import { isProxied, type Match } from '../registrations/model.ts';
import { callForFind, callsForList } from './ask.ts';
import { type Inquiry, isForeign, isLoop, openAsking } from './asking.ts';
import type { Journey } from './journey.ts';
import type { Matching } from './match.ts';
import { mergeVersions, type Version } from './merge.ts';
import { receiveEntity } from './receive.ts';
import type { Send } from './send.ts';

export type ReadNeeds = {
  readonly matching: Matching;
  readonly send: Send;
  readonly contexts: Contexts;
  readonly clock: Clock;
};

const byId = (a: Entity, b: Entity) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Reads what is here together with what other sources have (clauses 4.3.6, 4.5.5, 5.7.1 and 5.7.2). */
export const openDistributedReader = (
  here: Reader,
  { matching, send, contexts, clock }: ReadNeeds,
): Reader => {
  const inquire = openAsking(send, contexts);
  const ask = (match: Match, journey: Journey, calls: Inquiry<Entity>['calls']) =>
    inquire(match, journey, {
      calls,
      receive: (json, names) =>
        receiveEntity(json, names, match.parts, { contexts, nowMs: clock.now().getTime() }),
    });

  const versionsOf = (match: Match, entities: readonly Entity[]): Version[] =>
    entities.map((entity) => ({
      entity,
      auxiliary: match.registration.mode === 'auxiliary',
    }));

  /** What is held elsewhere instead of here is not given from here (clause 4.3.6.3). */
  const withoutProxied = (entity: Entity, answered: readonly Match[]): Entity => {
    const elsewhere = new Set(
      answered
        .filter(({ registration }) => isProxied(registration))
        .flatMap(({ parts }) => parts.flatMap(({ attributes }) => attributes ?? [])),
    );
    if (elsewhere.size === 0) return entity;
    return {
      ...entity,
      attributes: Object.fromEntries(
        Object.entries(entity.attributes).filter(([name]) => !elsewhere.has(name)),
      ),
    };
  };

  const find = async (question: FindQuestion): Promise<Entity | undefined> => {
    const { tenant, id, types, local } = question;
    const found = await matching.matching(
      { tenant, selectors: [{ ids: [id], ...(types ? { types } : {}) }] },
      local,
      ['retrieveEntity'],
    );
    if (!found || found.matches.length === 0 || isLoop(found.journey)) return here.find(question);
    const { journey, matches } = found;
    const [own, ...others] = await Promise.all([
      here.find(question),
      ...matches.map(async (match) => {
        const got = await ask(match, journey, (names, translation) => [
          callForFind(journey, id, match, { names, translation }),
        ]);
        return { match, entities: got.filter((entity) => entity.id === id) };
      }),
    ]);
    const answered = others.filter(({ entities }) => entities.length > 0).map(({ match }) => match);
    return mergeVersions([
      ...(own ? [{ entity: withoutProxied(own, answered), auxiliary: false }] : []),
      ...others.flatMap(({ match, entities }) => versionsOf(match, entities)),
    ]);
  };

  const sourcesOf = (question: Filter) =>
    matching.matching(
      {
        tenant: question.tenant ?? '',
        ...(question.selectors?.length ? { selectors: question.selectors } : {}),
        ...(question.attributes ? { attributes: question.attributes } : {}),
        ...(question.geo ? { geo: question.geo } : {}),
        ...(question.scopes ? { scopes: question.scopes } : {}),
        ...(question.csf ? { csf: question.csf } : {}),
      },
      question.local,
      ['queryEntity', 'queryBatch'],
    );

  /** Of a split entity only what is put together can be filtered (clause 4.3.6.7). */
  const looseOf = (question: Filter): Filter => {
    const { q: _q, geo: _geo, scopes: _scopes, attributes: _attributes, ...loose } = question;
    return loose;
  };

  /** The first `wanted` that are here, in the order of their ids. */
  const listHere = async (question: EntityQuestion, wanted: number): Promise<Page> => {
    const entities: Entity[] = [];
    for (;;) {
      const limit = Math.min(PAGE_ITEMS_MAX, wanted - entities.length);
      const page = await here.list({ ...question, limit, offset: entities.length });
      entities.push(...page.entities);
      if (!page.more || entities.length >= wanted) return { ...page, entities };
    }
  };

  const gather = async (
    question: EntityQuestion,
    { journey, matches }: { journey: Journey; matches: readonly Match[] },
    wanted: number,
  ) => {
    const loose = question.split ? looseOf(question) : question;
    const [own, ...others] = await Promise.all([
      listHere({ ...loose, ...(question.count ? { count: true } : {}) }, wanted),
      ...matches.map(async (match) => ({
        match,
        entities: await ask(match, journey, (names, translation) =>
          callsForList(journey, match, { names, split: question.split ?? false, translation }),
        ),
      })),
    ]);
    const versions = new Map<string, Version[]>();
    for (const entity of own.entities) versions.set(entity.id, [{ entity, auxiliary: false }]);
    for (const { match, entities } of others)
      for (const version of versionsOf(match, entities)) {
        const asked = question.sight !== undefined || isForeign(match);
        if (asked && !question.split && !matchesFilter(question, version.entity)) continue;
        const entity = seen(version.entity, question.sight);
        if (!entity) continue;
        const { id } = entity;
        versions.set(id, [...(versions.get(id) ?? []), { ...version, entity }]);
      }
    return { own, others, versions };
  };

  const list = async (question: EntityQuestion): Promise<Page> => {
    const found = await sourcesOf(question);
    if (!found || found.matches.length === 0 || isLoop(found.journey)) return here.list(question);
    if (question.order && question.order.length > 0)
      throw new Refusal(
        'invalid',
        'Only what is here can be put in order: ask with local=true (clause 5.7.2.4).',
      );
    const { limit = PAGE_ITEMS_DEFAULT, offset = 0 } = question;
    const wanted = offset + limit + 1;
    if (wanted > IDS_MAX)
      throw new Refusal(
        'invalid',
        `Over several sources at most ${IDS_MAX} can be paged through.`,
        {
          results: true,
        },
      );
    const { own, versions } = await gather(question, found, wanted);
    const merged = [...versions.values()]
      .flatMap((of) => mergeVersions(of) ?? [])
      .filter((entity) => !question.within || question.within.includes(entity.id))
      .filter((entity) => !question.split || matchesFilter(question, entity))
      .toSorted(byId);
    const elsewhere = merged.length - own.entities.length;
    return {
      entities: merged.slice(offset, offset + limit),
      more: own.more || merged.length > offset + limit,
      ...(question.count
        ? { count: (own.count ?? own.entities.length) + Math.max(0, elsewhere) }
        : {}),
    };
  };

  const map = async (filter: Filter): Promise<Sources> => {
    const sources = await here.map(filter);
    const found = await sourcesOf(filter);
    if (!found || found.matches.length === 0 || isLoop(found.journey)) return sources;
    const merged: Record<string, string[]> = Object.fromEntries(
      Object.entries(sources).map(([id, known]) => [id, [...known]]),
    );
    const { others } = await gather(filter, found, 1);
    for (const { match, entities } of others)
      for (const entity of entities)
        if (!filter.sight || matchesFilter(filter, entity))
          (merged[entity.id] ??= []).push(match.registration.id);
    return merged;
  };

  return { find, list, map, linked: here.linked };
};
