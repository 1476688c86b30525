import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal } from '#kernel/errors';
import type { App } from '#kernel/http';
import type { Contexts } from '../jsonld/contexts.ts';
import { CORE_CONTEXT, CORE_CONTEXT_URL } from '../jsonld/core-context.ts';
import { servedId } from '../jsonld/flatten.ts';
import { CONTEXT_KINDS, type ContextKind, type StoredContext } from '../jsonld/stored.ts';
import { acceptedOf, tenantOf } from './asked.ts';
import { locationOf } from './parameters.ts';
import { booleanOf } from './question-parameters.ts';

const READ = { action: 'context.entity.read' };
const WRITE = { action: 'context.vocabulary.write' };
const Text = Type.Optional(Type.String());
const Path = Type.Object({ contextId: Type.String() });
const Nothing = Type.Object({}, { additionalProperties: false });
const Listed = Type.Object({ details: Text, kind: Text }, { additionalProperties: false });
const Detailed = Type.Object({ details: Text }, { additionalProperties: false });
const Reloaded = Type.Object({ reload: Text }, { additionalProperties: false });

const CORE_ID = 'urn:ngsi-ld:Context:core';

type Needs = { contexts: Contexts; publicUrl: string | undefined };

/** Under which address this house serves a context. */
export const servedUrl = (
  request: Pick<FastifyRequest, 'protocol' | 'host'>,
  publicUrl: string | undefined,
  id: string,
): string =>
  (publicUrl?.replace(/\/$/, '') ?? `${request.protocol}://${request.host}`) +
  locationOf('jsonldContexts', id);

const kindOf = (kind: string | undefined): ContextKind | undefined => {
  const known = CONTEXT_KINDS.find((one) => one === kind);
  if (kind !== undefined && !known)
    throw new Refusal('invalid', `kind is ${CONTEXT_KINDS.join(', ')} (clause 5.13.3).`);
  return known;
};

const isCore = (id: string) => id === CORE_ID || CORE_CONTEXT_URL.test(id);
const notServed = (): never => {
  throw new Refusal('not-implemented', 'A copy is not served; its source is (clause 5.13.4.4).');
};
const notThere = (id: string) => new Refusal('not-found', `There is no stored @context ${id}.`);

/** `/jsonldContexts`: clauses 5.13.2–5.13.5, 6.29 and 6.30. */
export const addStoredContextRoutes = (app: App, { contexts, publicUrl }: Needs) => {
  const { stored, usage } = contexts;

  /** Clause 5.13.3.5. */
  const detailsOf = (
    request: FastifyRequest,
    { id, kind, url, createdAt, expiresAt, lastUsage, hits }: Omit<StoredContext, 'document'>,
  ) => ({
    URL: url ?? servedUrl(request, publicUrl, id),
    localId: id,
    kind,
    createdAt,
    ...(expiresAt ? { expiresAt } : {}),
    ...(lastUsage ? { lastUsage } : {}),
    numberOfHits: hits,
  });
  const core = () => ({
    URL: CORE_CONTEXT,
    localId: CORE_ID,
    kind: 'Cached' as const,
    createdAt: contexts.openedAt,
  });

  /** By local id, by the address of a copy, or by our own address of it. */
  const find = async (request: FastifyRequest, given: string) => {
    await usage.flush();
    return stored.find(servedId(given) ?? given, tenantOf(request));
  };

  // 5.13.2 / 6.29.3.1
  app.post(
    '/jsonldContexts',
    { config: WRITE, schema: { querystring: Nothing } },
    async (request, reply) => {
      const { body } = request;
      const given = typeof body === 'object' && body !== null && !Array.isArray(body);
      if (!given || !('@context' in body))
        throw new Refusal('invalid', 'The body is an object with a @context (clause 6.29.3.1).', {
          request: true,
        });
      const document = { '@context': body['@context'] };
      await contexts.check(document['@context']);
      const id = await contexts.add(document, 'Hosted', tenantOf(request));
      return reply.code(201).header('location', locationOf('jsonldContexts', id)).send();
    },
  );

  // 5.13.3 / 6.29.3.2
  app.get(
    '/jsonldContexts',
    { config: READ, schema: { querystring: Listed } },
    async (request, reply) => {
      const details = booleanOf(request.query.details, 'details') ?? false;
      const kind = kindOf(request.query.kind);
      acceptedOf(request, ['application/json']);
      await usage.flush();
      const rows = await stored.list(tenantOf(request), kind);
      const all = [
        ...(kind === undefined || kind === 'Cached' ? [core()] : []),
        ...rows.map((row) => detailsOf(request, row)),
      ];
      return reply
        .type('application/json')
        .serializer(JSON.stringify)
        .send(details ? all : all.map(({ URL: url }) => url));
    },
  );

  // 5.13.4 / 6.30.3.1
  app.get(
    '/jsonldContexts/:contextId',
    { config: READ, schema: { params: Path, querystring: Detailed } },
    async (request, reply) => {
      const { contextId } = request.params;
      const details = booleanOf(request.query.details, 'details') ?? false;
      const accepted = acceptedOf(
        request,
        details ? ['application/json'] : ['application/json', 'application/ld+json'],
      );
      reply.type(accepted).serializer(JSON.stringify);
      if (isCore(contextId)) return details ? reply.send(core()) : notServed();
      const found = await find(request, contextId);
      if (!found) throw notThere(contextId);
      if (!details && found.kind === 'Cached') return notServed();
      // That its owner looks at what a hosted context is, is no use of it.
      if (!details || found.kind !== 'Hosted') usage.count(found.id);
      return reply.send(details ? detailsOf(request, found) : found.document);
    },
  );

  // 5.13.5 / 6.30.3.2
  app.delete(
    '/jsonldContexts/:contextId',
    { config: WRITE, schema: { params: Path, querystring: Reloaded } },
    async (request, reply) => {
      const { contextId } = request.params;
      const reload = booleanOf(request.query.reload, 'reload') ?? false;
      if (isCore(contextId)) {
        // The newest core context is the one that we carry: there is nothing to load, and nothing to take away.
        if (!reload)
          throw new Refusal('invalid', 'The core @context is part of this broker (clause 4.4).');
        return reply.code(204).send();
      }
      const found = await find(request, contextId);
      if (reload) {
        if (found?.kind !== 'Cached')
          throw new Refusal('invalid', 'Only a copy can be loaded anew (clause 5.13.5.4).');
        await contexts.reload(found.url!);
        return reply.code(204).send();
      }
      const own = found && (found.kind === 'Cached' || found.tenant === tenantOf(request));
      if (!own || !(await contexts.remove(found.id))) throw notThere(contextId);
      return reply.code(204).send();
    },
  );
};
