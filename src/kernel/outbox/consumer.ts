import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import type { AtHand } from './at-hand.ts';
import { type Event, lastSeq, listEvents } from './events.ts';
import { addDeadLetter } from './dead-letters.ts';

/**
 * The other side is not there at the moment, which is no fault of the event: thrown by `handle`, it is tried again for
 * as long as it takes, here or in another process, and no dead letter is made.
 */
export class Away extends Error {
  override readonly name = 'Away';
}

/**
 * Takes events in order, at least once: `handle` gets a batch and must be able to see one again. When it throws, the
 * batch is tried again with growing pauses; after the last try its events go singly, and those that still fail become
 * dead letters. `Away` is no failure.
 */
export type Consumer = {
  readonly name: string;
  /** All where it names none. */
  readonly types?: readonly string[];
  /**
   * Answers 'later' where its place may be written down a little later: nothing came of the batch, or seeing it once more
   * changes nothing.
   */
  readonly handle: (events: readonly Event[]) => Promise<void | 'later'>;
  /** Called when this process takes the consumer over: others may have handled what came before. */
  readonly began?: () => void;
  /** True while nothing that has happened up to now is of interest: it is then passed without being read. */
  readonly isIdle?: () => Promise<boolean>;
};

const BATCH_EVENTS_MAX = 500;
const ATTEMPTS_MAX = 5;
const PAUSE_FIRST_MS = 100;
/** After a crash another process takes over so soon. */
const LEASE_MS = 15_000;
/** While the other side is away it is asked again, at last so seldom. */
const AWAY_FIRST_MS = 250;
const AWAY_MS_MAX = 5_000;
/** A place that may be written down later is written down this often: each time would be a commit of its own for every write. */
const LATER_MS = 1_000;

export type StepNeeds = {
  readonly database: Database;
  readonly log: Logger;
  /** Names this process among those that may hold the consumer. */
  readonly holder: string;
  readonly atHand: AtHand;
  /** Counts what was heard of that is not at hand; a change of it is a reason to look into the database. */
  readonly elsewhere: () => number;
  /** How long it goes without looking there. */
  readonly pollMs: () => number;
  readonly leaseMs?: number | undefined;
};

/** One consumer, a step at a time: holds its lease, takes a batch, moves its position. */
export const openStep = (
  consumer: Consumer,
  { database, log, holder, atHand, elsewhere, pollMs, leaseMs = LEASE_MS }: StepNeeds,
) => {
  let held = { position: 0, untilMs: 0 };
  let written = { position: 0, atMs: 0 };
  let looked = { elsewhere: -1, atMs: 0 };
  let away = { untilMs: 0, times: 0 };

  /** Another process holds it: every commit wakes us, but not every one is a reason to ask again. */
  let othersUntilMs = 0;

  const hold = async (): Promise<boolean> => {
    const now = performance.now();
    if (now < held.untilMs - leaseMs / 2) return true;
    if (now < othersUntilMs) return false;
    const holds = await renew();
    if (!holds) othersUntilMs = now + leaseMs / 15;
    return holds;
  };

  const renew = async (): Promise<boolean> => {
    const untilMs = performance.now() + leaseMs;
    const [row] = await database.query<{ position: number }>(
      `update kernel.consumers set holder = $2, lease_until = now() + make_interval(secs => $3), seen_at = now()
       where name = $1 and (holder = $2 or lease_until is null or lease_until < now())
       returning position`,
      [consumer.name, holder, leaseMs / 1000],
    );
    // A renewal that was asked for while a batch was under way may be answered after we have moved on; and what was
    // passed idly stays passed, as long as the lease was never lost.
    if (row && held.untilMs === 0) consumer.began?.();
    if (row) held = { position: Math.max(row.position, held.position), untilMs };
    else letGo();
    return row !== undefined;
  };

  const letGo = () => {
    held = { position: 0, untilMs: 0 };
    looked = { elsewhere: -1, atMs: 0 };
    atHand.passed(consumer.name, undefined);
  };

  const release = () => {
    const { position } = held;
    letGo();
    return database.query(
      `update kernel.consumers set lease_until = null, position = greatest(position, $3)
       where name = $1 and holder = $2`,
      [consumer.name, holder, position],
    );
  };

  const advance = async (position: number) => {
    const rows = await database.query(
      `update kernel.consumers set position = $3, failures = 0
       where name = $1 and holder = $2 and position <= $3 returning 1`,
      [consumer.name, holder, position],
    );
    written = { position, atMs: performance.now() };
    if (rows.length === 0) letGo();
    else held.position = Math.max(position, held.position);
  };

  /** A crash forgets at most the last second: what was passed in it is then looked at once more. */
  const pass = async (position: number) => {
    held.position = position;
    const isDue = performance.now() - written.atMs > LATER_MS;
    if (isDue && written.position < position) await advance(position);
  };

  /** Whether all were passed; not where another process took the consumer over meanwhile. */
  const handleSingly = async (events: readonly Event[]): Promise<boolean> => {
    for (const event of events) {
      if (!(await hold())) return false;
      try {
        await consumer.handle([event]);
      } catch (error) {
        if (error instanceof Away) throw error;
        log.error({ err: error, consumer: consumer.name, seq: event.seq }, 'dead letter');
        await addDeadLetter(database, consumer.name, event, String(error), ATTEMPTS_MAX + 1);
      }
      await advance(event.seq);
    }
    return true;
  };

  const handleBatch = async (events: readonly Event[]): Promise<'done' | 'later' | 'lost'> => {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++)
      try {
        return (await consumer.handle(events)) ?? 'done';
      } catch (error) {
        if (error instanceof Away) throw error;
        log.warn({ err: error, consumer: consumer.name, attempt }, 'consumer failed');
        await database.query(
          'update kernel.consumers set failures = failures + 1 where name = $1',
          [consumer.name],
        );
        await new Promise((done) => setTimeout(done, PAUSE_FIRST_MS * 2 ** (attempt - 1)));
        if (!(await hold())) return 'lost';
      }
    return (await handleSingly(events)) ? 'done' : 'lost';
  };

  /** However long a batch takes, the lease outlives it. */
  const whileHeld = async <T>(work: () => Promise<T>): Promise<T> => {
    const beat = setInterval(() => void renew().catch(() => undefined), leaseMs / 3);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  };

  /** Waits with growing pauses, and lets another process try whose way there may be open. */
  const comeBack = async (error: Away) => {
    if (away.times === 0) log.warn({ err: error, consumer: consumer.name }, 'consumer waits');
    const pause = Math.min(AWAY_FIRST_MS * 2 ** Math.min(away.times, 20), AWAY_MS_MAX);
    away = { untilMs: performance.now() + pause, times: away.times + 1 };
    await release();
    return false;
  };

  const isWanted = ({ type }: Event): boolean => consumer.types?.includes(type) ?? true;

  /** What comes next, and how far one is when it is taken: from what is at hand, else from the database. */
  const next = async (): Promise<{ events: readonly Event[]; upto: number }> => {
    const { position } = held;
    const near = atHand.after(position, BATCH_EVENTS_MAX);
    if (near && near.length > 0) return { events: near.filter(isWanted), upto: near.at(-1)!.seq };
    const heard = elsewhere();
    const isDue = heard !== looked.elsewhere || performance.now() - looked.atMs >= pollMs();
    if (near && !isDue) return { events: [], upto: position };
    looked = { elsewhere: heard, atMs: performance.now() };
    // Read before the list, so that skipping events of other types cannot skip one of ours committed in between.
    const newest = await lastSeq(database);
    if (newest <= position) return { events: [], upto: position };
    // Asked after the newest is known: whoever becomes interested later cares for later events.
    if (await consumer.isIdle?.()) return { events: [], upto: newest };
    const { types } = consumer;
    const events = await listEvents(database, {
      after: position,
      ...(types && { types }),
      limit: BATCH_EVENTS_MAX,
    });
    const last = events.at(-1)?.seq ?? 0;
    return { events, upto: events.length === BATCH_EVENTS_MAX ? last : Math.max(newest, last) };
  };

  return {
    /** Answers whether it moved; not where there is nothing new, the other side is away, or another process holds the consumer. */
    step: async (): Promise<boolean> => {
      if (performance.now() < away.untilMs || !(await hold())) return false;
      const { position } = held;
      atHand.passed(consumer.name, position);
      const { events, upto } = await next();
      let outcome: 'done' | 'later' | 'lost' = 'later';
      try {
        if (events.length > 0) outcome = await whileHeld(() => handleBatch(events));
      } catch (error) {
        if (error instanceof Away) return comeBack(error);
        throw error;
      }
      if (outcome === 'lost') return false;
      away = { untilMs: 0, times: 0 };
      await (outcome === 'later' ? pass(upto) : advance(upto));
      return upto > position;
    },
    /** Lets another process go on at once from where this one is. */
    end: release,
  };
};
