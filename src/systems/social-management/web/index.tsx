import type { ModuleWeb } from '#platform/ui/web';
import { socialWords } from './words.ts';

export { useTyphoonReplay, type TyphoonReplay } from './use-typhoon-replay.tsx';

/** What social management shows on the pages of others. */
export const web: ModuleWeb = { words: [socialWords], pages: [] };
