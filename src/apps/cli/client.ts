import { mkdir } from 'node:fs/promises';
import { readConfig } from '#kernel/config';
import { openLog } from '#kernel/log';
import { openCity } from '../open.ts';
import { findRun } from '../run-file.ts';

/** What went wrong, in a sentence for the person at the prompt. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
}

export type Client = {
  /** Calls the house's HTTP API as its operator; throws CliFailure with the problem's title. */
  readonly call: (path: string, init?: RequestInit & { duplex?: 'half' }) => Promise<Response>;
  readonly json: <T>(path: string) => Promise<T>;
  readonly url: string;
};

export const readCliConfig = () =>
  readConfig({ ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error' });

const clientOf = (url: string, secret: string): Client => {
  const call: Client['call'] = async (path, init = {}) => {
    const answer = await fetch(new URL(path, url), {
      ...init,
      headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${secret}` },
    } as RequestInit);
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
    throw new CliFailure(
      problem.detail ?? problem.title ?? `${answer.status} ${answer.statusText}`,
    );
  };
  return { url, call, json: async <T>(path: string) => (await call(path)).json() as Promise<T> };
};

/**
 * Every command is a client of the HTTP API. Where a server runs on this data folder it is asked; otherwise the house
 * is opened here for the length of the command, on a free port of this machine, without devices.
 */
export const withClient = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
  const config = readCliConfig();
  const run = await findRun(config.dataDir);
  if (run) return work(clientOf(run.url, run.secret));
  await mkdir(config.dataDir, { recursive: true });
  const env = { ...config.env, DEMO: 'off', MQTT_PORT: '0' };
  await using house = await openCity(
    { ...config, host: '127.0.0.1', port: 0, role: 'server', env },
    openLog(config.logLevel),
  );
  const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
  return await work(clientOf(url, house.consoleSecret));
};
