import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Filter } from '../query/question.ts';
import { aggregatePoints } from '../temporal/aggregate.ts';
import { listPoints } from '../temporal/points.ts';
import {
  presentAggregated,
  presentEvolution,
  presentValues,
  type Subject,
} from '../temporal/present.ts';
import { findSubject, listSubjects } from '../temporal/subjects.ts';
import { acceptedOf, type Asked, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { PAGING, type Paging, pagingOf, sendPaging } from './paging.ts';
import { EntityPath, optionsOf } from './parameters.ts';
import { askingOf, readQueryBody } from './query-body.ts';
import {
  booleanOf,
  checkIds,
  FILTER,
  filterOf,
  REFUSED,
  refuseNotYet,
} from './question-parameters.ts';
import {
  sendRange,
  TEMPORAL,
  type TemporalAsk,
  temporalOf,
  type TemporalParameters,
} from './temporal-parameters.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());
const EntityQuery = Type.Object({ ...TEMPORAL, local: Text }, { additionalProperties: false });
const EntitiesQuery = Type.Object(
  { ...FILTER, ...TEMPORAL, ...PAGING, ...REFUSED, orderBy: Text },
  { additionalProperties: false },
);
const BodyQuery = Type.Object(
  { ...PAGING, options: Text, format: Text, local: Text },
  { additionalProperties: false },
);

/** A member of a JSON body as the parameter of the same name has it: text. */
const textsOf = (members: Readonly<Record<string, unknown>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(members ?? {}).map(([name, value]) => [name, String(value)]));

const checkMembers = (
  members: object | undefined,
  known: readonly string[],
  what: string,
): void => {
  for (const name of Object.keys(members ?? {}))
    if (!known.includes(name))
      throw new Refusal('invalid', `${what} has no member ${name} (clauses 5.2.21 and 5.2.44).`);
};

/** What was known when: `/temporal/entities`, clauses 5.7.3 and 5.7.4. */
export const addTemporalRoutes = (
  app: App,
  { contexts, database }: Pick<Door, 'contexts' | 'database'>,
) => {
  const show = async (
    reply: FastifyReply,
    subjects: readonly Subject[],
    ask: TemporalAsk,
    tenant: string,
  ) => {
    const { interval, presentation, form, attributes, datasets, lastN } = ask;
    const question = {
      tenant,
      ids: subjects.map(({ id }) => id),
      interval,
      ...(attributes ? { attributes } : {}),
      ...(datasets ? { datasets } : {}),
      ...(lastN === undefined ? {} : { lastN }),
    };
    if (typeof form === 'object') {
      const all = subjects.length > 0 ? await aggregatePoints(database, question, form) : [];
      return subjects.map((subject) =>
        presentAggregated(
          subject,
          all.filter(({ entity }) => entity === subject.id),
          presentation,
        ),
      );
    }
    const found = await listPoints(database, question);
    sendRange(reply, found, ask);
    const pointsOf = Map.groupBy(found.points, ({ entity }) => entity);
    return subjects.map((subject) => {
      const points = pointsOf.get(subject.id) ?? [];
      return form === 'temporalValues'
        ? presentValues(subject, points, presentation)
        : presentEvolution(subject, points, presentation, interval.property);
    });
  };

  const query = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    filter: Filter,
    parameters: TemporalParameters,
    paging: Paging,
    orderBy = 'id',
  ) => {
    const accepted = acceptedOf(request);
    const order = /^id(?:;(asc|desc))?$/.exec(orderBy);
    if (!order)
      throw new Refusal('invalid', 'Histories are put in order by id alone (clause 5.7.4.4).');
    const ask = temporalOf(parameters, asked.names);
    if (!ask.interval.relation)
      throw new Refusal(
        'invalid',
        'timerel and timeAt are needed: a temporal query (clause 5.7.4.4).',
      );
    const { interval, attributes, datasets } = ask;
    const page = await listSubjects(database, {
      filter,
      interval,
      ...(attributes ? { attributes } : {}),
      ...(datasets ? { datasets } : {}),
      ...paging,
      descending: order[1] === 'desc',
    });
    sendPaging(request, reply, accepted, paging, page);
    return sendLd(reply, accepted, asked, await show(reply, page.subjects, ask, asked.tenant));
  };

  // 5.7.3 / 6.19.3.1
  app.get(
    '/temporal/entities/:entityId',
    { config: READ, schema: { params: EntityPath, querystring: EntityQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      booleanOf(request.query.local, 'local'); // all that is here is local
      const [id = ''] = checkIds([request.params.entityId]);
      const ask = temporalOf(request.query, asked.names);
      const subject = await findSubject(database, id, asked.tenant);
      if (!subject) throw new Refusal('not-found', `Nothing was ever known of ${id}.`);
      const [evolution] = await show(reply, [subject], ask, asked.tenant);
      return sendLd(reply, accepted, asked, evolution);
    },
  );

  // 5.7.4 / 6.18.3.2
  app.get(
    '/temporal/entities',
    { config: READ, schema: { querystring: EntitiesQuery } },
    async (request, reply) => {
      refuseNotYet(request.query);
      const asked = await readAsked(request, contexts);
      const filter = filterOf(request.query, asked.names, asked.tenant);
      const paging = pagingOf(request.query, optionsOf(request.query));
      return query(request, reply, asked, filter, request.query, paging, request.query.orderBy);
    },
  );

  // 5.7.4 / 6.24.3.1
  app.post(
    '/temporal/entityOperations/query',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      refuseNotYet({ ...body, ...body.ordering });
      checkMembers(
        body.temporalQ,
        [
          'timerel',
          'timeAt',
          'endTimeAt',
          'timeproperty',
          'lastN',
          'aggrMethods',
          'aggrPeriodDuration',
        ],
        'temporalQ',
      );
      checkMembers(body.aggrParams, ['aggrMethods', 'aggrPeriodDuration'], 'aggrParams');
      const filter = filterOf(
        askingOf(body, asked.names, request.query.local),
        asked.names,
        asked.tenant,
      );
      const { options, format } = request.query;
      const { pick, omit, attrs, datasetId, lang } = body;
      const parameters: TemporalParameters = {
        ...textsOf(body.temporalQ),
        ...textsOf(body.aggrParams),
        ...(options === undefined ? {} : { options }),
        ...(format === undefined ? {} : { format }),
        ...textsOf({
          ...(pick ? { pick } : {}),
          ...(omit ? { omit } : {}),
          ...(attrs ? { attrs } : {}),
          ...(datasetId ? { datasetId } : {}),
        }),
        ...(lang === undefined ? {} : { lang }),
      };
      const paging = pagingOf(request.query, optionsOf(request.query));
      return query(
        request,
        reply,
        asked,
        filter,
        parameters,
        paging,
        body.ordering?.orderBy?.join(','),
      );
    },
  );
};
