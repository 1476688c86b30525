import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import {
  candidatesOf,
  MAPPING,
  type MappingParameters,
  readEntityMap,
} from '../entity-maps/use.ts';
import { linksOf } from '../query/q.ts';
import { seenBy } from '../sight.ts';
import type { EntityQuestion } from '../query/question.ts';
import { type Asked, readAsked } from './asked.ts';
import type { Door } from './door.ts';
import { checkDepth } from './join.ts';
import { PAGING, type PagingParameters, pagingOf, sendPaging } from './paging.ts';
import { optionsOf } from './parameters.ts';
import { askingOf, readQueryBody, showingOf } from './query-body.ts';
import { FILTER, filterOf, orderOf } from './question-parameters.ts';
import { pickedOf, readShow, sendShown, SHOW, type Showing } from './show.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());

/** Table 6.4.3.2-1. */
export const ENTITIES = {
  ...FILTER,
  ...SHOW,
  ...PAGING,
  ...MAPPING,
  csf: Text,
  splitEntities: Text,
  orderBy: Text,
  orderFrom: Text,
  orderGeometry: Text,
  collation: Text,
};
const EntitiesQuery = Type.Object(ENTITIES, { additionalProperties: false });
const BodyQuery = Type.Object(
  { ...PAGING, options: Text, format: Text, local: Text, geometryProperty: Text },
  { additionalProperties: false },
);

/** `GET /entities` and `POST /entityOperations/query`: clause 5.7.2. */
export const addQueryRoutes = (app: App, { contexts, reader: all, entityMaps, sightOf }: Door) => {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    asking: EntityQuestion,
    showing: Showing & PagingParameters,
    mapping: MappingParameters,
  ) => {
    const reader = seenBy(all, sightOf(request.actor));
    const show = readShow(request, showing, asked);
    const picked = pickedOf(show);
    const question = picked ? { ...asking, attributes: picked } : asking;
    if (question.q) checkDepth(linksOf(question.q), show.join, 'q');
    const paging = pagingOf(showing, optionsOf(showing));
    const mapped = await readEntityMap(request, reply, entityMaps, mapping, asked.tenant);
    const map = await mapped.ensure(() => reader.map(question));
    if (map && !mapped.referred) reply.code(201);
    // Whether an entity fits is not a matter of who asks: what one may not see stays in the map for others.
    const fitting = (within: readonly string[]) => all.map({ ...question, within, local: true });
    const within = mapped.referred
      ? await candidatesOf(mapped.referred, asked.tenant, entityMaps, fitting)
      : map && Object.keys(map.sources);
    const page = await reader.list({ ...question, ...paging, ...(within ? { within } : {}) });
    sendPaging(request, reply, show.accepted, paging, page);
    return sendShown(reply, asked, show, reader, page.entities);
  };

  // 5.7.2 / 6.4.3.2
  app.get(
    '/entities',
    { config: READ, schema: { querystring: EntitiesQuery } },
    async (request, reply) => {
      const { query } = request;
      const asked = await readAsked(request, contexts);
      const question = {
        ...filterOf(query, asked.names, asked.tenant),
        ...orderOf(query, asked.names),
      };
      return answer(request, reply, asked, question, query, query);
    },
  );

  // 5.7.2 / 6.23.3.1
  app.post(
    '/entityOperations/query',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      if (body.temporalQ || body.aggrParams)
        throw new Refusal(
          'invalid',
          'temporalQ and aggrParams are for temporal queries alone (clause 5.2.23).',
        );
      const { orderBy, coordinates, geometry, collation } = body.ordering ?? {};
      const question = {
        ...filterOf(askingOf(body, asked.names, request.query.local), asked.names, asked.tenant),
        ...orderOf(
          {
            orderBy: orderBy?.join(','),
            orderFrom: coordinates,
            orderGeometry: geometry,
            collation,
          },
          asked.names,
        ),
      };
      return answer(
        request,
        reply,
        asked,
        question,
        { ...request.query, ...showingOf(body) },
        {
          entityMap: body.entityMap === undefined ? undefined : String(body.entityMap),
          entityMapLifetime: body.entityMapLifetime,
        },
      );
    },
  );
};
