import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the shell and its pages. */
export const houseWords = defineWords('house', zh, en);
