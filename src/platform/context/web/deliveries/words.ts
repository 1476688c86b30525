import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

export const deliveriesWords = defineWords('deliveries', zh, en);
