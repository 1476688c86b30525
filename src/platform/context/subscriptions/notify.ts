import type { Database, Sql, Statement } from '#kernel/database';
import type { Consumer, Event } from '#kernel/outbox';
import { must } from '#kernel/errors';
import { type Clock, toInstant } from '#kernel/time';
import { CHANGED, type EntityChanged, SUBSCRIPTION_CHANGED } from '../contract.ts';
import type { Attributes, Entity } from '../model.ts';
import { passesFilter } from './ask.ts';
import { entityOfChange, previousOfChange } from './changes.ts';
import { addDeliveries, type Written } from './deliveries.ts';
import type { Message } from './message.ts';
import type { Handed } from './queue.ts';
import { changeAsSeen, type SightOf } from '../sight.ts';
import { isWatched, type Watch } from './watch.ts';
import { type Match, throttle } from './throttle.ts';
import type { Changed } from './watch-index.ts';
import type { openWatches } from './watches.ts';

const pickedBy = ({ told }: Watch, attributes: Attributes): Attributes =>
  told
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => told.has(name)))
    : attributes;

/** Of a deleted entity: its attributes where their deletion is watched or what was there before is asked for. */
const goneWithEntity = (
  { watched, triggers, showsChanges }: Watch,
  { attributes }: Entity,
): Attributes => {
  if (showsChanges) return attributes;
  if (!triggers.has('attributeDeleted')) return {};
  return watched
    ? Object.fromEntries(Object.entries(attributes).filter(([name]) => watched.has(name)))
    : attributes;
};

/** What the receiver is told, in full names: no more than it asked for. */
const toMessage = (watch: Watch, change: EntityChanged, notifiedAt: string): Message => {
  const entity = entityOfChange(change);
  if (change.op === 'delete')
    return {
      at: change.at,
      notifiedAt,
      entities: [{ ...entity, attributes: {} }],
      previous: pickedBy(watch, goneWithEntity(watch, entity)),
      deleted: true,
    };
  const previous = pickedBy(watch, previousOfChange(change));
  return {
    at: change.at,
    notifiedAt,
    entities: [{ ...entity, attributes: pickedBy(watch, entity.attributes) }],
    ...(Object.keys(previous).length > 0 ? { previous } : {}),
  };
};

type Needs = {
  readonly database: Database;
  readonly clock: Clock;
  readonly watches: ReturnType<typeof openWatches>;
  /** Takes what is written down on to its receivers. */
  readonly take: (handed: readonly Handed[]) => void;
  readonly sightOf: SightOf;
};

/** What decides whether anybody may be concerned; the rest of the change is read only then. */
const headOf = (event: Event<EntityChanged>): Changed => {
  const { id, types, changed } = event.head ?? {};
  return id !== undefined && types && changed ? { id, types, changed } : event.data;
};

/** One statement is a transaction of its own. */
const singly = (database: Database): Sql => ({
  query: async <R>(statement: string | Statement) => {
    must(typeof statement === 'object', 'Prepared under its name.');
    const rows = await database.query<R>(statement.text, statement.values, statement.name);
    return { rows, rowCount: rows.length };
  },
});

/** Turns changes into deliveries, each once however often it is seen: the rows are named by subscription and event. */
export const openNotifier = ({ database, clock, watches, take, sightOf }: Needs): Consumer => {
  const matchesOf = async (
    event: Event<EntityChanged>,
    candidates: readonly Watch[],
    now: string,
  ): Promise<Match[]> => {
    const matches: Match[] = [];
    const whole = entityOfChange(event.data);
    for (const watch of candidates) {
      const sight = sightOf(watch.subscriber);
      const change = changeAsSeen(event.data, sight);
      if (!change) continue;
      const entity = change === event.data ? whole : entityOfChange(change);
      if (!isWatched(watch, change, entity)) continue;
      const filter = { ...watch.filter, sight };
      if (!watch.isAtHand && !(await passesFilter(database, filter, entity))) continue;
      const { tenant, id: subscription, endpoint } = watch;
      const message = toMessage(watch, change, now);
      matches.push({
        watch,
        delivery: { tenant, subscription, seq: event.seq, endpoint, message },
      });
    }
    return matches;
  };

  const writeDown = (matches: readonly Match[]): Promise<Written[]> => {
    const add = (sql: Sql, some: readonly Match[]) =>
      addDeliveries(
        sql,
        some.map(({ delivery }) => delivery),
      );
    return matches.some(({ watch }) => watch.throttlingMs)
      ? database.transaction(async ({ sql }) => add(sql, await throttle(sql, matches)))
      : add(singly(database), matches);
  };

  const toHanded = (written: Written, watch: Watch): Handed => ({
    row: {
      ...written,
      attempts: 0,
      document: watch.document,
      context: watch.context,
      subscriber: watch.subscriber,
      isOver: false,
    },
    isCurrent: () => watches.has(watch) && clock.now().getTime() < watch.untilMs,
  });

  return {
    name: 'context.subscriptions',
    types: [CHANGED, SUBSCRIPTION_CHANGED],
    isIdle: watches.isNone,
    began: () => watches.changed(),
    handle: async (events) => {
      for (const { type, tenant, key: id } of events)
        if (type === SUBSCRIPTION_CHANGED) watches.changed({ tenant, id });
      const changes = events.filter(
        ({ type }) => type === CHANGED,
      ) as readonly Event<EntityChanged>[];
      if (changes.length === 0) return 'later';
      const known = await watches.known();
      if (known.count() === 0) return 'later';
      const now = toInstant(clock.now());
      const matches: Match[] = [];
      for (const event of changes) {
        const candidates = known.about(event.tenant, headOf(event));
        if (candidates.length > 0) matches.push(...(await matchesOf(event, candidates, now)));
      }
      if (matches.length === 0) return 'later';
      const watchOf = new Map(matches.map(({ watch }) => [`${watch.tenant}\n${watch.id}`, watch]));
      const written = await writeDown(matches);
      take(written.map((one) => toHanded(one, watchOf.get(`${one.tenant}\n${one.subscription}`)!)));
      // Seen once more, they are there already.
      return 'later';
    },
  };
};
