import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Debian puts it where only root looks. */
const PROGRAM = [process.env['TEST_NATS_SERVER'], 'nats-server', '/usr/sbin/nats-server'].find(
  (path) => path && (existsSync(path) || spawnSync(path, ['--version']).status === 0),
);
export const hasNats = PROGRAM !== undefined;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** A CloudEvent as it lies in the stream. */
export type Kept = {
  readonly subject: string;
  readonly id: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly subject: string;
    readonly data: ReturnType<typeof JSON.parse>;
  };
};

/** A NATS server of one's own with JetStream on a folder of its own, that can go away and come back. */
export const openNatsServer = async () => {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sanjiang-nats-'));
  const url = `nats://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(PROGRAM!, ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
    });
    for (let tries = 0; ; tries++)
      try {
        const connection = await connect({ servers: url, reconnect: false });
        await jetstreamManager(connection);
        return await connection.close();
      } catch (error) {
        if (tries > 100) throw error;
        await pause(100);
      }
  };
  const end = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const gone = child && child.exitCode === null ? once(child, 'exit') : undefined;
    child?.kill(signal);
    await gone;
  };
  await start();
  return {
    url,
    start,
    /** As a power cut would. */
    kill: () => end(),
    /** Everything in a stream, oldest first. */
    kept: async (stream = 'CITY'): Promise<Kept[]> => {
      const connection = await connect({ servers: url });
      try {
        const { streams } = await jetstreamManager(connection);
        const { state } = await streams.info(stream);
        const kept: Kept[] = [];
        for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
          const message = await streams.getMessage(stream, { seq });
          if (message)
            kept.push({
              subject: message.subject,
              id: message.header.get('Nats-Msg-Id'),
              event: message.json(),
            });
        }
        return kept;
      } finally {
        await connection.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
