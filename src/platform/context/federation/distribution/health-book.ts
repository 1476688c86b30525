import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { addHealth } from '../registrations/health.ts';
import type { HealthChange, Registration } from '../registrations/model.ts';
import type { Answer } from './send.ts';

const WRITE_EVERY_MS = 2_000;

/** How the sources do, gathered here and written down every two seconds: a count is not worth a commit each. */
export const openHealthBook = (database: Database, clock: Clock, log: Logger) => {
  const changes = new Map<string, HealthChange>();
  let timer: NodeJS.Timeout | undefined;

  const write = async () => {
    timer = undefined;
    const batch = [...changes.values()];
    changes.clear();
    await addHealth(database, batch).catch((error: unknown) =>
      log.warn({ err: error }, 'the health of sources was not written down'),
    );
  };

  return {
    note: ({ tenant, id }: Registration, answer: Answer): void => {
      const key = `${tenant}\n${id}`;
      const now = toInstant(clock.now());
      const failed = answer.kind !== 'answer' || answer.status >= 500;
      const before = changes.get(key) ?? { tenant, id, sent: 0, failed: 0, timedOut: 0 };
      changes.set(key, {
        ...before,
        sent: before.sent + 1,
        failed: before.failed + (failed ? 1 : 0),
        timedOut: before.timedOut + (answer.kind === 'timeout' ? 1 : 0),
        ...(failed
          ? {
              lastFailure: now,
              lastError: answer.kind === 'answer' ? `answered ${answer.status}` : answer.detail,
            }
          : { lastSuccess: now }),
      });
      timer ??= setTimeout(() => void write(), WRITE_EVERY_MS).unref();
    },
    /** Writes down what is left. */
    close: async (): Promise<void> => {
      clearTimeout(timer);
      if (changes.size > 0) await write();
    },
  };
};
export type HealthBook = ReturnType<typeof openHealthBook>;
