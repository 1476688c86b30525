import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureFolder } from './folder.ts';
import { takeLock } from './lock.ts';
import { versionsHash } from './versions.ts';

const LOOK_AGAIN_MS = 100;

/** Where this checkout keeps its prepared data folder. */
export const templateFolder = (): string =>
  resolve(import.meta.dirname, '../../../.cache', `pglite-template-${versionsHash()}`);

/** Makes a prepared data folder (PostGIS in it, nothing else) unless it is there; many may ask at once, one makes it. */
export const ensureTemplate = async (folder: string = templateFolder()): Promise<string> => {
  mkdirSync(dirname(folder), { recursive: true });
  for (;;) {
    const lock = takeLock(`${folder}.lock`);
    if ('heldBy' in lock) {
      await pause(LOOK_AGAIN_MS);
      continue;
    }
    try {
      await ensureFolder(join(folder));
      return folder;
    } finally {
      lock.release();
    }
  }
};
