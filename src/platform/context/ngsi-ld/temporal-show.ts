import type { FastifyReply } from 'fastify';
import type { Database } from '#kernel/database';
import { SCOPE } from '../jsonld/core-context.ts';
import type { ScopeQuery } from '../query/scope.ts';
import { aggregatePoints } from '../temporal/aggregate.ts';
import { listPoints, type Point, type PointsQuestion } from '../temporal/points.ts';
import { presentAggregated, presentEvolution, presentValues } from '../temporal/present.ts';
import { listScopesBefore, listSpans } from '../temporal/scopes.ts';
import type { Known } from '../federation/distribution/past.ts';
import { withTimes } from '../temporal/subjects.ts';
import { sendRange, type TemporalAsk } from './temporal-parameters.ts';

export type Shown = {
  readonly evolutions: readonly Record<string, unknown>[];
  /** Whether there was any instance. */
  readonly any: boolean;
};

/** The evolutions of entities as they were asked for (clauses 5.7.3.4 and 5.7.4.4), with the range where they were cut. */
export const openTemporalShow = (database: Database, instancesMax: number) => {
  const questionOf = async (
    { subjects, here, others }: Known,
    ask: TemporalAsk,
    tenant: string,
    scopes: ScopeQuery | undefined,
  ): Promise<PointsQuestion> => {
    const { interval, members, datasets, lastN } = ask;
    return {
      tenant,
      ids: here,
      interval,
      ...(others ? { others } : {}),
      ...(members ? { attributes: members } : {}),
      ...(datasets ? { datasets } : {}),
      hidden: subjects.flatMap(({ id, hidden = [] }) =>
        hidden.map((name) => ({ entity: id, name })),
      ),
      ...(lastN === undefined ? {} : { lastN }),
      ...(scopes ? { spans: await listSpans(database, tenant, subjects, scopes, interval) } : {}),
    };
  };

  /** Annex C.5.16: the scope that holds as the interval begins belongs to what is shown of it. */
  const withScopes = async (
    points: readonly Point[],
    { interval, presentation }: TemporalAsk,
    { tenant, ids }: PointsQuestion,
  ): Promise<readonly Point[]> => {
    const { property, from } = interval;
    if (property !== 'observedAt' || from === undefined || presentation.hidden?.has('scope'))
      return points;
    const held = await listScopesBefore(database, tenant, ids, from);
    const carried = Array.from(held, ([entity, { seq, instance }]) => ({
      entity,
      name: SCOPE,
      time: from,
      seq,
      instance,
    }));
    return [...carried, ...points];
  };

  return async (
    reply: FastifyReply,
    found: Known,
    ask: TemporalAsk,
    tenant: string,
    scopes?: ScopeQuery,
  ): Promise<Shown> => {
    const { interval, presentation, form } = ask;
    const subjects = presentation.sysAttrs
      ? await withTimes(database, tenant, found.subjects)
      : found.subjects;
    const question = await questionOf({ ...found, subjects }, ask, tenant, scopes);
    if (typeof form === 'object') {
      const { attributes } = ask;
      const all = await aggregatePoints(
        database,
        { ...question, ...(attributes ? { attributes } : {}) },
        form,
      );
      const ofEntity = Map.groupBy(all, ({ entity }) => entity);
      return {
        any: all.length > 0,
        evolutions: subjects.map((subject) =>
          presentAggregated(subject, ofEntity.get(subject.id) ?? [], presentation),
        ),
      };
    }
    const listed = await listPoints(database, question, instancesMax);
    sendRange(reply, listed, ask);
    const ofEntity = Map.groupBy(
      await withScopes(listed.points, ask, question),
      ({ entity }) => entity,
    );
    const present = form === 'temporalValues' ? presentValues : presentEvolution;
    return {
      any: listed.points.length > 0,
      evolutions: subjects.map((subject) =>
        present(subject, ofEntity.get(subject.id) ?? [], presentation, interval.property),
      ),
    };
  };
};
