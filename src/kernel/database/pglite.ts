import { mkdirSync, readdirSync, statSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { Pool } from 'pg';
import type { DatabaseLog, DatabaseSettings } from './index.ts';
import { ensureFolder } from './folder.ts';
import { DatabaseGone } from './gone.ts';
import { type Lock, takeLock } from './lock.ts';
import { meterBytes, openMeter } from './meter.ts';
import { types } from './parse.ts';
import type { FromThread, ThreadData, ToThread } from './pglite-thread.ts';
import { PortStream } from './port-stream.ts';
import type { Backend } from './backend.ts';

const CONNECTIONS = 8;
const QUERY_TIMEOUT_MS = 30_000;
const WATCH_EVERY_MS = 50;
const IDLE_IN_TRANSACTION_MS = 60_000;
const WAL_SEGMENT_BYTES = 16 * 1024 * 1024;
const LOCK_PATIENCE_MS = 2_000;
const LOCK_LOOK_AGAIN_MS = 100;
const CLOSE_WITHIN_MS = 15_000;
const REOPEN_AFTER_MS = [0, 200, 1_000, 5_000] as const;

type Running = { thread: Worker; opened: Promise<void> };

/** Opens the embedded engine in a thread of its own and keeps it open: a thread that must be ended is replaced. */
export const openPglite = async (
  settings: DatabaseSettings,
  log: DatabaseLog,
): Promise<Backend> => {
  const folder = resolve(settings.folder);
  mkdirSync(dirname(folder), { recursive: true });
  const lock = await lockOf(folder);

  const shared = meterBytes();
  const meter = openMeter(shared);
  const queryTimeoutMs = settings.queryTimeoutMs ?? QUERY_TIMEOUT_MS;
  const allowances = new Set([{ ms: queryTimeoutMs }]);
  const streams = new Set<PortStream>();
  let running: Running | undefined;
  let closing = false;
  let failures = 0;
  let reopened = Promise.resolve();

  const start = (): Running => {
    const data: ThreadData = { folder, meter: shared, idleInTransactionMs: IDLE_IN_TRANSACTION_MS };
    const thread = new Worker(new URL('./pglite-thread.ts', import.meta.url), { workerData: data });
    const opened = new Promise<void>((ready, fail) => {
      thread.on('message', (news: FromThread) => {
        if ('ready' in news) ready();
        else if ('broken' in news) lose(thread, news.broken, news.full ? 'full' : 'unavailable');
      });
      thread.on('error', fail);
      thread.on('exit', () => fail(new Error('the thread of the engine ended')));
    });
    opened.then(
      () => {
        failures = 0;
      },
      (error: Error) => lose(thread, error.message, 'unavailable'),
    );
    thread.on('exit', () => lose(thread, 'the thread of the engine ended', 'unavailable'));
    return { thread, opened };
  };

  /** Ends the thread, tells all who wait, and opens the folder again: recovery keeps what was committed and nothing else. */
  const lose = (thread: Worker, why: string, kind: 'unavailable' | 'timeout' | 'full'): void => {
    if (closing || running?.thread !== thread) return;
    running = undefined;
    const full = kind === 'full' || isFull(folder);
    log.error({ why, full }, 'The embedded database is opened again.');
    const gone = full
      ? new DatabaseGone('full', `The disk of ${folder} is full: nothing was stored (${why}).`)
      : new DatabaseGone(
          kind,
          `The database was opened again: ${why}. Nothing unacknowledged was kept.`,
        );
    for (const stream of streams) stream.destroy(gone);
    reopened = reopen(thread);
  };

  const reopen = async (old: Worker): Promise<void> => {
    await old.terminate();
    meter.free(0);
    await pause(REOPEN_AFTER_MS[Math.min(failures++, REOPEN_AFTER_MS.length - 1)]);
    if (!closing) running = start();
  };

  const dial = async (stream: PortStream): Promise<MessagePort> => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    if (!running) await reopened;
    if (!running) throw new DatabaseGone('unavailable', 'The database is closed.');
    const { thread, opened } = running;
    await opened.catch((error: Error) => {
      throw isFull(folder)
        ? new DatabaseGone(
            'full',
            `The disk of ${folder} is full: the database cannot be opened.`,
            error,
          )
        : new DatabaseGone('unavailable', `The database cannot be opened: ${error.message}`, error);
    });
    const { port1, port2 } = new MessageChannel();
    const order: ToThread = { port: port2 };
    thread.postMessage(order, [port2]);
    return port1;
  };

  try {
    const how = await ensureFolder(folder, settings.template);
    if (how !== 'found') log.info({ folder, how }, 'A new data folder was made.');
    running = start();
    await running.opened;
  } catch (error) {
    closing = true;
    await running?.thread.terminate();
    lock.release();
    throw error;
  }

  const watch = setInterval(() => {
    const limitMs = Math.max(...Array.from(allowances, (allowance) => allowance.ms));
    if (running && meter.busyMs() > limitMs)
      lose(running.thread, `a statement ran for longer than ${limitMs} ms`, 'timeout');
  }, WATCH_EVERY_MS).unref();

  const pool = new Pool({
    max: settings.connections ?? CONNECTIONS,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    ssl: false,
    types,
    stream: () => new PortStream(dial) as never,
  });

  pool.on('error', () => {}); // `lose` has told the log

  return {
    engine: 'pglite',
    place: `The embedded database in ${folder}`,
    pool,
    named: true,
    locals: '',
    queryTimeoutMs,
    allow: (ms) => {
      const allowance = { ms };
      allowances.add(allowance);
      return () => void allowances.delete(allowance);
    },
    facts: () => ({
      bytes: sizeOf(folder),
      fsyncs: meter.fsyncs(),
      fsyncMsP50: meter.fsyncMsP50(),
      memoryBytes: meter.memoryBytes(),
    }),
    close: async () => {
      await pool.end();
      closing = true;
      clearInterval(watch);
      const thread = running?.thread;
      if (thread) {
        const closed = new Promise<void>((done) => {
          thread.on('message', (news: FromThread) => 'closed' in news && done());
          thread.on('exit', () => done());
        });
        thread.postMessage({ close: true } satisfies ToThread);
        await Promise.race([closed, pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
        await thread.terminate();
      }
      lock.release();
    },
  };
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

/** Less than one segment of the write-ahead log is left, so that the engine cannot go on. */
const isFull = (folder: string): boolean => {
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize < WAL_SEGMENT_BYTES;
};

const sizeOf = (folder: string): number => {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
};
