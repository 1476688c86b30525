import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the developers' page. */
export const developersWords = defineWords('developers', zh, en);
