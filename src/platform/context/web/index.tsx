import { lazy, Suspense } from 'react';
import { Loading, type ModuleWeb } from '#platform/ui/web';
import { federationWords } from './federation/words.ts';
import type { LiveCityProps } from './live/live-city.tsx';
import { deliveriesWords } from './deliveries/words.ts';
import { contextWords } from './words.ts';

export { contextWords } from './words.ts';
export { entityPage } from './entity/entity-path.ts';
export type { Counts, Live } from './live/filters.ts';
export type { LiveCityProps } from './live/live-city.tsx';
export type { CitySystem } from './live/systems.ts';

/** The pages of the live picture. The map itself stands on the city's page, which the programme owns. */
export const web: ModuleWeb = {
  words: [contextWords, deliveriesWords, federationWords],
  pages: [
    {
      path: '/city/entities/$id',
      title: { zh: contextWords.zh.entityTitle, en: contextWords.en.entityTitle },
      face: 'city',
      listed: false,
      load: async () => (await import('./entity/entity-page.tsx')).EntityPage,
    },
    {
      path: '/work/deliveries',
      title: { zh: deliveriesWords.zh.title, en: deliveriesWords.en.title },
      about: { zh: deliveriesWords.zh.about, en: deliveriesWords.en.about },
      face: 'work',
      order: 30,
      load: async () => (await import('./deliveries/deliveries.tsx')).Deliveries,
    },
    {
      path: '/work/federation',
      title: { zh: federationWords.zh.title, en: federationWords.en.title },
      about: { zh: federationWords.zh.about, en: federationWords.en.about },
      face: 'work',
      order: 40,
      load: async () => (await import('./federation/federation.tsx')).Federation,
    },
    {
      path: '/work/federation/$id',
      title: { zh: federationWords.zh.one, en: federationWords.en.one },
      face: 'work',
      listed: false,
      load: async () => (await import('./federation/source-page.tsx')).SourcePage,
    },
    {
      path: '/work/new-source',
      title: { zh: federationWords.zh.addTitle, en: federationWords.en.addTitle },
      face: 'work',
      listed: false,
      load: async () => (await import('./federation/new-source.tsx')).NewSource,
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
