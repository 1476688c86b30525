import type { Database } from '#kernel/database';
import type { FastifyError } from 'fastify';
import { Refusal } from '#kernel/errors';
import { type App, methodsAt } from '#kernel/http';
import type { Clock } from '#kernel/time';
import type { EntityMaps } from '../entity-maps/maps.ts';
import { addEntityMapRoutes } from '../entity-maps/routes.ts';
import { addTemporalEntityMapRoutes } from '../entity-maps/temporal-routes.ts';
import type { Discovery } from '../federation/distribution/discover.ts';
import { enterJourneys } from '../federation/distribution/journey.ts';
import type { Past } from '../federation/distribution/past.ts';
import type { DistributedEvolutions } from '../federation/distribution/write-evolutions.ts';
import type { Identity } from '../federation/identity.ts';
import type { Registrations } from '../federation/registrations/registrations.ts';
import type { OpenRegistry } from '../federation/registrations/registry.ts';
import type { Contexts } from '../jsonld/contexts.ts';
import type { EntityWriter } from '../operations.ts';
import type { Reader } from '../query/reader.ts';
import { enterSnapshots } from '../snapshots/header.ts';
import type { SnapshotKeeping } from '../snapshots/open.ts';
import { addSnapshotRoutes } from '../snapshots/routes.ts';
import type { Tenants } from '../store/tenants.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import type { History } from '../temporal/open.ts';
import { TENANT } from './asked.ts';
import type { SightOf } from '../sight.ts';
import { addAttributeRoutes } from './attribute-routes.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addStoredContextRoutes } from './context-routes.ts';
import { addEntityRoutes } from './entity-routes.ts';
import { sendLdProblem } from './errors.ts';
import { DoneInPart, sendInPart } from './outcomes.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { addPurgeRoutes } from './purge-routes.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addRegistrationRoutes } from './registration-routes.ts';
import { addRetrieveRoutes } from './retrieve-routes.ts';
import { addSubscriptionRoutes } from './subscription-routes.ts';
import { addTemporalRoutes } from './temporal-routes.ts';
import { addTemporalWriteRoutes } from './temporal-write-routes.ts';
import { enterTenants } from './tenants.ts';
import { addTypeRoutes } from './type-routes.ts';

/** What the handlers of the door need. */
export type Door = {
  readonly database: Database;
  readonly contexts: Contexts;
  /** The address that people use, where it is set. */
  readonly publicUrl: string | undefined;
  readonly writer: EntityWriter;
  readonly reader: Reader;
  readonly sightOf: SightOf;
  readonly discovery: Discovery;
  readonly entityMaps: EntityMaps;
  readonly identity: Identity;
  readonly tenants: Tenants;
  readonly snapshots: SnapshotKeeping;
  readonly history: History;
  /** Histories to read and to write, wherever they are kept. */
  readonly past: Past;
  readonly evolutions: DistributedEvolutions;
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
  readonly registrations: Registrations;
  readonly registry: OpenRegistry;
  /** Who is told of registrations. */
  readonly sourceSubscriptions: Subscriptions;
};

const BODIED = new Set(['POST', 'PATCH', 'PUT']);
const JSON_TYPES = ['application/json', 'application/ld+json', 'application/merge-patch+json'];

/** The whole of `/ngsi-ld/v1`. */
export const addNgsiLd = async (app: App, door: Door) => {
  app.setErrorHandler((error: FastifyError, request, reply) =>
    error instanceof DoneInPart
      ? sendInPart(error, request, reply)
      : sendLdProblem(error, request, reply),
  );
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const allowed = methodsAt(app.listRoutes(), path);
    if (allowed.length === 0 || allowed.includes(request.method))
      throw new Refusal('not-found', `There is nothing at ${path}.`);
    // Clause 6.3.2: a method that there is not, too, has just the status.
    return reply.code(405).header('allow', allowed.join(', ')).send();
  });
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    // Clause 6.3.4: without a Content-Length just the status, chunked bodies included.
    if (BODIED.has(method) && headers['content-length'] === undefined)
      return reply.code(411).send();
  });
  app.addHook('onSend', async ({ headers }, reply) => {
    const tenant = headers['ngsild-tenant']; // clause 6.3.14: on every answer
    if (typeof tenant === 'string' && TENANT.test(tenant)) reply.header('ngsild-tenant', tenant);
  });
  enterTenants(app, door.tenants);
  enterSnapshots(app, door.snapshots);
  enterJourneys(app, door);
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, (request, text: string, done) => {
    // A client may say of what kind a body is that it does not send.
    if (text === '' && !BODIED.has(request.method)) done(null);
    else void parse(request, text, done);
  });
  addEntityRoutes(app, door);
  addAttributeRoutes(app, door);
  addBatchRoutes(app, door);
  addPurgeRoutes(app, door);
  addRetrieveRoutes(app, door);
  addQueryRoutes(app, door);
  addEntityMapRoutes(app, door);
  addTemporalEntityMapRoutes(app, door);
  addSnapshotRoutes(app, door);
  addTemporalRoutes(app, door);
  addTemporalWriteRoutes(app, door);
  addSubscriptionRoutes(app, door);
  addRegistrationRoutes(app, door);
  addSubscriptionRoutes(
    app,
    { ...door, subscriptions: door.sourceSubscriptions },
    'csourceSubscriptions',
  );
  addTypeRoutes(app, door);
  addIdentityRoutes(app, door);
  addStoredContextRoutes(app, door);
};
