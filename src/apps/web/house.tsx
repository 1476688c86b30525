import { web as programme } from '#governance/programme/web';
import { web as audit } from '#platform/audit/web';
import { web as context } from '#platform/context/web';
import { web as identity } from '#platform/identity/web';
import { web as policy } from '#platform/policy/web';
import { web as sensing } from '#platform/sensing/web';
import { web as socialManagement } from '#systems/social-management/web';
import type { ModuleWeb, Page } from '#platform/ui/web';
import { uiWords } from '#platform/ui/web';
import { sharedTypes } from './type-names.ts';
import { operationsWords } from './operations/words.ts';
import { houseWords } from './words.ts';

const house: ModuleWeb = {
  words: [uiWords, houseWords, operationsWords],
  types: sharedTypes,
  pages: [
    {
      path: '/',
      title: { zh: houseWords.zh.faceResident, en: houseWords.en.faceResident },
      face: 'resident',
      order: 0,
      load: async () => (await import('./pages/home.tsx')).Home,
    },
    {
      path: '/work',
      title: { zh: houseWords.zh.workTitle, en: houseWords.en.workTitle },
      face: 'work',
      order: 0,
      load: async () => (await import('./pages/work.tsx')).Work,
    },
    {
      path: '/work/status',
      title: { zh: operationsWords.zh.title, en: operationsWords.en.title },
      about: { zh: operationsWords.zh.about, en: operationsWords.en.about },
      face: 'work',
      order: 90,
      load: async () => (await import('./pages/status.tsx')).Status,
    },
  ],
};

/** Every module whose pages live here. */
export const webs: readonly ModuleWeb[] = [
  house,
  context,
  identity,
  policy,
  sensing,
  socialManagement,
  audit,
  programme,
];

/** All pages of the house. */
export const pages: readonly Page[] = webs.flatMap((web) => web.pages);

/** What people call the entity types, by the modules that own them. */
export const typeNames = Object.assign({}, ...webs.map((web) => web.types ?? {})) as NonNullable<
  ModuleWeb['types']
>;
