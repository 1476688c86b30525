import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_TIMEOUT_MS = 60_000;
const PORT = 18_480;
const MQTT_PORT = 18_483;

/** The real server as its own process, open to this machine only, without demonstration devices. */
export type Server = {
  readonly url: string;
  readonly mqttPort: number;
  readonly dataDir: string;
  readonly pid: number;
  readonly residentMegabytes: () => Promise<number>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const waitReady = async (url: string, child: ChildProcess) => {
  const until = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    const ready = await fetch(`${url}/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('The server was not ready in time.');
};

type Options = { dataDir?: string; keep?: boolean; env?: Readonly<Record<string, string>> };

/** BENCH_DATABASE_URL measures PostgreSQL instead of the embedded engine. */
export const startServer = async ({ dataDir, keep, env }: Options = {}): Promise<Server> => {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'sanjiang-bench-')));
  const url = `http://127.0.0.1:${PORT}`;
  const database = process.env['BENCH_DATABASE_URL'];
  const child = spawn(process.execPath, ['src/apps/server.ts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PORT: String(PORT),
      MQTT_PORT: String(MQTT_PORT),
      DATA_DIR: folder,
      AUTH: 'off',
      DEMO: 'off',
      LOG_LEVEL: 'error',
      ...(database ? { DATABASE_URL: database } : {}),
      ...env,
    },
  });
  await waitReady(url, child);
  return {
    url,
    mqttPort: MQTT_PORT,
    dataDir: folder,
    pid: child.pid!,
    residentMegabytes: async () => {
      const { readFile } = await import('node:fs/promises');
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      if (!keep) await rm(folder, { recursive: true, force: true });
    },
  };
};
