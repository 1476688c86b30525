import { defineWords } from './define.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** The design system's own texts. */
export const uiWords = defineWords('ui', zh, en);
