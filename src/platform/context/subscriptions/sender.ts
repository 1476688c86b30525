import { EventEmitter, once } from 'node:events';
import type { Database } from '#kernel/database';
import type { Egress, Reach } from '#kernel/egress';
import { newId } from '#kernel/ids';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import type { Contexts } from '../jsonld/contexts.ts';
import type { SightOf } from '../sight.ts';
import {
  type Failure,
  pauseEndpoint,
  recordDelivered,
  recordDropped,
  recordFailed,
  type Success,
} from './attempts.ts';
import { openMqtt } from './mqtt.ts';
import { openSend, type Waiting } from './send.ts';

/** Receivers that hang hold a place each; the others find one. */
const ENDPOINTS_AT_ONCE_MAX = 64;
const PAGE_ROWS_MAX = 40;
/** To one receiver; a page takes as long as its slowest. */
const SENDS_AT_ONCE_MAX = 8;
/** After a crash another process takes the queues over so soon; while we live they are held on. */
const LEASE_MS = 20_000;
const RENEW_AFTER_MS = 5_000;
/** How soon what another process wrote down is seen, and a pause that is over. */
const POLL_MS = 500;
const STOP_MS_MAX = 3_000;

const CLAIM = `
  update context.endpoints set holder = $1, lease_until = now() + make_interval(secs => ${LEASE_MS / 1000})
  where due_at <= now() and (lease_until is null or lease_until < now()) and uri in (
    select e.uri from context.endpoints e
    where e.due_at <= now() and (e.lease_until is null or e.lease_until < now())
      and exists (select 1 from context.deliveries d where d.endpoint = e.uri and d.state = 'waiting')
    order by e.due_at limit $2)
  returning uri, failures`;
type Claimed = { uri: string; failures: number };

const NEXT = `
  select d.number, d.id, d.tenant, d.subscription, d.attempts, d.message, s.document, s.context, s.subscriber,
    coalesce(s.expires_at <= $2, false) as "isOver"
  from context.deliveries d left join context.subscriptions s on s.tenant = d.tenant and s.id = d.subscription
  where d.endpoint = $1 and d.state = 'waiting' order by d.number limit $3`;

/** What must keep its order: the changes of one entity; notifications at intervals tell of many. */
const laneOf = ({ tenant, subscription, message }: Waiting): string =>
  `${tenant}\n${subscription}\n${message.entities.length === 1 ? message.entities[0]!.id : ''}`;

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

  const fail = async (uri: string, row: Waiting, failure: Failure): Promise<void> => {
    const dead = await recordFailed(database, row, failure);
    log.warn(
      { subscription: row.subscription, endpoint: uri, error: failure.error, dead },
      'a notification could not be delivered',
    );
  };

  /**
   * Sends a page of the queue, several at once, those of one entity one after the other. Nothing more is begun once one
   * could not be delivered. Answers whether the queue may go on.
   */
  const sendPage = async (uri: string, rows: readonly Waiting[]): Promise<boolean> => {
    const delivered: Success[] = [];
    const failed: { row: Waiting; failure: Failure; cooldown: number }[] = [];
    const attempt = async (row: Waiting): Promise<void> => {
      const { document: kept } = row;
      if (!kept || row.isOver || kept.isActive === false) {
        const why = kept ? (row.isOver ? 'is expired' : 'is paused') : 'is gone';
        await recordDropped(database, row.number, `The subscription ${why}.`);
        return;
      }
      const result = await send(row, kept);
      if (typeof result !== 'object' || result === null)
        delivered.push({ number: row.number, status: result });
      else
        failed.push({
          row,
          failure: result,
          cooldown: kept.notification.endpoint.cooldown ?? 0,
        });
    };
    const mayGoOn = () =>
      !ended && !lost.has(uri) && failed.every(({ failure }) => failure.final === true);
    const lanes = Map.groupBy(rows, laneOf).values();
    const work = async () => {
      for (const lane of lanes)
        for (const row of lane) {
          if (!mayGoOn()) return;
          await attempt(row);
        }
    };
    // One shared iterator: who is done with a lane takes the next.
    await Promise.all(Array.from({ length: Math.min(SENDS_AT_ONCE_MAX, rows.length) }, work));
    if (delivered.length > 0) await recordDelivered(database, uri, delivered);
    for (const { row, failure } of failed) await fail(uri, row, failure);
    const away = failed.filter(({ failure }) => !failure.final);
    if (away.length > 0)
      await pauseEndpoint(database, uri, Math.max(...away.map(({ cooldown }) => cooldown)));
    return mayGoOn();
  };

  /** A receiver that failed is tried with one message first. */
  const workOff = async (uri: string, failures: number): Promise<void> => {
    let limit = failures > 0 ? 1 : PAGE_ROWS_MAX;
    for (;;) {
      const rows = await database.query<Waiting>(
        NEXT,
        [uri, clock.now().toISOString(), limit],
        'context-next-deliveries',
      );
      if (rows.length === 0 || !(await sendPage(uri, rows))) return;
      limit = PAGE_ROWS_MAX;
    }
  };

  const run = async (uri: string, failures: number) => {
    try {
      await workOff(uri, failures);
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
    for (const { uri, failures } of await database.query<Claimed>(CLAIM, [holder, free]))
      if (!running.has(uri)) running.set(uri, run(uri, failures));
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
      await mqtt.close();
    },
  };
};
