import { type Actor, ANONYMOUS } from '#kernel/actor';
import type { Database } from '#kernel/database';
import type { Logger } from '#kernel/log';
import { type Clock, toInstant } from '#kernel/time';
import { listEntities, PAGE_ITEMS_MAX } from '../query/question.ts';
import type { SightOf } from '../sight.ts';
import { addDeliveries } from './deliveries.ts';
import { shownUri } from './endpoint.ts';
import type { Kept } from './full-names.ts';
import type { Message } from './message.ts';
import { filterOfKept } from './watch.ts';

const LOOK_MS = 1_000;
const DUE_ROWS_MAX = 100;
/** Twenty thousand entities: whoever wants more of a city regularly asks for it page by page. */
const PAGES_MAX = 20;

type Due = {
  tenant: string;
  id: string;
  document: Kept;
  nextAt: string;
  kind: string;
  subscriber: Actor | null;
};

const DUE = `select tenant, id, document, kind, subscriber, next_at as "nextAt" from context.subscriptions
  where next_at <= $1 and (expires_at is null or expires_at > $1) order by next_at limit ${DUE_ROWS_MAX}`;
/** Only one process finds the time as it read it. Times that were slept through are not made up for. */
const TAKE_TURN = `update context.subscriptions set next_at = $4 where tenant = $1 and id = $2 and next_at = $3 returning 1`;

/**
 * Notifications by timeInterval (clause 5.8.6): what matches when the time has come, at most 20,000 entities, 1,000 a notification;
 * nothing where nothing matches.
 */
export const openPeriodic = (
  {
    database,
    clock,
    log,
    sightOf,
  }: { database: Database; clock: Clock; log: Logger; sightOf: SightOf },
  wake: () => void,
  /** What there is to tell of registrations, for subscriptions to those (clause 5.11.7). */
  sourcesNow: (document: Kept, tenant: string) => Promise<Message | undefined>,
) => {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let looking: Promise<void> = Promise.resolve();

  /** All that match now, a notification a page. */
  const entitiesNow = async ({ document, tenant, subscriber }: Due): Promise<Message[]> => {
    const at = toInstant(clock.now());
    const messages: Message[] = [];
    for (let page = 0; page < PAGES_MAX; page++) {
      const { entities, more } = await listEntities(database, {
        ...filterOfKept(document, tenant),
        sight: sightOf(subscriber ?? ANONYMOUS),
        limit: PAGE_ITEMS_MAX,
        offset: page * PAGE_ITEMS_MAX,
      });
      if (entities.length > 0) messages.push({ at, notifiedAt: at, entities });
      if (!more) break;
    }
    return messages;
  };
  const messagesNow = async (due: Due): Promise<Message[]> => {
    const { kind, document, tenant } = due;
    if (kind !== 'registrations') return entitiesNow(due);
    const message = await sourcesNow(document, tenant);
    return message ? [message] : [];
  };

  const tell = async (due: Due) => {
    const { tenant, id, document, nextAt } = due;
    const dueMs = Date.parse(nextAt);
    const nowMs = clock.now().getTime();
    const everyMs = document.timeInterval! * 1000;
    const next = dueMs + everyMs * (Math.floor((nowMs - dueMs) / everyMs) + 1);
    const messages = await messagesNow(due);
    const told = await database.transaction(async ({ sql }) => {
      const turn = await sql.query(TAKE_TURN, [tenant, id, nextAt, toInstant(next)]);
      if (turn.rowCount === 0 || messages.length === 0) return false;
      const endpoint = shownUri(document.notification.endpoint.uri);
      // An interval has at least a second: the pages of one time do not meet those of the next.
      const toDelivery = (message: Message, page: number) => ({
        tenant,
        subscription: id,
        seq: -(dueMs + page),
        endpoint,
        message,
      });
      await addDeliveries(sql, messages.map(toDelivery));
      return true;
    });
    if (told) wake();
  };

  const lookOnce = async () => {
    const due = await database.query<Due>(DUE, [toInstant(clock.now())]);
    for (const one of due)
      await tell(one).catch((error: unknown) =>
        log.error({ err: error, subscription: one.id }, 'a periodic notification failed'),
      );
  };

  const look = () => {
    looking = lookOnce()
      .catch((error: unknown) => log.warn({ err: error }, 'periodic subscriptions cannot be read'))
      .then(() => {
        if (!ended) timer = setTimeout(look, LOOK_MS);
      });
  };

  return {
    start: look,
    stop: async () => {
      ended = true;
      clearTimeout(timer);
      await looking;
    },
  };
};
