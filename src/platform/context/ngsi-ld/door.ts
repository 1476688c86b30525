import type { Database } from '#kernel/database';
import type { App } from '#kernel/http';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../jsonld/contexts.ts';
import type { Writer } from '../store/write.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';
import { addAttributeRoutes } from './attribute-routes.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addEntityRoutes } from './entity-routes.ts';
import { sendLdProblem } from './errors.ts';
import { addQueryRoutes } from './query-routes.ts';
import { addSubscriptionRoutes } from './subscription-routes.ts';
import { addTemporalRoutes } from './temporal-routes.ts';
import { addTypeRoutes } from './type-routes.ts';

/** What the handlers of the door need. */
export type Door = {
  readonly database: Database;
  readonly contexts: Contexts;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
};

const JSON_TYPES = ['application/json', 'application/ld+json', 'application/merge-patch+json'];

/** The whole of `/ngsi-ld/v1`. */
export const addNgsiLd = async (app: App, door: Door) => {
  app.setErrorHandler(sendLdProblem);
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, parse);
  addEntityRoutes(app, door);
  addAttributeRoutes(app, door);
  addBatchRoutes(app, door);
  addQueryRoutes(app, door);
  addTemporalRoutes(app, door);
  addSubscriptionRoutes(app, door);
  addTypeRoutes(app, door);
};
