import { EventEmitter, once } from 'node:events';
import { Refusal } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import type { Event, Outbox } from '#kernel/outbox';
import { CHANGED, type EntityChanged } from '../contract.ts';

/** Each reader is a connection and a place; what they read is shared. */
const READERS_MAX = 1_000;
/** What the newest readers find without asking the database: some seconds of a busy city, about 20 MB. */
const RECENT_EVENTS_MAX = 5_000;
const BATCH_EVENTS_MAX = 1_000;
/** Readers that come back after a night are served in turn. */
const CATCHING_UP_MAX = 4;
const RETRY_MS = 1_000;

export type Change = Event<EntityChanged>;
type Recent = {
  /** Of the changes after this one, none is missing. */ from: number;
  events: Change[];
};

/** Lets so many at a time. */
const openTurnstile = (max: number) => {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= max) await new Promise<void>((enter) => waiting.push(enter));
    else inside++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside--;
    }
  };
};

/**
 * The changes of entities for passing readers: the outbox is asked once for all of them, and a reader who is behind asks
 * for pages of his own until he has caught up. A reader holds a place, never a queue.
 */
export const openFeed = (outbox: Outbox, log: Logger) => {
  const news = new EventEmitter().setMaxListeners(0);
  const inTurn = openTurnstile(CATCHING_UP_MAX);
  let recent: Recent | undefined;
  let polling: AbortController | undefined;
  let readers = 0;

  const keep = (into: Recent, events: readonly Change[]) => {
    into.events.push(...events);
    const over = into.events.length - RECENT_EVENTS_MAX;
    if (over > 0) into.from = into.events.splice(0, over).at(-1)!.seq;
    news.emit('news');
  };

  const poll = async (signal: AbortSignal) => {
    while (!signal.aborted)
      try {
        const from = await outbox.last();
        if (signal.aborted) return;
        const into: Recent = { from, events: [] };
        recent = into;
        news.emit('news');
        for await (const events of outbox.tail([CHANGED], from, signal))
          keep(into, events as readonly Change[]);
        return; // the house is stopping
      } catch (error) {
        log.warn({ err: error }, 'the changes cannot be read');
        recent = undefined;
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
  };

  const mustHaveRoom = () => {
    if (readers >= READERS_MAX)
      throw new Refusal('unavailable', `${READERS_MAX} readers follow the changes already.`);
  };
  const enter = () => {
    mustHaveRoom();
    if (readers++ > 0) return;
    polling = new AbortController();
    void poll(polling.signal);
  };
  const leave = () => {
    if (--readers > 0) return;
    polling?.abort();
    recent = undefined;
  };

  /** What comes after this place, and the place behind it; nothing where there is nothing new. */
  const next = async (place: number): Promise<{ events: readonly Change[]; place: number }> => {
    if (!recent) return { events: [], place }; // there is news as soon as there is something to look at
    const { from, events } = recent;
    if (place >= from) {
      const start = events.findIndex(({ seq }) => seq > place);
      if (start < 0) return { events: [], place };
      const batch = events.slice(start, start + BATCH_EVENTS_MAX);
      return { events: batch, place: batch.at(-1)!.seq };
    }
    const page = (await inTurn(() => outbox.read([CHANGED], place))) as Change[];
    return { events: page, place: page.at(-1)?.seq ?? from };
  };

  return {
    /** How many follow. */
    readers: () => readers,

    /** Throws Refusal('unavailable') where too many follow already. */
    mustHaveRoom,

    /** The changes after this number, as they come. Yields batches, never an empty one. Throws as mustHaveRoom does. */
    follow: async function* (
      after: number,
      signal: AbortSignal,
    ): AsyncGenerator<readonly Change[]> {
      enter();
      try {
        let at = after;
        while (!signal.aborted) {
          const waiting = new AbortController();
          const told = once(news, 'news', { signal: AbortSignal.any([signal, waiting.signal]) });
          told.catch(() => undefined);
          const { events, place } = await next(at);
          const moved = place !== at;
          at = place;
          if (events.length > 0) {
            waiting.abort();
            yield events;
          } else if (moved) waiting.abort();
          else await told.catch(() => undefined);
        }
      } finally {
        leave();
      }
    },
  };
};
export type Feed = ReturnType<typeof openFeed>;
