import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';

export { openLooking } from './looking.ts';

/** Work that comes round. It runs in one process at a time, survives restarts, and must be able to run twice. */
export type Job = {
  readonly name: string;
  readonly everySeconds: number;
  /** Past this it counts as dead and another process may take it. */
  readonly limitSeconds: number;
  readonly run: () => Promise<void>;
};

const LOOK_MS = 1000;
const ERROR_CHARACTERS_MAX = 500;

/** Runs jobs when they are due: at once when they never ran, late when the house was down. */
export const openSchedule = (database: Database, jobs: readonly Job[], log: Logger) => {
  const holder = crypto.randomUUID();
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const claim = async (job: Job): Promise<boolean> => {
    const rows = await database.query(
      `update kernel.jobs set holder = $2, started_at = now(), lease_until = now() + make_interval(secs => $3)
       where name = $1 and due_at <= now() and (lease_until is null or lease_until < now()) returning 1`,
      [job.name, holder, job.limitSeconds],
    );
    return rows.length > 0;
  };

  const finish = (job: Job, error: string | null) =>
    database.query(
      `update kernel.jobs set finished_at = now(), lease_until = null, error = $3,
         due_at = now() + make_interval(secs => $4) where name = $1 and holder = $2`,
      [job.name, holder, error, job.everySeconds],
    );

  const runIfDue = async (job: Job) => {
    if (!(await claim(job))) return;
    try {
      await job.run();
      await finish(job, null);
    } catch (error) {
      log.error({ err: error, job: job.name }, 'job failed');
      await finish(job, String(error).slice(0, ERROR_CHARACTERS_MAX));
    }
  };

  const startDue = async () => {
    const due = await database.query<{ name: string }>(
      'select name from kernel.jobs where due_at <= now() and (lease_until is null or lease_until < now())',
    );
    for (const job of jobs) {
      if (running.has(job.name) || !due.some((row) => row.name === job.name)) continue;
      running.set(
        job.name,
        runIfDue(job)
          .catch((error: unknown) =>
            log.warn({ err: error, job: job.name }, 'job cannot be recorded'),
          )
          .finally(() => running.delete(job.name)),
      );
    }
  };

  const look = async () => {
    try {
      await startDue();
    } catch (error) {
      log.warn({ err: error }, 'schedule cannot be read');
    }
    if (!ended) timer = setTimeout(look, LOOK_MS);
  };

  return {
    start: async () => {
      for (const job of jobs)
        await database.query(
          'insert into kernel.jobs (name, due_at) values ($1, now()) on conflict do nothing',
          [job.name],
        );
      await look();
    },
    /** Starts no more, and lets what runs finish. */
    close: async () => {
      ended = true;
      clearTimeout(timer);
      await Promise.allSettled(running.values());
    },
  };
};
