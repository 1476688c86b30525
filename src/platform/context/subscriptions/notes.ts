import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { recordDelivered, type Success } from './attempts.ts';

/** What was delivered is noted at once, but no oftener than this unless it is so many: so many may come twice after a crash. */
const NOTE_EVERY_MS = 100;
const NOTES_MAX = 100;
const AGAIN_MS = 1_000;

/** Writes down what was delivered, many at a time: each for itself would be a commit for every notification. */
export const openNotes = (database: Database, log: Logger) => {
  let waiting: Success[] = [];
  /** How many there ever were, and how many of them are on disk. */
  let taken = 0;
  let written = 0;
  let writing: Promise<void> | undefined;
  let writtenAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const later = (ms = Math.max(0, writtenAtMs + NOTE_EVERY_MS - performance.now())) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      write().catch((error: unknown) => {
        log.warn({ err: error }, 'deliveries cannot be noted');
        later(AGAIN_MS);
      });
    }, ms).unref();
  };

  const writeOnce = async () => {
    const batch = waiting;
    waiting = [];
    writtenAtMs = performance.now();
    try {
      await recordDelivered(database, batch);
      written += batch.length;
    } catch (error) {
      waiting = [...batch, ...waiting];
      throw error;
    }
  };
  const write = (): Promise<void> =>
    (writing ??= writeOnce().finally(() => {
      writing = undefined;
      if (waiting.length > 0) later();
    }));

  const unwritten = () => taken - written;

  return {
    /** Resolves when there is room for more. Throws where what waits cannot be written down. */
    add: async (success: Success): Promise<void> => {
      waiting.push(success);
      taken++;
      if (waiting.length < NOTES_MAX) later();
      else if (!writing) write().catch(() => later(AGAIN_MS));
      while (unwritten() >= 2 * NOTES_MAX) await write();
    },

    /** Resolves when what was added up to now is on disk. Throws where it cannot be written down. */
    settle: async (): Promise<void> => {
      const upto = taken;
      const isOnDisk = () => written >= upto;
      while (!isOnDisk()) await write();
    },
  };
};
export type Notes = ReturnType<typeof openNotes>;
