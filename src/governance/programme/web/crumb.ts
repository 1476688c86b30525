import { contextWords } from '#platform/context/web';
import type { Bilingual, Crumb } from '#platform/ui/web';

/** The way back to the live map. */
export const contextCrumb = (pick: (pair: Bilingual) => string, to: string): Crumb => ({
  text: pick({ zh: contextWords.zh.liveTitle, en: contextWords.en.liveTitle }),
  to,
});
