import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Server = {
  readonly url: string;
  /** May do everything: the secret that the server leaves for whoever operates its machine. */
  readonly headers: Readonly<Record<string, string>>;
  readonly complaints: () => string;
  /** Without warning, as a power cut would. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const running = new Set<ChildProcess>();

/** For `afterAll`: whatever a failed test left behind. */
export const killServers = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

const PROGRAM = join(import.meta.dirname, '../src/apps/server.ts');

const launch = (folder: string, env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [PROGRAM, '--no-demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATA_DIR: folder, LOG_LEVEL: 'error', ...env },
  });
  running.add(child);
  const said: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes.toString('utf8')));
  const ended = once(child, 'close').then(() => running.delete(child));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { child, ended, end, complaints: () => said.join('') };
};

/** The server as `npm start` runs it, in a process of its own, answering. Throws with its last words where it does not start. */
export const startServer = async (
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Server> => {
  const { child, ended, end, complaints } = launch(folder, env);
  const lines = createInterface(child.stdout);
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('ready in')) resolve();
    });
  });
  await Promise.race([ready, ended.then(() => Promise.reject(new Error(complaints())))]);
  const { url, secret } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    url: string;
    secret: string;
  };
  return {
    url,
    complaints,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
};

/** What a server says that should not start here, and how it ends. */
export const failToStart = async (folder: string, env: Readonly<Record<string, string>>) => {
  const { child, ended, complaints } = launch(folder, env);
  await ended;
  return { code: child.exitCode, complaints: complaints() };
};
