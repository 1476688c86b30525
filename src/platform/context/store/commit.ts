import { type Database, type Sql, textColumn } from '#kernel/database';
import { appendingText, type Committed, committedOf } from '#kernel/outbox';
import type { Entity } from '../model.ts';
import { entityIdOf, type Outcome } from '../operations.ts';
import { attributesText } from './event.ts';
import { historyColumns } from './history.ts';
import {
  applyAll,
  keyOf,
  type Known,
  type Ledger,
  newLedger,
  type Rules,
  type Write,
} from './ledger.ts';
import { ENTITY_COLUMNS, type EntityRow, toStored } from './read.ts';
import type { Recents } from './recent.ts';
import {
  mayExpire,
  STATE_NAMES,
  STATE_UNNESTED,
  STATE_VALUES,
  type Stored,
  stateColumns,
} from './rows.ts';

export type CommitOptions = Rules & {
  readonly database: Database;
  readonly recents: Recents;
  /** Told of the events as soon as they are on disk; not of which where they are to be read. */
  readonly committed?: (committed?: Committed) => void;
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

/** Those of the entities that nobody remembers, read under lock. */
const readStates = async (sql: Sql, writes: readonly Write[], recents: Recents): Promise<Known> => {
  const states = new Map<string, Entity>();
  const expiring = new Set<string>();
  const unknown = new Map<string, Write>();
  for (const write of writes) {
    const recent = recents.get(write.key);
    if (!recent) unknown.set(write.key, write);
    else {
      states.set(write.key, recent.entity);
      if (recent.expires) expiring.add(write.key);
    }
  }
  if (unknown.size === 0) return { states, expiring };
  const { rows } = await sql.query<EntityRow & { tenant: string }>({
    text: READ,
    name: 'context-read',
    values: [
      Array.from(unknown.values(), (w) => w.tenant),
      Array.from(unknown.values(), (w) => entityIdOf(w.operation)),
    ],
  });
  for (const row of rows) {
    const key = keyOf(row.tenant, row.id);
    states.set(key, toStored(row));
    if (row.expiresAt !== null || row.attributesExpireAt !== null) expiring.add(key);
  }
  return { states, expiring };
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

/** What becomes of the entities. That nothing is done never rests on what is only remembered: the row itself is asked. */
const applyWrites = async (
  sql: Sql,
  writes: readonly Write[],
  options: CommitOptions,
): Promise<{
  before: ReadonlyMap<string, Entity>;
  states: ReadonlyMap<string, Entity>;
  ledger: Ledger;
  outcomes: Outcome[];
}> => {
  const { recents } = options;
  const [known, taken] = await Promise.all([
    readStates(sql, writes, recents),
    readTaken(sql, writes),
  ]);
  const before = known.states;
  const states = new Map(before);
  const ledger = newLedger();
  const outcomes = applyAll(writes, { states, expiring: known.expiring }, taken, ledger, options);
  const doubted = outcomes
    .flatMap(({ done }, i) => (done === 'refused' || done === 'unchanged' ? [writes[i]!.key] : []))
    .filter((key) => recents.get(key));
  if (doubted.length === 0) return { before, states, ledger, outcomes };
  for (const key of doubted) recents.forget(key);
  return applyWrites(sql, writes, options);
};

/** What becomes of the rows of one commit. */
const rowsOf = (
  before: ReadonlyMap<string, Entity>,
  states: ReadonlyMap<string, Entity>,
  texts: ReadonlyMap<Entity, string>,
) => {
  const stored: (Stored & { key: string; fresh: boolean })[] = [];
  const gone: string[] = [];
  for (const [key, entity] of states)
    if (before.get(key) !== entity)
      stored.push({
        key,
        tenant: key.slice(0, key.indexOf('\n')),
        entity,
        text: texts.get(entity) ?? attributesText(entity),
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
  const { database, recents, now, committed } = options;
  try {
    return await database.transaction(async ({ sql, finish }) => {
      const { before, states, ledger, outcomes } = await applyWrites(sql, writes, options);
      if (ledger.events.length === 0) return outcomes;

      const { stored, gone } = rowsOf(before, states, ledger.texts);
      /** The transaction that a row must still be of, where it was not read under lock. */
      const seen = (keys: readonly string[]) =>
        textColumn(keys.map((key) => recents.get(key)?.xid ?? null));
      const inserts = stored.filter(({ fresh }) => fresh).length;
      const [wrote, appended] = await finish([
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
      committed?.(committedOf(ledger.events, appended?.rows));
      const { xid } = wrote!.rows[0] as { xid: string };
      for (const key of gone) recents.forget(key);
      for (const { key, entity, text } of stored)
        recents.keep(key, { entity, xid, expires: mayExpire(entity, text), size: text.length });
      return outcomes;
    });
  } catch (error) {
    recents.forgetAll();
    throw error;
  }
};
