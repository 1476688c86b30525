import { lazy, Suspense } from 'react';
import { Loading, type ModuleWeb } from '#platform/ui/web';
import type { LiveCityProps } from './live/live-city.tsx';
import { contextWords } from './words.ts';

export { contextWords } from './words.ts';
export { entityPage } from './entity/entity-path.ts';
export type { Counts, Live } from './live/filters.ts';
export type { LiveCityProps } from './live/live-city.tsx';
export type { CitySystem } from './live/systems.ts';

/** The pages of the live picture. The map itself stands on the city's page, which the programme owns. */
export const web: ModuleWeb = {
  words: [contextWords],
  pages: [
    {
      path: '/city/entities/$id',
      title: { zh: contextWords.zh.entityTitle, en: contextWords.en.entityTitle },
      face: 'city',
      listed: false,
      load: async () => (await import('./entity/entity-page.tsx')).EntityPage,
    },
  ],
};

const Inner = lazy(async () => ({ default: (await import('./live/live-city.tsx')).LiveCity }));

/** The live map with its filters, list and facts; see `LiveCityProps`. Fetched when first shown. */
export function LiveCity(props: LiveCityProps) {
  return (
    <Suspense fallback={<Loading height="100%" />}>
      <Inner {...props} />
    </Suspense>
  );
}
