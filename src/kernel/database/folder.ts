import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DatabaseGone } from './gone.ts';
import { syncFolder } from './durable-folder.ts';
import { engineVersions } from './versions.ts';

/** Written last into a folder that is complete: who made it. PostgreSQL leaves files that it does not know alone. */
const STAMP = 'sanjiang-engine';

/** The versions that made a complete data folder, or undefined where there is none. */
const stampOf = (folder: string): string | undefined => {
  const path = join(folder, STAMP);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
};

/** Makes sure that a complete data folder of this engine is there; appears whole or not at all, also after a power cut. */
export const ensureFolder = async (
  folder: string,
  template?: string,
): Promise<'found' | 'copied' | 'made'> => {
  const versions = engineVersions();
  const stamp = stampOf(folder);
  if (stamp === versions) return 'found';
  if (stamp !== undefined)
    throw new DatabaseGone(
      'unavailable',
      `The data folder ${folder} was made by ${stamp}; this house runs ${versions}. Export it with the version that made it and import it here.`,
    );
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new DatabaseGone(
      'unavailable',
      `The folder ${folder} holds files that are not a database of this house.`,
    );

  const half = `${folder}.making`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const copied = template !== undefined && stampOf(template) === versions;
  if (copied) cpSync(template, half, { recursive: true, mode: constants.COPYFILE_FICLONE });
  else await initialize(half);
  writeFileSync(join(half, STAMP), `${versions}\n`);
  syncTree(half);
  rmSync(folder, { recursive: true, force: true });
  renameSync(half, folder);
  syncFolder(dirname(folder));
  return copied ? 'copied' : 'made';
};

const initialize = async (folder: string): Promise<void> => {
  const thread = new Worker(new URL('./making-thread.ts', import.meta.url), { workerData: folder });
  await once(thread, 'exit'); // rejects on 'error'
};

const syncTree = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) syncFolder(path);
    else if (entry.isFile()) syncFile(path);
  }
  syncFolder(folder);
};

const syncFile = (path: string): void => {
  const fd = openSync(path, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};
