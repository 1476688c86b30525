import { defineWords } from '#platform/ui/web';
import { en } from './words.en.ts';
import { zh } from './words.zh.ts';

/** Texts of the register of devices. */
export const devicesWords = defineWords('devices', zh, en);
