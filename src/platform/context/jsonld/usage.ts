import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';

/** Uses are counted in memory, since every request is one, and written together. */
const WRITE_EVERY_MS = 5_000;
/** More contexts than are used between two writes. */
const COUNTED_MAX = 5_000;

const WRITE = `
  update context.contexts c set hits = c.hits + u.hits, last_usage = greatest(c.last_usage, u.last_usage)
  from unnest($1::text[], $2::bigint[], $3::timestamptz[]) as u (id, hits, last_usage) where c.id = u.id`;

type Uses = { hits: number; last: number };

/** How often each stored context was used and when last (clause 5.13.3.5). */
export const openUsage = (database: Database, clock: Clock, log: Logger) => {
  let counted = new Map<string, Uses>();
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const write = async () => {
    const list = [...counted];
    if (list.length === 0) return;
    await database.query(WRITE, [
      list.map(([id]) => id),
      list.map(([, { hits }]) => hits),
      list.map(([, { last }]) => toInstant(last)),
    ]);
    for (const [id, { hits }] of list) {
      const now = counted.get(id);
      if (now && (now.hits -= hits) <= 0) counted.delete(id);
    }
  };
  const flush = (): Promise<void> =>
    (writing = writing.then(write).catch((error: unknown) => {
      log.warn({ err: error }, 'uses of contexts could not be written');
    }));

  return {
    count: (id: string): void => {
      const uses = counted.get(id);
      const last = clock.now().getTime();
      if (uses) {
        uses.hits++;
        uses.last = last;
      } else {
        if (counted.size >= COUNTED_MAX) counted = new Map();
        counted.set(id, { hits: 1, last });
      }
    },
    /** After this the rows tell all that was counted here. */
    flush,
    start: () => {
      timer = setInterval(() => void flush(), WRITE_EVERY_MS).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await flush();
    },
  };
};
export type Usage = ReturnType<typeof openUsage>;
