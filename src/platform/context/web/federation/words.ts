import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the federation. */
export const federationWords = defineWords('federation', zh, en);
