import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { Page } from '#platform/ui/web';
import { NotFound } from './pages/not-found.tsx';
import { PageFailed } from './pages/page-failed.tsx';
import { PagesContext } from './pages-context.ts';
import { Shell } from './shell/shell.tsx';

/** The router of the house, made of the pages that its modules register. */
export function houseRouter(pages: readonly Page[]) {
  const root = createRootRoute({
    component: () => (
      <PagesContext value={pages}>
        <Shell pages={pages} />
      </PagesContext>
    ),
    notFoundComponent: NotFound,
  });
  const routes = pages.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: lazyRouteComponent(async () => ({ component: await page.load() }), 'component'),
      errorComponent: PageFailed,
    }),
  );
  return createRouter({
    routeTree: root.addChildren(routes),
    scrollRestoration: true,
    // Queries of pages are plain text, so that people can read, write and share them.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (query) => {
      const text = new URLSearchParams(query as Record<string, string>).toString();
      return text ? `?${text}` : '';
    },
  });
}
