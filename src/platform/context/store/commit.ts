import { type Database, type Sql, textColumn } from '#kernel/database';
import { appendingText, type EventText } from '#kernel/outbox';
import { type Applied, apply } from '../entity/apply.ts';
import { differingNames, livingAt } from '../entity/expiry.ts';
import type { Entity } from '../model.ts';
import { entityIdOf, type Operation, type Outcome } from '../operations.ts';
import { attributesText, eventText } from './event.ts';
import { ENTITY_COLUMNS, type EntityRow, toStored } from './read.ts';
import type { Recents } from './recent.ts';
import { type HistoryRow, historyColumns, historyRows } from './history.ts';
import { STATE_NAMES, STATE_UNNESTED, STATE_VALUES, type Stored, stateColumns } from './rows.ts';

export type Write = { readonly tenant: string; readonly operation: Operation };

/** What an entity that is to be stored lacks, as a sentence (models/models.ts). */
export type Check = (tenant: string, entity: Entity) => string | undefined;

export type CommitOptions = {
  readonly database: Database;
  readonly recents: Recents;
  /** The instant of all that this commit changes. */
  readonly now: string;
  /** Whether anybody is told what was there before; no unless set. */
  readonly tellsPrevious?: boolean;
  /** Nothing is ever lacking unless set. */
  readonly check?: Check;
};

/** Another process made one of these entities in between (`context.raced`), or we waited for each other: try again. */
export const isRace = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { code?: unknown }).code));

const READ = `
  select e.tenant, ${ENTITY_COLUMNS}
  from context.entities e join unnest($1::text[], $2::text[]) as k (tenant, id) on e.tenant = k.tenant and e.id = k.id
  order by e.tenant, e.id for update of e`;

const TAKEN = 'select key from context.taken where key = any($1::text[])';

/** State and history in one statement; the outbox follows as the transaction's last act. */
const WRITE = `
  with r as materialized (
    select ${STATE_VALUES}, seen::xid, fresh
    from rows from (${STATE_UNNESTED}, unnest($11::text[], $12::bool[])) as r (${STATE_NAMES}, seen, fresh)),
  updated as (
    update context.entities e set types = r.types, scopes = r.scopes, attributes = r.attributes, location = r.location,
      created_at = r.created_at, modified_at = r.modified_at, expires_at = r.expires_at,
      attributes_expire_at = r.attributes_expire_at
    from r where not r.fresh and e.tenant = r.tenant and e.id = r.id and (r.seen is null or e.xmin = r.seen)
    returning 1),
  inserted as (
    insert into context.entities (${STATE_NAMES})
    select ${STATE_NAMES} from r where fresh order by tenant, id on conflict do nothing returning 1),
  deleted as (
    delete from context.entities e
    using unnest($13::text[], $14::text[], $15::text[]) as r (tenant, id, seen)
    where e.tenant = r.tenant and e.id = r.id and (r.seen is null or e.xmin = r.seen::xid)
    returning 1),
  known as (
    insert into context.history (tenant, entity, at, op, types, attributes, recorded_at)
    select tenant, entity, at::timestamptz, op, types::text[], attributes, $22::timestamptz
    from unnest($16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::jsonb[])
      as h (tenant, entity, at, op, types, attributes)),
  noted as (
    insert into context.taken (key, at) select key, now() from unnest($23::text[]) as key
    order by key on conflict do nothing returning 1),
  renewed as (
    update context.taken t set at = now() from unnest($24::text[]) as k (key) where t.key = k.key)
  select pg_current_xact_id()::xid::text as xid,
    case when (select count(*) from inserted) = $25::int and (select count(*) from noted) = $26::int
      and (select count(*) from updated) + (select count(*) from deleted) = $27::int
    then 0 else context.raced() end as raced`;

const keyOf = (tenant: string, id: string) => `${tenant}\n${id}`;

/** Those of the entities that nobody remembers, read under lock. */
const readStates = async (
  sql: Sql,
  writes: readonly Write[],
  recents: Recents,
): Promise<Map<string, Entity>> => {
  const states = new Map<string, Entity>();
  const unknown = new Map<string, Write>();
  for (const write of writes) {
    const key = keyOf(write.tenant, entityIdOf(write.operation));
    const recent = recents.get(key);
    if (recent) states.set(key, recent.entity);
    else unknown.set(key, write);
  }
  if (unknown.size === 0) return states;
  const { rows } = await sql.query<EntityRow & { tenant: string }>({
    text: READ,
    name: 'context-read',
    values: [
      Array.from(unknown.values(), (w) => w.tenant),
      Array.from(unknown.values(), (w) => entityIdOf(w.operation)),
    ],
  });
  for (const row of rows) states.set(keyOf(row.tenant, row.id), toStored(row));
  return states;
};

const readTaken = async (sql: Sql, writes: readonly Write[]): Promise<Set<string>> => {
  const keys = writes.flatMap(({ operation }) => operation.once ?? []);
  if (keys.length === 0) return new Set();
  const { rows } = await sql.query<{ key: string }>({
    text: TAKEN,
    name: 'context-taken',
    values: [keys],
  });
  return new Set(rows.map((row) => row.key));
};

/** What is told of one commit, filled operation by operation. */
type Ledger = {
  readonly history: HistoryRow[];
  readonly events: EventText[];
  readonly once: string[];
  readonly renewed: string[];
};

const applyAll = (
  writes: readonly Write[],
  states: Map<string, Entity>,
  taken: Set<string>,
  ledger: Ledger,
  { now, tellsPrevious = false, check = () => undefined }: CommitOptions,
): Outcome[] => {
  const nowMs = Date.parse(now);
  const record = (tenant: string, before: Entity | undefined, applied: Applied): void => {
    const { state, changed } = applied;
    ledger.history.push(...historyRows(tenant, before, applied, now));
    ledger.events.push(eventText(tenant, before, state, changed, now, tellsPrevious));
  };
  /** What has expired is gone before anything else is done (clause 4.22). */
  const takeLiving = (tenant: string, key: string): Entity | undefined => {
    const known = states.get(key);
    if (!known) return undefined;
    const state = livingAt(known, nowMs);
    if (state === known) return known;
    const left = state && { ...state, modifiedAt: now };
    record(tenant, known, {
      state: left,
      outcome: { id: known.id, done: left ? 'updated' : 'deleted' },
      changed: differingNames(known, left),
    });
    if (left) states.set(key, left);
    else states.delete(key);
    return left;
  };
  return writes.map(({ tenant, operation }) => {
    const id = entityIdOf(operation);
    const key = keyOf(tenant, id);
    const { once, fresh } = operation;
    const again = once !== undefined && taken.has(once);
    if (again && !fresh) return { id, done: 'unchanged' };
    const before = takeLiving(tenant, key);
    const applied = apply(before, operation, now);
    const { done } = applied.outcome;
    if (done === 'refused' || done === 'unchanged') return applied.outcome;
    const fault = applied.state && check(tenant, applied.state);
    if (fault !== undefined) return { id, done: 'refused', reason: 'invalid', detail: fault };
    if (applied.state) states.set(key, applied.state);
    else states.delete(key);
    if (again) ledger.renewed.push(once);
    else if (once !== undefined) {
      taken.add(once);
      ledger.once.push(once);
    }
    record(tenant, before, applied);
    return applied.outcome;
  });
};

/** What becomes of the entities. That nothing is done never rests on what is only remembered: the row itself is asked. */
const applyWrites = async (
  sql: Sql,
  writes: readonly Write[],
  options: CommitOptions,
): Promise<{
  before: Map<string, Entity>;
  states: Map<string, Entity>;
  ledger: Ledger;
  outcomes: Outcome[];
}> => {
  const { recents } = options;
  const [before, taken] = await Promise.all([
    readStates(sql, writes, recents),
    readTaken(sql, writes),
  ]);
  const states = new Map(before);
  const ledger: Ledger = { history: [], events: [], once: [], renewed: [] };
  const outcomes = applyAll(writes, states, taken, ledger, options);
  const doubted = outcomes
    .flatMap(({ done, id }, i) =>
      done === 'refused' || done === 'unchanged' ? [keyOf(writes[i]!.tenant, id)] : [],
    )
    .filter((key) => recents.get(key));
  if (doubted.length === 0) return { before, states, ledger, outcomes };
  for (const key of doubted) recents.forget(key);
  return applyWrites(sql, writes, options);
};

/** What becomes of the rows of one commit. */
const rowsOf = (before: ReadonlyMap<string, Entity>, states: ReadonlyMap<string, Entity>) => {
  const stored: (Stored & { key: string; fresh: boolean })[] = [];
  const gone: string[] = [];
  for (const [key, entity] of states)
    if (before.get(key) !== entity)
      stored.push({
        key,
        tenant: key.slice(0, key.indexOf('\n')),
        entity,
        text: attributesText(entity),
        fresh: !before.has(key),
      });
  for (const key of before.keys()) if (!states.has(key)) gone.push(key);
  return { stored, gone };
};

/**
 * Many operations, one commit: takes the entities as this process last wrote them or reads them under lock, applies the
 * operations in order, writes state, history and events. Answers when the commit is on disk. Throws what isRace() knows
 * where it must be done again.
 */
export const commitWrites = async (
  writes: readonly Write[],
  options: CommitOptions,
): Promise<Outcome[]> => {
  const { database, recents, now } = options;
  try {
    return await database.transaction(async ({ sql, finish }) => {
      const { before, states, ledger, outcomes } = await applyWrites(sql, writes, options);
      if (ledger.events.length === 0) return outcomes;

      const { stored, gone } = rowsOf(before, states);
      /** The transaction that a row must still be of, where it was not read under lock. */
      const seen = (keys: readonly string[]) =>
        textColumn(keys.map((key) => recents.get(key)?.xid ?? null));
      const inserts = stored.filter(({ fresh }) => fresh).length;
      const [wrote] = await finish([
        {
          text: WRITE,
          name: 'context-write',
          values: [
            ...stateColumns(stored),
            seen(stored.map(({ key }) => key)),
            stored.map(({ fresh }) => fresh),
            textColumn(gone.map((key) => key.slice(0, key.indexOf('\n')))),
            textColumn(gone.map((key) => before.get(key)!.id)),
            seen(gone),
            ...historyColumns(ledger.history),
            now,
            textColumn(ledger.once),
            textColumn(ledger.renewed),
            inserts,
            ledger.once.length,
            stored.length - inserts + gone.length,
          ],
        },
        appendingText(ledger.events),
      ]);
      const { xid } = wrote!.rows[0] as { xid: string };
      for (const key of gone) recents.forget(key);
      for (const { key, entity, text } of stored) recents.keep(key, entity, xid, text.length);
      return outcomes;
    });
  } catch (error) {
    recents.forgetAll();
    throw error;
  }
};
