import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the audit log. */
export const auditWords = defineWords('audit', zh, en);
