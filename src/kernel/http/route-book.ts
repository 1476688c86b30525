import type { RouteOptions } from 'fastify';
import type { App } from './http.ts';

/** One route as the gate knows it: HEAD stands beside its GET. */
export type BookedRoute = {
  readonly method: string;
  readonly url: string;
  readonly action: string | undefined;
};

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the house with the action that it names, in the order in which they were added. */
    readonly listRoutes: () => readonly BookedRoute[];
  }
}

const methodsOf = ({ method }: RouteOptions) => (Array.isArray(method) ? method : [method]);

/** Keeps book of the routes as they are added. */
export const keepRouteBook = (app: App) => {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.decorate('listRoutes', () =>
    routes.flatMap((route) =>
      methodsOf(route).map((method) => ({
        method,
        url: route.url,
        action: route.config?.action,
      })),
    ),
  );
};

/** What may be asked of a path; nothing where there is none. Pages, whose paths are their own, do not count. */
export const methodsAt = (routes: readonly BookedRoute[], path: string): string[] => {
  const steps = path.split('/');
  const isThere = ({ url }: BookedRoute) => {
    const wanted = url.split('/');
    return (
      !url.includes('*') &&
      wanted.length === steps.length &&
      wanted.every((step, i) => step === steps[i] || (step.startsWith(':') && steps[i] !== ''))
    );
  };
  return [...new Set(routes.filter(isThere).map(({ method }) => method))].toSorted();
};

/** Puts the routes that are added to `app` from now on under one heading of the OpenAPI document. */
export const tagRoutes = (app: App, tag: string) => {
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, tags: route.schema?.tags ?? [tag] };
  });
};
