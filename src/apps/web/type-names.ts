import type { Bilingual } from '#platform/ui/web';
import { typesEn } from './type-names.en.ts';
import { typesZh } from './type-names.zh.ts';

/** Names of the types that devices report and that no module's pages have named. */
export const sharedTypes = Object.fromEntries(
  Object.entries(typesZh).map(([type, zh]): [string, Bilingual] => [
    type,
    { zh, en: typesEn[type as keyof typeof typesEn] },
  ]),
);
