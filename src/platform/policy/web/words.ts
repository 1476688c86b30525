import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the page of rights. */
export const rightsWords = defineWords('rights', zh, en);
