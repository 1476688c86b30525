import { EventEmitter, once } from 'node:events';
import type { Database } from '#kernel/database';
import type { Egress } from '#kernel/egress';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../jsonld/contexts.ts';
import {
  type Failure,
  pauseEndpoint,
  recordDelivered,
  recordDropped,
  recordFailed,
} from './attempts.ts';
import type { Kept } from './full-names.ts';
import { type Message, toNotification } from './message.ts';

/** Receivers that hang hold a place each; the others find one. */
const ENDPOINTS_AT_ONCE_MAX = 64;
const BATCH_ROWS_MAX = 20;
const TIMEOUT_MS = 10_000;
const TIMEOUT_MS_MAX = 60_000;
/** Nobody reads the answer. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** After a crash another process takes the queues over so soon; while we live they are held on. */
const LEASE_MS = 20_000;
const RENEW_AFTER_MS = 5_000;
/** How soon what another process wrote down is seen, and a pause that is over. */
const POLL_MS = 500;
const STOP_MS_MAX = 3_000;

type Waiting = {
  number: number;
  id: string;
  tenant: string;
  subscription: string;
  attempts: number;
  message: Message;
  document: Kept | null;
  context: unknown;
  isOver: boolean;
};

const CLAIM = `
  update context.endpoints set holder = $1, lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
  where due_at <= now() and (lease_until is null or lease_until < now()) and uri in (
    select e.uri from context.endpoints e
    where e.due_at <= now() and (e.lease_until is null or e.lease_until < now())
      and exists (select 1 from context.deliveries d where d.endpoint = e.uri and d.state = 'waiting')
    order by e.due_at limit $2)
  returning uri`;

const NEXT = `
  select d.number, d.id, d.tenant, d.subscription, d.attempts, d.message, s.document, s.context,
    coalesce(s.expires_at <= $2, false) as "isOver"
  from context.deliveries d left join context.subscriptions s on s.tenant = d.tenant and s.id = d.subscription
  where d.endpoint = $1 and d.state = 'waiting' order by d.number limit ${BATCH_ROWS_MAX}`;

const RENEW = `update context.endpoints set lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
  where holder = $1 and uri = any($2::text[]) returning uri`;
const RELEASE =
  'update context.endpoints set lease_until = null, holder = null where uri = $1 and holder = $2';

type Needs = {
  database: Database;
  clock: Clock;
  log: Logger;
  contexts: Contexts;
  egress: Egress;
};

/**
 * Works deliveries off: each receiver has a queue of its own, in order, held by one process at a time. A receiver that
 * fails is left alone for a while; the others go on.
 */
export const openSender = ({ database, clock, log, contexts, egress }: Needs) => {
  const holder = newId();
  const wakes = new EventEmitter();
  const running = new Map<string, Promise<void>>();
  /** Queues that another process holds by now, as we were too slow to hold on. */
  const lost = new Set<string>();
  let woken = false;
  let renewedAt = 0;
  let ended = false;
  let loop: Promise<void> | undefined;

  const wake = () => {
    woken = true;
    wakes.emit('wake');
  };

  /** Sends one. Answers what went wrong, or the status where nothing did. */
  const send = async (row: Waiting, kept: Kept): Promise<number | Failure> => {
    try {
      const names = await contexts.namesOf(row.context ?? undefined);
      const { uri, timeout = TIMEOUT_MS } = kept.notification.endpoint;
      const { body, headers } = toNotification(row, kept, names);
      const answer = await egress({
        url: uri,
        method: 'POST',
        headers,
        body,
        timeoutMs: Math.min(timeout, TIMEOUT_MS_MAX),
        bytesMax: ANSWER_BYTES_MAX,
      });
      const { status } = answer;
      return status >= 200 && status < 300
        ? status
        : { status, error: `The receiver answered ${status}.` };
    } catch (error) {
      const final = error instanceof Refusal && error.kind === 'forbidden';
      return { error: error instanceof Error ? error.message : String(error), final };
    }
  };

  /** Whether the queue may go on. */
  const attempt = async (uri: string, row: Waiting): Promise<boolean> => {
    const { document: kept } = row;
    if (!kept || row.isOver || kept.isActive === false) {
      const why = kept ? (row.isOver ? 'is expired' : 'is paused') : 'is gone';
      await recordDropped(database, row.number, `The subscription ${why}.`);
      return true;
    }
    const result = await send(row, kept);
    if (typeof result === 'number') {
      await recordDelivered(database, row, uri, result);
      return true;
    }
    const dead = await recordFailed(database, row, result);
    log.warn(
      { subscription: row.subscription, endpoint: uri, error: result.error, dead },
      'a notification could not be delivered',
    );
    if (result.final) return true;
    await pauseEndpoint(database, uri, kept.notification.endpoint.cooldown ?? 0);
    return false;
  };

  const workOff = async (uri: string): Promise<void> => {
    for (;;) {
      const rows = await database.query<Waiting>(NEXT, [uri, clock.now().toISOString()]);
      if (rows.length === 0) return;
      for (const row of rows) {
        if (ended || lost.has(uri) || !(await attempt(uri, row))) return;
      }
    }
  };

  const run = async (uri: string) => {
    try {
      await workOff(uri);
    } catch (error) {
      log.warn({ err: error, endpoint: uri }, 'deliveries cannot be worked off');
    }
    await database.query(RELEASE, [uri, holder]).catch(() => []); // the lease runs out by itself
    running.delete(uri);
    lost.delete(uri);
    wake();
  };

  /** Holds on to the queues at hand; one that another process took meanwhile is let go. */
  const renew = async () => {
    if (running.size === 0 || performance.now() - renewedAt < RENEW_AFTER_MS) return;
    renewedAt = performance.now();
    const uris = [...running.keys()];
    const held = await database.query<{ uri: string }>(RENEW, [holder, uris]);
    const kept = new Set(held.map(({ uri }) => uri));
    for (const uri of uris) if (!kept.has(uri)) lost.add(uri);
  };

  const look = async () => {
    await renew();
    const free = ENDPOINTS_AT_ONCE_MAX - running.size;
    if (free <= 0) return;
    for (const { uri } of await database.query<{ uri: string }>(CLAIM, [holder, free]))
      if (!running.has(uri)) running.set(uri, run(uri));
  };

  const runLoop = async () => {
    while (!ended) {
      woken = false;
      await look().catch((error: unknown) => log.warn({ err: error }, 'deliveries cannot be read'));
      if (!woken && !ended)
        await once(wakes, 'wake', { signal: AbortSignal.timeout(POLL_MS) }).catch(() => undefined);
    }
  };

  return {
    wake,
    start: () => {
      loop = runLoop();
    },
    /** Lets what is under way come to its end, for a moment; what is left is sent by the next to come. */
    stop: async () => {
      ended = true;
      wakes.emit('wake');
      await loop;
      await Promise.race([
        Promise.allSettled(running.values()),
        new Promise((done) => setTimeout(done, STOP_MS_MAX).unref()),
      ]);
    },
  };
};
