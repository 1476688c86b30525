import type { FastifyRequest } from 'fastify';
import { ANONYMOUS, type Actor } from '#kernel/actor';
import { Bug, Refusal } from '#kernel/errors';
import type { App } from './http.ts';
import { keepRouteBook } from './route-book.ts';

/** Who asks and what they may do. The kernel asks; identity and policy, built above it, answer. */
export type Gate = {
  readonly identify: (request: FastifyRequest) => Promise<Actor>;
  readonly allows: (actor: Actor, action: string) => boolean;
};

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** The action that a caller must be allowed. Every route names one; a route that names none does not start. */
    action?: string;
  }
}

/** What a browser may call us by while anyone may do anything: a name made to point here is not ours. */
const OWN_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** With AUTH=off no page of a foreign name, rebound to this machine, may act here. */
export const refuseForeignNames = (app: App, publicUrl: string | undefined) => {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).host;
  app.addHook('onRequest', async ({ host }) => {
    if (host !== '' && host !== own && !OWN_HOST.test(host))
      throw new Refusal('forbidden', `With AUTH=off this answers to localhost, not to ${host}.`);
  });
};

/** Puts the gate before every route. A route without an action is a bug at start-up, not a hole at run time. */
export const closeByDefault = (app: App, gate: Gate, actions: ReadonlyMap<string, unknown>) => {
  app.decorateRequest('actor', null as never);
  keepRouteBook(app);
  app.addHook('onReady', async () => {
    for (const { method, url, action } of app.listRoutes()) {
      if (!action) throw new Bug(`The route ${method} ${url} names no action.`);
      if (!actions.has(action))
        throw new Bug(`The route ${url} names ${action}, which no manifest declares.`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const action = request.routeOptions.config.action;
    if (!action) {
      request.actor = ANONYMOUS; // no such route: the answer is 404 for everybody
      return;
    }
    request.actor = await gate.identify(request);
    if (gate.allows(request.actor, action)) return;
    throw request.actor.kind === 'anonymous'
      ? new Refusal('unauthenticated', 'Please sign in: this is not open to everybody.', { action })
      : new Refusal('forbidden', 'You are not allowed to do this.', { action });
  });
};
