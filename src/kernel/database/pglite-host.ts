import { statfsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { DatabaseGone } from './gone.ts';
import type { DatabaseLog } from './index.ts';
import { type Meter, meterBytes, openMeter } from './meter.ts';
import type { FromThread, ThreadData, ToThread } from './pglite-thread.ts';
import type { PortStream } from './port-stream.ts';

const WATCH_EVERY_MS = 50;
const IDLE_IN_TRANSACTION_MS = 60_000;
const CLOSE_WITHIN_MS = 15_000;
const REOPEN_AFTER_MS = [0, 200, 1_000, 5_000] as const;
const WAL_SEGMENT_BYTES = 16 * 1024 * 1024;

type Running = { thread: Worker; opened: Promise<void> };
type Kind = 'unavailable' | 'timeout' | 'full';

export type Host = {
  meter: Meter;
  /** Connects a stream to the engine, waiting where it is being opened again. */
  dial(stream: PortStream): Promise<MessagePort>;
  /** Lets statements run this long until given back. */
  allow(ms: number): () => void;
  close(): Promise<void>;
};

/** Runs the engine on a data folder in a thread of its own and keeps it running: a thread that must be ended is replaced. */
export const openHost = async (
  folder: string,
  queryTimeoutMs: number,
  log: DatabaseLog,
): Promise<Host> => {
  const shared = meterBytes();
  const meter = openMeter(shared);
  const allowances = new Set([{ ms: queryTimeoutMs }]);
  const streams = new Set<PortStream>();
  let keeping = false;
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
      thread.on('exit', () => fail(new Error('its thread ended')));
    });
    opened.then(
      () => {
        failures = 0;
      },
      (error: Error) => lose(thread, error.message, 'unavailable'),
    );
    thread.on('exit', () => lose(thread, 'its thread ended', 'unavailable'));
    return { thread, opened };
  };

  /** Ends the thread, tells all who wait, and opens the folder again: recovery keeps what was committed and nothing else. */
  const lose = (thread: Worker, why: string, kind: Kind): void => {
    if (!keeping || running?.thread !== thread) return;
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
    if (keeping) running = start();
  };

  let running: Running | undefined = start();
  try {
    await running.opened;
  } catch (error) {
    await running.thread.terminate();
    throw cannotOpen(folder, error as Error);
  }
  keeping = true;

  const watch = setInterval(() => {
    const limitMs = Math.max(...Array.from(allowances, (allowance) => allowance.ms));
    if (running && meter.busyMs() > limitMs)
      lose(running.thread, `a statement ran for longer than ${limitMs} ms`, 'timeout');
  }, WATCH_EVERY_MS).unref();

  return {
    meter,
    dial: async (stream) => {
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      if (!running) await reopened;
      if (!running) throw new DatabaseGone('unavailable', 'The database is closed.');
      const { thread, opened } = running;
      await opened.catch((error: Error) => {
        throw cannotOpen(folder, error);
      });
      const { port1, port2 } = new MessageChannel();
      thread.postMessage({ port: port2 } satisfies ToThread, [port2]);
      return port1;
    },
    allow: (ms) => {
      const allowance = { ms };
      allowances.add(allowance);
      return () => void allowances.delete(allowance);
    },
    close: async () => {
      keeping = false;
      clearInterval(watch);
      await reopened;
      if (!running) return;
      const { thread, opened } = running;
      const ended = new Promise<void>((done) => {
        thread.on('message', (news: FromThread) => 'closed' in news && done());
        thread.on('exit', () => done());
      });
      opened.then(
        () => thread.postMessage({ close: true } satisfies ToThread, []),
        () => {}, // it ends by itself
      );
      await Promise.race([ended, pause(CLOSE_WITHIN_MS, undefined, { ref: false })]);
      await thread.terminate();
    },
  };
};

const cannotOpen = (folder: string, error: Error): DatabaseGone =>
  isFull(folder)
    ? new DatabaseGone(
        'full',
        `The disk of ${folder} is full: the database cannot be opened.`,
        error,
      )
    : new DatabaseGone(
        'unavailable',
        `The database in ${folder} cannot be opened: ${error.message}`,
        error,
      );

/** Less than one segment of the write-ahead log is left, so that the engine cannot go on. */
const isFull = (folder: string): boolean => {
  const disk = statfsSync(folder);
  return disk.bavail * disk.bsize < WAL_SEGMENT_BYTES;
};
