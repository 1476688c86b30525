import { EventEmitter, once } from 'node:events';
import type { Database } from '#kernel/database';
import type { Egress, Reach } from '#kernel/egress';
import { newId } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../jsonld/contexts.ts';
import type { SightOf } from '../sight.ts';
import { openMqtt } from './mqtt.ts';
import { openNotes } from './notes.ts';
import { type Handed, openQueue, type Queue } from './queue.ts';
import { openSend } from './send.ts';

/** Receivers that hang hold a place each; the others find one. */
const ENDPOINTS_AT_ONCE_MAX = 64;
/** After a crash another process takes the queues over so soon; while we live they are held on. */
const LEASE_MS = 20_000;
const RENEW_AFTER_MS = 5_000;
/** How soon what another process wrote down is seen, and a pause that is over. */
const POLL_MS = 500;
const STOP_MS_MAX = 3_000;
/** A queue that this process fills itself is held so long without a message: then the next goes out without being read. */
const LINGER_MS = 5_000;
/** As long as so many places are free. */
const LINGER_FREE_MIN = 32;

const CLAIM = `
  update context.endpoints set holder = $1, lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
  where due_at <= now() and (lease_until is null or lease_until < now()) and uri in (
    select e.uri from context.endpoints e
    where e.due_at <= now() and (e.lease_until is null or e.lease_until < now())
      and exists (select 1 from context.deliveries d where d.endpoint = e.uri and d.state = 'waiting')
    order by e.due_at limit $2)
  returning uri, failures`;
type Claimed = { uri: string; failures: number };

const RENEW = `update context.endpoints set lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
  where holder = $1 and uri = any($2::text[]) returning uri`;
const RELEASE =
  'update context.endpoints set lease_until = null, holder = null where uri = $1 and holder = $2';
/** Of those held, the ones where something waits that is hardly on its way from here: others wrote it down. */
const OVERLOOKED = `select uri from unnest($1::text[]) as uri where exists (
  select 1 from context.deliveries d where d.endpoint = uri and d.state = 'waiting'
    and d.created_at < now() - interval '${POLL_MS} ms')`;

type Needs = {
  database: Database;
  clock: Clock;
  log: Logger;
  contexts: Contexts;
  egress: Egress;
  reach: Reach;
  sightOf: SightOf;
};

/**
 * Works deliveries off: each receiver has a queue of its own, in order, held by one process at a time. A receiver that
 * fails is left alone for a while; the others go on.
 */
export const openSender = ({ database, clock, log, contexts, egress, reach, sightOf }: Needs) => {
  const mqtt = openMqtt(reach);
  const send = openSend({ database, contexts, egress, mqtt, sightOf });
  const notes = openNotes(database, log);
  const holder = newId();
  const wakes = new EventEmitter();
  const queues = new Map<string, Queue>();
  const running = new Set<Promise<void>>();
  /** When this process last filled a queue itself. */
  const filledAt = new Map<string, number>();
  let woken = false;
  let renewedAt = 0;
  let lookedAt = 0;
  const ended = new AbortController();
  let loop: Promise<void> | undefined;

  const lookAgain = () => {
    woken = true;
    wakes.emit('wake');
  };

  const lingerMs = (uri: string): number => {
    if (ended.signal.aborted || queues.size > ENDPOINTS_AT_ONCE_MAX - LINGER_FREE_MIN) return 0;
    return (filledAt.get(uri) ?? -Infinity) + LINGER_MS - performance.now();
  };

  const run = async (uri: string, queue: Queue) => {
    try {
      await queue.run();
    } catch (error) {
      log.warn({ err: error, endpoint: uri }, 'deliveries cannot be worked off');
    }
    try {
      await notes.settle(); // while something sent is not noted nobody else may send it
      await database.query(RELEASE, [uri, holder]);
    } catch {
      // The lease runs out by itself.
    }
    queues.delete(uri);
    lookAgain();
  };

  /** Holds on to the queues at hand; one that another process took meanwhile is let go. */
  const renew = async () => {
    const now = performance.now();
    if (queues.size === 0 || now - renewedAt < RENEW_AFTER_MS) return;
    renewedAt = now;
    const asked = [...queues];
    const rows = await database.query<{ uri: string }>(RENEW, [holder, asked.map(([uri]) => uri)]);
    const kept = new Set(rows.map(({ uri }) => uri));
    for (const [uri, queue] of asked) queue.renewed(kept.has(uri) ? now + LEASE_MS : undefined);
  };

  const lookAfterHeld = async () => {
    const now = performance.now();
    if (queues.size === 0 || now - lookedAt < POLL_MS) return;
    lookedAt = now;
    for (const [uri, at] of filledAt) if (now - at > LINGER_MS) filledAt.delete(uri);
    const rows = await database.query<{ uri: string }>(OVERLOOKED, [[...queues.keys()]]);
    for (const { uri } of rows) queues.get(uri)?.look();
  };

  const claim = async () => {
    const free = ENDPOINTS_AT_ONCE_MAX - queues.size;
    if (free <= 0) return;
    const untilMs = performance.now() + LEASE_MS;
    for (const { uri, failures } of await database.query<Claimed>(CLAIM, [holder, free])) {
      if (queues.has(uri)) continue;
      const needs = { database, clock, log, notes, send, lingerMs };
      const queue = openQueue(needs, uri, failures, untilMs);
      queues.set(uri, queue);
      const work = run(uri, queue).finally(() => running.delete(work));
      running.add(work);
    }
  };

  const look = async () => {
    await renew();
    await lookAfterHeld();
    await claim();
  };

  const runLoop = async () => {
    while (!ended.signal.aborted) {
      woken = false;
      await look().catch((error: unknown) => log.warn({ err: error }, 'deliveries cannot be read'));
      if (!woken && !ended.signal.aborted)
        await once(wakes, 'wake', { signal: AbortSignal.timeout(POLL_MS) }).catch(() => undefined);
    }
  };

  return {
    /** Call when deliveries were written down. */
    wake: (): void => {
      for (const queue of queues.values()) queue.look();
      lookAgain();
    },

    /** Call with deliveries of changes when they are written down, in the order of their numbers. */
    take: (handed: readonly Handed[]): void => {
      let isHeld = true;
      for (const [uri, rows] of Map.groupBy(handed, ({ row }) => row.endpoint)) {
        filledAt.set(uri, performance.now());
        const queue = queues.get(uri);
        if (queue) queue.take(rows);
        else isHeld = false;
      }
      if (!isHeld) lookAgain();
    },

    start: () => {
      loop = runLoop();
    },
    /** Lets what is under way come to its end, for a moment; what is left is sent by the next to come. */
    stop: async () => {
      ended.abort();
      for (const queue of queues.values()) queue.end();
      wakes.emit('wake');
      await loop;
      await Promise.race([
        Promise.allSettled(running),
        new Promise((done) => setTimeout(done, STOP_MS_MAX).unref()),
      ]);
      await mqtt.close();
    },
  };
};
