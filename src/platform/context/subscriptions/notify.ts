import type { Database, Sql } from '#kernel/database';
import type { Consumer, Event } from '#kernel/outbox';
import { type Clock, parseInstant, toInstant } from '#kernel/time';
import { CHANGED, type EntityChanged } from '../contract.ts';
import type { Attributes, Entity } from '../model.ts';
import { passesFilter } from './ask.ts';
import { entityOfChange, previousOfChange } from './changes.ts';
import { addDeliveries, type NewDelivery } from './deliveries.ts';
import type { Message } from './message.ts';
import { changeAsSeen, type SightOf } from '../sight.ts';
import { isWatched, type Watch } from './watch.ts';
import type { openWatches } from './watches.ts';

type Match = { readonly watch: Watch; readonly delivery: NewDelivery };

const CHANGED_AT = `select tenant, id, changed_at as "changedAt" from context.subscriptions
  where (tenant, id) in (select * from unnest($1::text[], $2::text[])) for update`;
const SET_CHANGED_AT = `update context.subscriptions s set changed_at = c.at
  from unnest($1::text[], $2::text[], $3::timestamptz[]) as c (tenant, id, at) where s.tenant = c.tenant and s.id = c.id`;

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

/** Clause 5.2.12, throttling: what changes too soon after the last that was told is passed over, by the time of change. */
const throttle = async (sql: Sql, matches: readonly Match[]): Promise<readonly Match[]> => {
  const slow = new Map(
    matches
      .filter(({ watch }) => watch.throttlingMs)
      .map(({ watch }) => [`${watch.tenant}\n${watch.id}`, watch]),
  );
  if (slow.size === 0) return matches;
  const { rows } = await sql.query<{ tenant: string; id: string; changedAt: string | null }>(
    CHANGED_AT,
    [[...slow.values()].map((w) => w.tenant), [...slow.values()].map((w) => w.id)],
  );
  const last = new Map(
    rows.map((row) => [`${row.tenant}\n${row.id}`, row.changedAt && Date.parse(row.changedAt)]),
  );
  const kept = matches.filter(({ watch, delivery }) => {
    if (!watch.throttlingMs) return true;
    const key = `${watch.tenant}\n${watch.id}`;
    const at = parseInstant(delivery.message.at) ?? 0;
    const before = last.get(key);
    if (before && at < before + watch.throttlingMs) return false;
    last.set(key, at);
    return true;
  });
  const told = rows.filter((row) => last.get(`${row.tenant}\n${row.id}`));
  await sql.query(SET_CHANGED_AT, [
    told.map((row) => row.tenant),
    told.map((row) => row.id),
    told.map((row) => new Date(Number(last.get(`${row.tenant}\n${row.id}`))).toISOString()),
  ]);
  return kept;
};

/** Turns changes into deliveries, each once however often it is seen: the rows are named by subscription and event. */
export const openNotifier = (
  database: Database,
  clock: Clock,
  watches: ReturnType<typeof openWatches>,
  wake: () => void,
  sightOf: SightOf,
): Consumer => ({
  name: 'context.subscriptions',
  types: [CHANGED],
  isIdle: async () => (await watches.current()).count === 0,
  handle: async (events) => {
    const current = await watches.current();
    if (current.count === 0) return 'later';
    const now = toInstant(clock.now());
    const matches: Match[] = [];
    for (const event of events as readonly Event<EntityChanged>[]) {
      const whole = entityOfChange(event.data);
      for (const watch of current.about(event.tenant, event.data)) {
        const sight = sightOf(watch.subscriber);
        const change = changeAsSeen(event.data, sight);
        if (!change) continue;
        const entity = change === event.data ? whole : entityOfChange(change);
        if (!isWatched(watch, change, entity)) continue;
        const filter = { ...watch.filter, sight };
        if (!watch.isAtHand && !(await passesFilter(database, filter, entity))) continue;
        matches.push({
          watch,
          delivery: {
            tenant: watch.tenant,
            subscription: watch.id,
            seq: event.seq,
            endpoint: watch.endpoint,
            message: toMessage(watch, change, now),
          },
        });
      }
    }
    if (matches.length === 0) return 'later';
    await database.transaction(async ({ sql }) => {
      const kept = await throttle(sql, matches);
      await addDeliveries(
        sql,
        kept.map(({ delivery }) => delivery),
      );
    });
    wake();
    return undefined;
  },
});
