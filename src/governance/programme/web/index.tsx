import { contextWords } from '#platform/context/web';
import type { ModuleWeb } from '#platform/ui/web';
import { programmeWords } from './words.ts';

/** The city's face: the live map with the ten systems beside it, and the plan clause by clause. */
export const web: ModuleWeb = {
  words: [programmeWords],
  pages: [
    {
      path: '/city',
      title: { zh: contextWords.zh.liveTitle, en: contextWords.en.liveTitle },
      about: { zh: contextWords.zh.liveAbout, en: contextWords.en.liveAbout },
      face: 'city',
      order: 0,
      full: true,
      load: async () => (await import('./city-page.tsx')).CityPage,
    },
    {
      path: '/city/plan',
      title: { zh: programmeWords.zh.planTitle, en: programmeWords.en.planTitle },
      about: { zh: programmeWords.zh.planAbout, en: programmeWords.en.planAbout },
      face: 'city',
      order: 10,
      load: async () => (await import('./plan-page.tsx')).PlanPage,
    },
    {
      path: '/city/plan/$group',
      title: { zh: programmeWords.zh.groupTitle, en: programmeWords.en.groupTitle },
      face: 'city',
      listed: false,
      load: async () => (await import('./group-page.tsx')).GroupPage,
    },
  ],
};
