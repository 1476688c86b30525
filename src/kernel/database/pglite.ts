import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import type { Backend } from './backend.ts';
import { ensureFolder } from './folder.ts';
import { DatabaseGone } from './gone.ts';
import type { DatabaseLog, DatabaseSettings } from './index.ts';
import { type Lock, takeLock } from './lock.ts';
import { types } from './parse.ts';
import { openHost } from './pglite-host.ts';
import { PortStream } from './port-stream.ts';

/** They share one session, so that more would not be faster; several let one client's rows be read while another's run. */
const CONNECTIONS = 8;
const QUERY_TIMEOUT_MS = 30_000;
const LOCK_PATIENCE_MS = 2_000;
const LOCK_LOOK_AGAIN_MS = 100;

/** Opens the embedded engine on a data folder, which it makes on the first start and holds alone. */
export const openPglite = async (
  settings: DatabaseSettings,
  log: DatabaseLog,
): Promise<Backend> => {
  const folder = resolve(settings.folder);
  const queryTimeoutMs = settings.queryTimeoutMs ?? QUERY_TIMEOUT_MS;
  mkdirSync(dirname(folder), { recursive: true });
  const lock = await lockOf(folder);
  try {
    const how = await ensureFolder(folder, settings.template);
    if (how !== 'found') log.info({ folder, how }, 'A new data folder was made.');
    const host = await openHost(folder, queryTimeoutMs, log);
    const pool = new Pool({
      max: settings.connections ?? CONNECTIONS,
      idleTimeoutMillis: 0,
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      types,
      pipeline: true,
      stream: () => new PortStream(host.dial) as never,
    });
    pool.on('error', () => {}); // the host has told the log
    return {
      engine: 'pglite',
      place: `The embedded database in ${folder}`,
      pool,
      named: true,
      locals: '',
      allow: host.allow,
      facts: () => ({
        bytes: sizeOf(folder),
        fsyncs: host.meter.fsyncs(),
        fsyncMsP50: host.meter.fsyncMsP50(),
        memoryBytes: host.meter.memoryBytes(),
      }),
      close: async () => {
        await pool.end();
        await host.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};

/** A holder that is just ending gets a moment; any other keeps its folder. */
const lockOf = async (folder: string): Promise<Lock> => {
  const until = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    const lock = takeLock(`${folder}.lock`);
    if ('release' in lock) return lock;
    if (Date.now() > until)
      throw new DatabaseGone(
        'unavailable',
        `The data folder ${folder} is in use by ${lock.heldBy}; one folder serves one process at a time.`,
      );
    await pause(LOCK_LOOK_AGAIN_MS);
  }
};

const sizeOf = (folder: string): number => {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
};
