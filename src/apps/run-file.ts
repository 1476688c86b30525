import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How the command line finds the server that runs on this data folder, and proves that it is its operator. */
export type Run = { readonly url: string; readonly pid: number; readonly secret: string };

const fileIn = (dataDir: string) => join(dataDir, 'run.json');
const OWNER_ONLY = 0o600;

export const noteRun = (dataDir: string, run: Run) =>
  writeFile(fileIn(dataDir), `${JSON.stringify(run)}\n`, { mode: OWNER_ONLY });

export const forgetRun = (dataDir: string) => rm(fileIn(dataDir), { force: true });

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The server that runs on this folder, where there is one. */
export const findRun = async (dataDir: string): Promise<Run | undefined> => {
  try {
    const run = JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as Run;
    return isAlive(run.pid) ? run : undefined;
  } catch {
    return undefined;
  }
};
