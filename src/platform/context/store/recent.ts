import type { Entity } from '../model.ts';

/** About 40 MB of heap; what was not written lately is read from the database. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;

/** An entity as this process last committed it, and the transaction (xid) that its row is then of. */
type Recent = {
  readonly entity: Entity;
  readonly xid: string;
  /** Whether anything of it has an end (clause 4.22). */
  readonly expires: boolean;
  readonly size: number;
};

/**
 * What this process wrote last, so that most commits need not read first. It is only ever believed where the row still
 * is of the transaction remembered here: whoever else writes in between makes the commit a race, which reads afresh.
 */
export const openRecent = () => {
  const kept = new Map<string, Recent>();
  let size = 0;

  const forget = (key: string) => {
    const recent = kept.get(key);
    if (!recent) return;
    kept.delete(key);
    size -= recent.size;
  };

  return {
    get: (key: string): Recent | undefined => kept.get(key),
    /** `size` is the length of the attributes as text. */
    keep: (key: string, recent: Recent): void => {
      forget(key);
      kept.set(key, recent);
      size += recent.size;
      for (const oldest of kept.keys()) {
        if (size <= TEXT_BYTES_MAX) break;
        forget(oldest);
      }
    },
    forget,
    forgetAll: (): void => {
      kept.clear();
      size = 0;
    },
  };
};
export type Recents = ReturnType<typeof openRecent>;
