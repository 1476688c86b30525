import { EventEmitter, once } from 'node:events';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import type { Clock } from '#kernel/time';
import { type Failure, pauseEndpoint, recordDropped, recordFailed } from './attempts.ts';
import type { Notes } from './notes.ts';
import type { openSend, Waiting } from './send.ts';

const PAGE_ROWS_MAX = 40;
/** To one receiver; a page takes as long as its slowest. */
const SENDS_AT_ONCE_MAX = 8;
/** What is handed over beyond waits in the database. */
const HANDED_ROWS_MAX = 400;
/** What was read or handed over and not begun so soon is read again: its subscription may be another by then. */
const FRESH_MS_MAX = 1_000;

const NEXT = `
  select d.number, d.id, d.tenant, d.subscription, d.endpoint, d.attempts, d.message, s.document, s.context, s.subscriber,
    coalesce(s.expires_at <= $2, false) as "isOver"
  from context.deliveries d left join context.subscriptions s on s.tenant = d.tenant and s.id = d.subscription
  where d.endpoint = $1 and d.state = 'waiting' order by d.number limit $3`;

/** What must keep its order: the changes of one entity; notifications at intervals tell of many. */
const laneOf = ({ tenant, subscription, message }: Waiting): string =>
  `${tenant}\n${subscription}\n${message.entities.length === 1 ? message.entities[0]!.id : ''}`;

/** A delivery that has just been written down by this process, on its way to the receiver without being read again. */
export type Handed = {
  readonly row: Waiting;
  /** Whether the subscription is still the one that the row came from. */
  readonly isCurrent: () => boolean;
};

type Needs = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly notes: Notes;
  readonly send: ReturnType<typeof openSend>;
  /** For how long it is worth holding on to an empty queue. */
  readonly lingerMs: (uri: string) => number;
};

/**
 * The queue of one receiver, held by this process: what waits in the database first, then what is handed over as it is
 * written. A receiver that failed is tried with one message first.
 */
export const openQueue = (
  { database, clock, log, notes, send, lingerMs }: Needs,
  uri: string,
  failures: number,
  until: number,
) => {
  const signal = new EventEmitter();
  let heldUntilMs = until;
  let isEnded = false;
  /** Something may wait in the database that is not at hand. */
  let isBehind = true;
  let handed: (Handed & { readonly atMs: number })[] = [];
  /** The newest number read from the database. */
  let newest = 0;
  let limit = failures > 0 ? 1 : PAGE_ROWS_MAX;

  const isHeld = () => !isEnded && performance.now() < heldUntilMs;

  const attempt = async (row: Waiting): Promise<Failure | undefined> => {
    const { document: kept } = row;
    if (!kept || row.isOver || kept.isActive === false) {
      const why = kept ? (row.isOver ? 'is expired' : 'is paused') : 'is gone';
      await recordDropped(database, row.number, `The subscription ${why}.`);
      return undefined;
    }
    const result = await send(row, kept);
    if (typeof result === 'object' && result !== null) return result;
    await notes.add({ number: row.number, status: result, endpoint: uri });
    return undefined;
  };

  /**
   * Sends a page, several at once, those of one entity one after the other. Nothing more is begun once one could not be
   * delivered. Answers whether the queue may go on.
   */
  const sendPage = async (rows: readonly Waiting[]): Promise<boolean> => {
    const failed: { row: Waiting; failure: Failure }[] = [];
    const begunAtMs = performance.now();
    const isFresh = () => performance.now() - begunAtMs < FRESH_MS_MAX;
    const mayGoOn = () => isHeld() && failed.every(({ failure }) => failure.final === true);
    const lanes = Map.groupBy(rows, laneOf).values();
    const work = async () => {
      for (const lane of lanes)
        for (const row of lane) {
          if (!mayGoOn()) return;
          if (!isFresh()) {
            isBehind = true;
            return;
          }
          const failure = await attempt(row);
          if (failure) failed.push({ row, failure });
        }
    };
    // One shared iterator: who is done with a lane takes the next.
    await Promise.all(Array.from({ length: Math.min(SENDS_AT_ONCE_MAX, rows.length) }, work));
    if (failed.length > 0) await noteFailures(failed);
    limit = PAGE_ROWS_MAX;
    return mayGoOn();
  };

  const noteFailures = async (failed: readonly { row: Waiting; failure: Failure }[]) => {
    await notes.settle(); // one that was delivered says that the receiver is well
    for (const { row, failure } of failed) {
      const dead = await recordFailed(database, row, failure);
      log.warn(
        { subscription: row.subscription, endpoint: uri, error: failure.error, dead },
        'a notification could not be delivered',
      );
    }
    const away = failed.filter(({ failure }) => !failure.final);
    const cooldowns = away.map(({ row }) => row.document?.notification.endpoint.cooldown ?? 0);
    if (away.length > 0) await pauseEndpoint(database, uri, Math.max(...cooldowns));
  };

  const isGood = ({ atMs, isCurrent }: (typeof handed)[number]) =>
    performance.now() - atMs < FRESH_MS_MAX && isCurrent();

  const nextPage = async (): Promise<readonly Waiting[]> => {
    if (!isBehind && handed.every(isGood))
      return handed.splice(0, PAGE_ROWS_MAX).map(({ row }) => row);
    await notes.settle(); // what was sent is not to be read as waiting
    // From here on what is handed over may be among what is read, or come after it.
    handed = [];
    isBehind = false;
    const rows = await database.query<Waiting>(
      NEXT,
      [uri, clock.now().toISOString(), limit],
      'context-next-deliveries',
    );
    if (rows.length === limit) isBehind = true;
    newest = Math.max(newest, rows.at(-1)?.number ?? 0);
    const read = new Set(rows.map(({ number }) => number));
    handed = handed.filter(({ row }) => !read.has(row.number));
    return rows;
  };

  /** Whether there is more to send, now or in a moment. */
  const hasMore = async (): Promise<boolean> => {
    const ms = lingerMs(uri);
    if (!isBehind && handed.length === 0 && isHeld() && ms > 0)
      await once(signal, 'news', { signal: AbortSignal.timeout(Math.ceil(ms)) }).catch(
        () => undefined,
      );
    return isHeld() && (isBehind || handed.length > 0);
  };

  return {
    /** Ends when there is nothing more for a while, the receiver failed, or the queue is another process's. */
    run: async (): Promise<void> => {
      try {
        do {
          const rows = await nextPage();
          if (rows.length > 0 && !(await sendPage(rows))) return;
        } while (await hasMore());
      } finally {
        isEnded = true;
      }
    },

    /** Takes what was just written down; what comes out of turn is read in its turn. */
    take: (rows: readonly Handed[]): void => {
      if (!isBehind) {
        const atMs = performance.now();
        const inTurn =
          rows.every(({ row }) => row.number > newest) &&
          handed.length + rows.length <= HANDED_ROWS_MAX;
        if (inTurn) for (const one of rows) handed.push({ ...one, atMs });
        else isBehind = true;
      }
      signal.emit('news');
    },

    /** Something may have been written down by others. */
    look: (): void => {
      isBehind = true;
      signal.emit('news');
    },

    /** It is ours until then; undefined where another process took it. */
    renewed: (ms: number | undefined): void => {
      heldUntilMs = ms ?? 0;
    },

    end: (): void => {
      isEnded = true;
      signal.emit('news');
    },
  };
};
export type Queue = ReturnType<typeof openQueue>;
