import type { ModuleWeb } from '#platform/ui/web';
import { rightsWords } from './words.ts';

const { zh, en } = rightsWords;

/** Who may do what, and why. */
export const web: ModuleWeb = {
  words: [rightsWords],
  pages: [
    {
      path: '/work/rights',
      title: { zh: zh.title, en: en.title },
      about: { zh: zh.about, en: en.about },
      face: 'work',
      order: 60,
      load: async () => (await import('./rights.tsx')).Rights,
    },
  ],
};
