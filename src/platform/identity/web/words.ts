import { defineWords, type Bilingual } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of sign-in, account, bodies and applications. */
export const identityWords = defineWords('identity', zh, en);

/** One of them in both languages, for forms and titles. */
export const both = (key: keyof typeof zh): Bilingual => ({ zh: zh[key], en: en[key] });
