import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of those who keep the platform running. */
export const operationsWords = defineWords('operations', zh, en);
