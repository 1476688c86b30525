import websocket from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import { type App, sendEventStream } from '#kernel/http';
import type { Outbox } from '#kernel/outbox';
import { type ChangesQuestion, streamChanges } from './changes.ts';
import type { SightOf } from '../sight.ts';
import type { Feed } from './feed.ts';
import { sendOverSocket } from './socket.ts';

const READ = { action: 'context.entity.read' };
/** Readers only read; what they send is a mistake. */
const MESSAGE_BYTES_MAX = 1024;

const ChangesQuery = Type.Object(
  {
    types: Type.Optional(Type.String({ description: 'Short or full type names, by comma' })),
    tenant: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })),
    after: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
type ChangesQuery = Static<typeof ChangesQuery>;

type Needs = {
  outbox: Outbox;
  feed: Feed;
  publicUrl: string | undefined;
  sightOf: SightOf;
};

export const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((t) => t.trim())
    .filter(Boolean);

const questionOf = (
  { headers, query, actor }: FastifyRequest,
  sightOf: SightOf,
): ChangesQuestion => {
  const { types, tenant, after } = query as ChangesQuery;
  const resumed = Number(headers['last-event-id'] ?? after);
  const wanted = listOf(types);
  return {
    ...(wanted ? { types: wanted } : {}),
    ...(tenant === undefined ? {} : { tenant }),
    sight: () => sightOf(actor),
    ...(Number.isSafeInteger(resumed) ? { after: resumed } : {}),
  };
};

/** A browser sends its cookies with a WebSocket from any page: only our own pages may open one. */
const mustBeOurPage = ({ headers, host }: FastifyRequest, publicUrl: string | undefined) => {
  const { origin } = headers;
  if (origin === undefined) return;
  const from = URL.canParse(origin) ? new URL(origin).host : origin;
  if (from !== host && (publicUrl === undefined || from !== new URL(publicUrl).host))
    throw new Refusal('forbidden', `A page of ${origin} may not follow the changes here.`);
};

/** `/changes`: the change feed as Server-Sent Events, and as a WebSocket for who asks to upgrade. */
export const addStreamRoutes = async (app: App, { outbox, feed, publicUrl, sightOf }: Needs) => {
  await app.register(websocket, { options: { maxPayload: MESSAGE_BYTES_MAX } });
  app.route({
    method: 'GET',
    url: '/changes',
    config: READ,
    schema: { querystring: ChangesQuery },
    preHandler: async (request) => {
      if (request.ws) mustBeOurPage(request, publicUrl);
      feed.mustHaveRoom();
    },
    handler: async (request, reply) => {
      await sendEventStream(reply, (signal) =>
        streamChanges({ outbox, feed }, questionOf(request, sightOf), signal),
      );
    },
    wsHandler: async (socket, request) => {
      await sendOverSocket(socket, app.closing, (signal) =>
        streamChanges({ outbox, feed }, questionOf(request, sightOf), signal),
      ).catch((error: unknown) => request.log.warn({ err: error }, 'a socket of changes ended'));
    },
  });
};
