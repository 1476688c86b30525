import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import type { Logger } from '#kernel/log';
import { type Consumer, openStep } from './consumer.ts';
import {
  countDeadLetters,
  countDroppedLetters,
  listDeadLetters,
  replayDeadLetter,
} from './dead-letters.ts';
import { openAtHand } from './at-hand.ts';
import { type Committed, type Event, lastSeq, listEvents } from './events.ts';

/** How soon another process's commit is seen here; our own wakes the readers at once. */
const POLL_MS = 500;
/** The same where the processes wake each other, in case a word is lost. */
const POLL_WOKEN_MS = 5_000;
/** Under load a consumer looks at most this often, and takes the more at once: a look costs as much as a write. */
const GATHER_MS = 20;
const TAIL_EVENTS_MAX = 1000;
/** A reader that comes back after a night still finds its place; past either limit it is told to load afresh. */
const KEEP_HOURS = 12;
const KEEP_EVENTS_MAX = 2_000_000;
const TRIM_EVENTS_MAX = 50_000;
/** A consumer that no process had in its code for so long is gone: its place is nobody's. */
const FORGET_HOURS = 24;
/** How often it is looked whether too much waits. */
const MEASURE_MS = 2_000;
const WAITING_EVENTS_MAX = 5_000_000;

/** How the processes of a house tell each other that there is something new. */
export type Wakes = {
  readonly tell: () => void;
  readonly onHeard: (heard: () => void) => void;
  /** Whether a word would reach us at this moment. */
  readonly isOpen: () => boolean;
};

export type OutboxSettings = {
  readonly wakes?: Wakes;
  readonly leaseMs?: number;
  /** So many events may wait for the slowest consumer; beyond, writes are refused until it has caught up. */
  readonly waitingMax?: number;
};

/** How far the slowest consumer is behind; those that nobody has any more count for nothing. */
const WAITING = `
  select coalesce((select max(seq) from kernel.outbox) - min(position), 0) as waiting from kernel.consumers
  where seen_at > now() - make_interval(hours => ${FORGET_HOURS})`;

const TRIM = `
  with gone as (
    delete from kernel.outbox where seq in (
      select seq from kernel.outbox
      where seq <= coalesce((select min(position) from kernel.consumers), 9223372036854775807)
        and (at < now() - make_interval(hours => ${KEEP_HOURS})
             or seq <= (select max(seq) from kernel.outbox) - ${KEEP_EVENTS_MAX})
      order by seq limit ${TRIM_EVENTS_MAX})
    returning 1)
  select count(*) as gone from gone`;

/**
 * The transactional outbox: events leave in the order of their commits, to named consumers that keep their place in the
 * database, and to passing readers (`tail`) that keep it themselves.
 */
export const openOutbox = (
  database: Database,
  log: Logger,
  { wakes, leaseMs, waitingMax = WAITING_EVENTS_MAX }: OutboxSettings = {},
) => {
  const holder = crypto.randomUUID();
  const wake = new EventEmitter().setMaxListeners(0);
  const ended = new AbortController();
  const running: Promise<void>[] = [];
  const known = new Map<string, Consumer>();

  const atHand = openAtHand();

  /** What has been heard of; a word between looking and waiting is not lost. */
  let news = 0;
  /** Of that, what is not at hand. */
  let elsewhere = 0;
  let isFull = false;
  let measuring: NodeJS.Timeout | undefined;

  const hear = (committed?: Committed) => {
    if (committed) atHand.add(committed);
    else elsewhere++;
    news++;
    wake.emit('news');
  };
  wakes?.onHeard(() => hear());

  const pollMs = () => (wakes?.isOpen() ? POLL_WOKEN_MS : POLL_MS);

  const pause = async (signal: AbortSignal, heard: number) => {
    if (heard !== news) return;
    await once(wake, 'news', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(pollMs())]),
    }).catch(() => undefined);
  };

  /** From here on a new consumer misses nothing. */
  const register = (consumer: Consumer) =>
    database.query(
      `insert into kernel.consumers (name, position)
       values ($1, (select coalesce(max(seq), 0) from kernel.outbox))
       on conflict (name) do update set seen_at = now()`,
      [consumer.name],
    );

  const measure = async () => {
    try {
      const [row] = await database.query<{ waiting: number }>(WAITING);
      const full = (row?.waiting ?? 0) > waitingMax;
      if (full !== isFull)
        log.warn({ waiting: row?.waiting }, full ? 'outbox is full' : 'outbox has room');
      isFull = full;
    } catch (error) {
      log.warn({ err: error }, 'outbox cannot be measured');
    }
    if (!ended.signal.aborted) measuring = setTimeout(measure, MEASURE_MS).unref();
  };

  const runConsumer = async (consumer: Consumer) => {
    const { step, end } = openStep(consumer, {
      database,
      log,
      holder,
      atHand,
      elsewhere: () => elsewhere,
      // A little sooner than it wakes by itself, so that each waking looks.
      pollMs: () => pollMs() * 0.9,
      leaseMs,
    });
    while (!ended.signal.aborted) {
      const heard = news;
      const began = performance.now();
      try {
        if (!(await step())) await pause(ended.signal, heard);
        const early = GATHER_MS - (performance.now() - began);
        if (early > 0 && !ended.signal.aborted) await sleep(early);
      } catch (error) {
        log.warn({ err: error, consumer: consumer.name }, 'outbox cannot be read');
        await pause(ended.signal, news);
      }
    }
    await end();
  };

  return {
    /** Call after a commit that appended events; with them where they are known, so that nobody here need read them. */
    committed: (committed?: Committed) => {
      hear(committed);
      wakes?.tell();
    },

    /** Call before a write that will append events. Throws Refusal('unavailable') while too many wait to be taken. */
    mustHaveRoom: () => {
      if (isFull)
        throw new Refusal(
          'unavailable',
          'Too many events wait to be passed on. Please try again in a moment.',
        );
    },

    /** Makes consumers known and, where this process works, starts them; each runs in one process at a time. */
    consume: async (consumers: readonly Consumer[], works: boolean): Promise<void> => {
      for (const consumer of consumers) {
        known.set(consumer.name, consumer);
        await register(consumer);
        if (works) running.push(runConsumer(consumer));
      }
      await measure();
    },

    countDeadLetters: () => countDeadLetters(database),
    countDroppedLetters: () => countDroppedLetters(database),
    deadLetters: (limit: number) => listDeadLetters(database, limit),
    replay: (id: number) => replayDeadLetter(database, known, id),

    last: () => lastSeq(database),

    /** Events of these types after `after`, as they come, until `signal` ends. Yields batches, never an empty one. */
    tail: async function* (
      types: readonly string[],
      after: number,
      signal: AbortSignal,
    ): AsyncGenerator<readonly Event[]> {
      let position = after;
      const either = AbortSignal.any([signal, ended.signal]);
      while (!either.aborted) {
        const heard = news;
        const events = await listEvents(database, {
          after: position,
          types,
          limit: TAIL_EVENTS_MAX,
        });
        const newest = events.at(-1);
        if (newest) {
          position = newest.seq;
          yield events;
        } else await pause(either, heard);
      }
    },

    /** One page of the events of these types after `after`, oldest first. */
    read: (types: readonly string[], after: number): Promise<Event[]> =>
      listEvents(database, { after, types, limit: TAIL_EVENTS_MAX }),

    /** The oldest event still kept: a reader whose place is before it has missed some. */
    oldest: async (): Promise<number> => {
      const [row] = await database.query<{ seq: number | null }>(
        'select min(seq) as seq from kernel.outbox',
      );
      return row?.seq ?? 0;
    },

    /** Removes what every consumer has passed and nobody may come back for. Returns how many went. */
    trim: async (): Promise<number> => {
      await database.query(
        `delete from kernel.consumers where seen_at < now() - make_interval(hours => ${FORGET_HOURS})
           and not name = any($1)`,
        [[...known.keys()]],
      );
      for (let removed = 0; ;) {
        const [row] = await database.query<{ gone: number }>(TRIM);
        const gone = row?.gone ?? 0;
        removed += gone;
        // As many as came since the last time, however fast they came, in steps that hold nobody up.
        if (gone < TRIM_EVENTS_MAX || ended.signal.aborted) return removed;
      }
    },

    /** How far behind the newest event each consumer is. */
    lags: () =>
      database.query<{ name: string; lag: number; failures: number }>(
        `select c.name, greatest(0, coalesce((select max(seq) from kernel.outbox), 0) - c.position) as lag, c.failures
         from kernel.consumers c order by c.name`,
      ),

    /** Lets each consumer finish the batch in its hands. */
    close: async () => {
      ended.abort();
      clearTimeout(measuring);
      await Promise.allSettled(running);
    },
  };
};
export type Outbox = ReturnType<typeof openOutbox>;
