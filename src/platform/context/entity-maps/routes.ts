import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import { parseInstant } from '#kernel/time';
import { acceptedOf, type Asked, readAsked, sendLd } from '../ngsi-ld/asked.ts';
import type { Door } from '../ngsi-ld/door.ts';
import { checkDepth } from '../ngsi-ld/join.ts';
import { askingOf, readQueryBody, showingOf } from '../ngsi-ld/query-body.ts';
import { type Asking, checkIds, filterOf } from '../ngsi-ld/question-parameters.ts';
import { ENTITIES } from '../ngsi-ld/query-routes.ts';
import { readShow, type Showing } from '../ngsi-ld/show.ts';
import { linksOf } from '../query/q.ts';
import type { Sources } from '../query/reader.ts';
import { seenBy, type Sight } from '../sight.ts';
import { lifetimeOf } from './maps.ts';
import { mapOut } from './present.ts';
import { sendEntityMap } from './use.ts';

const READ = { action: 'context.entity.read' };
const WRITE = { action: 'context.entityMap.write' };
const Text = Type.Optional(Type.String());
const MapPath = Type.Object({ entityMapId: Type.String() });
const Nothing = Type.Object({}, { additionalProperties: false });
const CreateQuery = Type.Object(ENTITIES, { additionalProperties: false });
const BodyQuery = Type.Object(
  { local: Text, entityMap: Text, entityMapLifetime: Text },
  { additionalProperties: false },
);
/** Output only (table 5.2.39-2), and what names the map: ignored in updates (clause 5.14.2.4). */
const IGNORED = new Set(['id', 'type', 'entityMap', 'linkedMaps']);

const idIn = ({ entityMapId }: { entityMapId: string }): string => checkIds([entityMapId])[0]!;

const missing = (id: string): Refusal =>
  new Refusal('not-found', `There is no entity map ${id} (any more).`);

const expiryOf = (body: unknown): number | undefined => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Refusal('invalid', 'An entity map is a JSON object (clause 5.2.39).');
  let expiry: number | undefined;
  for (const [member, value] of Object.entries(body)) {
    if (IGNORED.has(member) || member === '@context') continue;
    if (member !== 'expiresAt')
      throw new Refusal('invalid', `An entity map has no member ${member} (clause 5.2.39).`);
    const at = typeof value === 'string' ? parseInstant(value) : undefined;
    if (at === undefined)
      throw new Refusal('invalid', 'expiresAt is an instant in UTC (clause 4.6.3).');
    expiry = at;
  }
  return expiry;
};

/** `/entityMaps`: clause 5.14. */
export const addEntityMapRoutes = (app: App, { contexts, reader, entityMaps, sightOf }: Door) => {
  /** Who is given a map learns of no entity that its maker alone sees: of those here, the ones that are seen. */
  const asSeen = async (
    sources: Sources,
    tenant: string,
    sight: Sight | undefined,
  ): Promise<Sources> => {
    if (!sight) return sources;
    const within = Object.keys(sources);
    const visible = await seenBy(reader, sight).map({ tenant, within, local: true });
    return Object.fromEntries(Object.entries(sources).filter(([id]) => visible[id]));
  };

  const create = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Asked,
    asking: Asking,
    showing: Showing,
    lifetime: string | undefined,
  ) => {
    const accepted = acceptedOf(request);
    const lifetimeMs = lifetimeOf(lifetime);
    const { join } = readShow(request, showing, asked);
    const filter = filterOf(asking, asked.names, asked.tenant);
    if (filter.q) checkDepth(linksOf(filter.q), join, 'q');
    const sources = await seenBy(reader, sightOf(request.actor)).map(filter);
    const map = await entityMaps.add(sources, asked.tenant, lifetimeMs);
    sendEntityMap(reply, map);
    return sendLd(reply.code(201), accepted, asked, mapOut(map));
  };

  // 5.14.4 / 6.34.3.1
  app.get(
    '/entityMaps',
    { config: READ, schema: { querystring: CreateQuery } },
    async (request, reply) => {
      const { query } = request;
      const asked = await readAsked(request, contexts);
      return create(request, reply, asked, query, query, query.entityMapLifetime);
    },
  );

  // 5.14.4 / 6.34.3.2
  app.post(
    '/entityMaps',
    { config: READ, schema: { querystring: BodyQuery } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const body = readQueryBody(asked.body);
      return create(
        request,
        reply,
        asked,
        askingOf(body, asked.names, request.query.local),
        showingOf(body),
        body.entityMapLifetime ?? request.query.entityMapLifetime,
      );
    },
  );

  // 5.14.1 / 6.32.3.1
  app.get(
    '/entityMaps/:entityMapId',
    { config: READ, schema: { params: MapPath, querystring: Nothing } },
    async (request, reply) => {
      const asked = await readAsked(request, contexts);
      const accepted = acceptedOf(request);
      const id = idIn(request.params);
      const map = await entityMaps.find(id, asked.tenant);
      if (!map) throw missing(id);
      const sources = await asSeen(map.sources, asked.tenant, sightOf(request.actor));
      return sendLd(reply, accepted, asked, mapOut({ ...map, sources }));
    },
  );

  // 5.14.2 / 6.32.3.2
  app.patch(
    '/entityMaps/:entityMapId',
    { config: WRITE, schema: { params: MapPath, querystring: Nothing } },
    async (request, reply) => {
      const { body, tenant } = await readAsked(request, contexts);
      const id = idIn(request.params);
      const expiry = expiryOf(body);
      const isThere =
        expiry === undefined
          ? (await entityMaps.find(id, tenant)) !== undefined
          : await entityMaps.setExpiry(id, tenant, expiry);
      if (!isThere) throw missing(id);
      return reply.code(204).send();
    },
  );

  // 5.14.3 / 6.32.3.3
  app.delete(
    '/entityMaps/:entityMapId',
    { config: WRITE, schema: { params: MapPath, querystring: Nothing } },
    async (request, reply) => {
      const { tenant } = await readAsked(request, contexts);
      const id = idIn(request.params);
      if (!(await entityMaps.remove(id, tenant))) throw missing(id);
      return reply.code(204).send();
    },
  );
};
