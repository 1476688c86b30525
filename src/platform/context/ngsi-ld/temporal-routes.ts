import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { MAPPING, type MappingParameters, readEntityMap } from '../entity-maps/use.ts';
import { parseCollation } from '../query/collation.ts';
import { linksOf } from '../query/q.ts';
import type { Filter } from '../query/question.ts';
import { acceptedOf, type Asked, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { checkDepth } from './join.ts';
import { PAGING, type PagingParameters, pagingOf, sendPaging } from './paging.ts';
import { EntityPath, entityIdOf, optionsOf } from './parameters.ts';
import { askingOf, readQueryBody } from './query-body.ts';
import { booleanOf, FILTER, filterOf } from './question-parameters.ts';
import { temporalParametersOf } from './temporal-body.ts';
import { TEMPORAL, temporalOf, type TemporalParameters } from './temporal-parameters.ts';
import { openTemporalShow } from './temporal-show.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());
const ORDER = /^id(?:;(asc|desc))?$/;

/** Table 6.19.3.1-1. */
const EntityQuery = Type.Object(
  { ...TEMPORAL, ...MAPPING, local: Text },
  { additionalProperties: false },
);
/** Table 6.18.3.2-1. */
const EntitiesQuery = Type.Object(
  {
    ...FILTER,
    ...TEMPORAL,
    ...PAGING,
    ...MAPPING,
    csf: Text,
    splitEntities: Text,
    orderBy: Text,
    collation: Text,
  },
  { additionalProperties: false },
);
const BodyQuery = Type.Object(
  { ...PAGING, options: Text, format: Text, local: Text },
  { additionalProperties: false },
);

type Ordering = { readonly orderBy?: string | undefined; readonly collation?: string | undefined };

/** Clause 5.7.4.4: by the id alone. Answers whether from the last to the first. */
const isDescending = ({ orderBy = 'id', collation }: Ordering): boolean => {
  const order = ORDER.exec(orderBy);
  if (!order)
    throw new Refusal('invalid', 'Histories are put in order by id alone (clause 5.7.4.4).');
  if (collation !== undefined) {
    parseCollation(collation);
    throw new Refusal('not-implemented', 'collation of ids: they go by code point.');
  }
  return order[1] === 'desc';
};

/** Whether what was asked for would be there if anything were known of it (clause 5.7.3.4). */
const isNarrowed = ({ attrs, datasetId, timeproperty, timerel }: TemporalParameters): boolean =>
  timerel === undefined &&
  (attrs !== undefined || datasetId !== undefined || timeproperty !== undefined);

/** What was known when: `/temporal/entities`, clauses 5.7.3 and 5.7.4. */
export const addTemporalRoutes = (
  app: App,
  {
    contexts,
    database,
    entityMaps,
    history,
    past,
    sightOf,
  }: Pick<Door, 'contexts' | 'database' | 'entityMaps' | 'history' | 'past' | 'sightOf'>,
) => {
  const show = openTemporalShow(database, history.instancesMax);

  const query = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    filter: Filter,
    parameters: TemporalParameters,
    more: PagingParameters & MappingParameters & Ordering,
  ) => {
    const accepted = acceptedOf(request);
    if (filter.q) checkDepth(linksOf(filter.q), undefined, 'q');
    const descending = isDescending(more);
    const paging = pagingOf(more, optionsOf(parameters));
    const ask = temporalOf(parameters, asked.names);
    const { interval, attributes, datasets, form } = ask;
    if (!interval.relation)
      throw new Refusal(
        'invalid',
        'timerel and timeAt are needed: a temporal query (clause 5.7.4.4).',
      );
    const question = {
      filter: { ...filter, sight: sightOf(request.actor) },
      interval,
      ...(attributes ? { attributes } : {}),
      ...(datasets ? { datasets } : {}),
      aggregated: typeof form === 'object',
      ordered: more.orderBy !== undefined,
      split: filter.split === true,
    };
    const mapped = await readEntityMap(request, reply, entityMaps, more, asked.tenant);
    const map = await mapped.ensure(() => past.map(question));
    if (map && !mapped.referred) reply.code(201);
    const page = await past.list({
      ...question,
      ...(map ? { within: Object.keys(map.sources) } : {}),
      ...paging,
      descending,
    });
    sendPaging(request, reply, accepted, paging, page);
    const { evolutions } = await show(reply, page, ask, asked.tenant, filter.scopes);
    const shown = evolutions.filter((evolution) => Object.keys(evolution).length > 0);
    return sendLd(reply, accepted, asked, shown);
  };

  // 5.7.3 / 6.19.3.1
  app.get(
    '/temporal/entities/:entityId',
    { config: READ, schema: { params: EntityPath, querystring: EntityQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const local = booleanOf(request.query.local, 'local');
      const id = entityIdOf(request.params.entityId);
      const {
        entityMap: _map,
        entityMapLifetime: _lifetime,
        local: _local,
        ...parameters
      } = request.query;
      const ask = temporalOf(parameters, asked.names);
      const mapped = await readEntityMap(request, reply, entityMaps, request.query, asked.tenant);
      const { interval, attributes, datasets } = ask;
      const found = await past.find(id, asked.tenant, {
        interval,
        sight: sightOf(request.actor),
        local,
        ...(attributes ? { attributes } : {}),
        ...(datasets ? { datasets } : {}),
      });
      if (!found) throw new Refusal('not-found', `Nothing was ever known of ${id}.`);
      const { evolutions, any } = await show(reply, found, ask, asked.tenant);
      const [evolution = {}] = evolutions;
      if (Object.keys(evolution).length === 0 || (!any && isNarrowed(parameters)))
        throw new Refusal(
          'not-found',
          `Of ${id} nothing like that was ever known (clause 5.7.3.4).`,
        );
      await mapped.ensure(async () => found.sources);
      return sendLd(reply, accepted, asked, evolution);
    },
  );

  // 5.7.4 / 6.18.3.2
  app.get(
    '/temporal/entities',
    { config: READ, schema: { querystring: EntitiesQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const filter = filterOf(request.query, asked.names, asked.tenant);
      return query(request, reply, asked, filter, request.query, request.query);
    },
  );

  // 5.7.4 / 6.24.3.1
  app.post(
    '/temporal/entityOperations/query',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      const asking = askingOf(body, asked.names, request.query.local);
      const { orderBy, coordinates, geometry, collation } = body.ordering ?? {};
      if (coordinates !== undefined || geometry !== undefined)
        throw new Refusal('invalid', 'Histories are put in order by id alone (clause 5.7.4.4).');
      return query(
        request,
        reply,
        asked,
        filterOf(asking, asked.names, asked.tenant),
        temporalParametersOf(body, request.query),
        {
          ...request.query,
          orderBy: orderBy?.join(','),
          collation,
          entityMap: body.entityMap === undefined ? undefined : String(body.entityMap),
          entityMapLifetime: body.entityMapLifetime,
        },
      );
    },
  );
};
