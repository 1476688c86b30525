import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { presentEntity, presentFeature } from '../entity/present.ts';
import { type EntityQuestion, listEntities } from '../query/question.ts';
import { acceptedOf, type Asked, mustBeForGeoJson, readAsked, sendLd } from './asked.ts';
import type { Door } from './door.ts';
import { PAGING, pagingOf, sendPaging } from './paging.ts';
import { optionsOf, PRESENTATION, presentationOf } from './parameters.ts';
import { askingOf, readQueryBody } from './query-body.ts';
import {
  FILTER,
  filterOf,
  openDatasets,
  orderOf,
  REFUSED,
  refuseNotYet,
} from './question-parameters.ts';

const READ = { action: 'context.entity.read' };
const Text = Type.Optional(Type.String());

const EntitiesQuery = Type.Object(
  {
    ...FILTER,
    ...PRESENTATION,
    ...PAGING,
    ...REFUSED,
    orderBy: Text,
    orderFrom: Text,
    orderGeometry: Text,
  },
  { additionalProperties: false },
);
const BodyQuery = Type.Object(
  { ...PAGING, options: Text, format: Text, local: Text, geometryProperty: Text },
  { additionalProperties: false },
);

/** `GET /entities` and `POST /entityOperations/query`: clause 5.7.2. */
export const addQueryRoutes = (app: App, { contexts, database }: Door) => {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    question: EntityQuestion,
    show: {
      options?: string;
      format?: string;
      limit?: string;
      offset?: string;
      count?: string;
      geometryProperty?: string;
      datasetId?: string;
    },
  ) => {
    const accepted = acceptedOf(request, [
      'application/json',
      'application/ld+json',
      'application/geo+json',
    ]);
    mustBeForGeoJson(show.geometryProperty, accepted);
    const presentation = presentationOf(show, asked.names);
    const ofDatasets = openDatasets(show.datasetId);
    const paging = pagingOf(show, optionsOf(show));
    const page = await listEntities(database, { ...question, ...paging });
    const entities = page.entities.map(ofDatasets);
    sendPaging(request, reply, accepted, paging, page);
    if (accepted !== 'application/geo+json')
      return sendLd(
        reply,
        accepted,
        asked,
        entities.map((entity) => presentEntity(entity, presentation)),
      );
    const features = entities.map((entity) =>
      presentFeature(entity, presentation, show.geometryProperty),
    );
    return sendLd(reply, accepted, asked, { type: 'FeatureCollection', features });
  };

  // 5.7.2 / 6.4.3.2
  app.get(
    '/entities',
    { config: READ, schema: { querystring: EntitiesQuery } },
    async (request, reply) => {
      refuseNotYet(request.query);
      const asked = await readAsked(request, contexts);
      const filter = filterOf(request.query, asked.names, asked.tenant);
      const order = orderOf(request.query, asked.names);
      return answer(request, reply, asked, { ...filter, order }, request.query);
    },
  );

  // 5.7.2 / 6.23.3.1
  app.post(
    '/entityOperations/query',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      refuseNotYet({ ...body, ...body.ordering });
      if (body.temporalQ || body.aggrParams)
        throw new Refusal(
          'invalid',
          'temporalQ and aggrParams are for temporal queries alone (clause 5.2.23).',
        );
      const filter = filterOf(
        askingOf(body, asked.names, request.query.local),
        asked.names,
        asked.tenant,
      );
      const { orderBy, coordinates, geometry } = body.ordering ?? {};
      const order = orderOf(
        { orderBy: orderBy?.join(','), orderFrom: coordinates, orderGeometry: geometry },
        asked.names,
      );
      const { pick, omit, attrs, datasetId, lang } = body;
      return answer(
        request,
        reply,
        asked,
        { ...filter, order },
        {
          ...request.query,
          ...(attrs ? { attrs: attrs.join(',') } : {}),
          ...(pick ? { pick: pick.join(',') } : {}),
          ...(omit ? { omit: omit.join(',') } : {}),
          ...(datasetId ? { datasetId: datasetId.join(',') } : {}),
          ...(lang === undefined ? {} : { lang }),
        },
      );
    },
  );
};
