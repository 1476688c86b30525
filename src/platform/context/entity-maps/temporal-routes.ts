import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { acceptedOf, type Asked, readAsked, sendLd } from '../ngsi-ld/asked.ts';
import type { Door } from '../ngsi-ld/door.ts';
import { checkDepth } from '../ngsi-ld/join.ts';
import { askingOf, readQueryBody } from '../ngsi-ld/query-body.ts';
import { type Asking, FILTER, filterOf } from '../ngsi-ld/question-parameters.ts';
import { temporalParametersOf } from '../ngsi-ld/temporal-body.ts';
import { TEMPORAL, temporalOf, type TemporalParameters } from '../ngsi-ld/temporal-parameters.ts';
import { linksOf } from '../query/q.ts';
import { lifetimeOf } from './maps.ts';
import { mapOut } from './present.ts';
import { MAPPING, sendEntityMap } from './use.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());
/** Table 6.18.3.2-1, without pages and order: a map has none. */
const CreateQuery = Type.Object(
  { ...FILTER, ...TEMPORAL, ...MAPPING, csf: Text, splitEntities: Text },
  { additionalProperties: false },
);
const BodyQuery = Type.Object(
  { options: Text, format: Text, local: Text, entityMap: Text, entityMapLifetime: Text },
  { additionalProperties: false },
);

/** `/temporal/entityMaps`: clause 5.14.5. */
export const addTemporalEntityMapRoutes = (
  app: App,
  {
    contexts,
    entityMaps,
    past,
    sightOf,
  }: Pick<Door, 'contexts' | 'entityMaps' | 'past' | 'sightOf'>,
) => {
  const create = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    asking: Asking,
    parameters: TemporalParameters,
    lifetime: string | undefined,
  ) => {
    const accepted = acceptedOf(request);
    const lifetimeMs = lifetimeOf(lifetime);
    const filter = filterOf(asking, asked.names, asked.tenant);
    if (filter.q) checkDepth(linksOf(filter.q), undefined, 'q');
    const { interval, attributes, datasets, form } = temporalOf(parameters, asked.names);
    if (!interval.relation)
      throw new Refusal('invalid', 'timerel and timeAt are needed (clause 5.14.5.4).');
    const sources = await past.map({
      filter: { ...filter, sight: sightOf(request.actor) },
      interval,
      ...(attributes ? { attributes } : {}),
      ...(datasets ? { datasets } : {}),
      aggregated: typeof form === 'object',
      ordered: false,
      split: filter.split === true,
    });
    const map = await entityMaps.add(sources, asked.tenant, lifetimeMs);
    sendEntityMap(reply, map);
    return sendLd(reply.code(201), accepted, asked, mapOut(map));
  };

  // 5.14.5 / 6.35.3.1
  app.get(
    '/temporal/entityMaps',
    { config: READ, schema: { querystring: CreateQuery } },
    async (request, reply) => {
      const { query } = request;
      const asked = await readAsked(request, contexts);
      return create(request, reply, asked, query, query, query.entityMapLifetime);
    },
  );

  // 5.14.5 / 6.35.3.2
  app.post(
    '/temporal/entityMaps',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      return create(
        request,
        reply,
        asked,
        askingOf(body, asked.names, request.query.local),
        temporalParametersOf(body, request.query),
        body.entityMapLifetime ?? request.query.entityMapLifetime,
      );
    },
  );
};
