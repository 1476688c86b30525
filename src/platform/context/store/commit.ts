import type { Database, Sql } from '#kernel/database';
import { must } from '#kernel/errors';
import { appendingText } from '#kernel/outbox';
import { CHANGED } from '../contract.ts';
import { apply } from '../entity/apply.ts';
import { packStamps } from '../entity/stamps.ts';
import { differenceOf } from '../entity/difference.ts';
import type { Entity } from '../model.ts';
import { entityIdOf, type Operation, type Outcome } from '../operations.ts';
import { deletionRow, historyRows, stateRow } from './rows.ts';

export type Write = { readonly tenant: string; readonly operation: Operation };

/** Another process made one of these entities in between (`context.raced`), or we waited for each other: try again. */
export const isRace = (error: unknown): boolean =>
  ['40001', '40P01'].includes(String((error as { code?: unknown }).code));

const READ = `
  select e.tenant, e.id, e.types, e.scopes, e.attributes, e.created_at as "createdAt", e.modified_at as "modifiedAt",
         e.expires_at as "expiresAt"
  from context.entities e join unnest($1::text[], $2::text[]) as k (tenant, id) on e.tenant = k.tenant and e.id = k.id
  order by e.tenant, e.id for update of e`;

const TAKEN = 'select key from context.taken where key = any($1::text[])';

/** State and history in one statement; the outbox follows as the transaction's last act. */
const WRITE = `
  with r as materialized (
    select * from json_to_recordset($1::json) as r (kind text, tenant text, id text, types text[], scopes text[],
      attributes jsonb, location geometry, created_at timestamptz, modified_at timestamptz, expires_at timestamptz)),
  updated as (
    update context.entities e set types = r.types, scopes = r.scopes, attributes = r.attributes, location = r.location,
      created_at = r.created_at, modified_at = r.modified_at, expires_at = r.expires_at
    from r where r.kind = 'update' and e.tenant = r.tenant and e.id = r.id),
  inserted as (
    insert into context.entities (tenant, id, types, scopes, attributes, location, created_at, modified_at, expires_at)
    select tenant, id, types, scopes, attributes, location, created_at, modified_at, expires_at
    from r where r.kind = 'insert' order by tenant, id on conflict do nothing returning 1),
  deleted as (
    delete from context.entities e using r where r.kind = 'delete' and e.tenant = r.tenant and e.id = r.id),
  known as (
    insert into context.history (tenant, entity, at, recorded_at, op, types, attributes)
    select tenant, entity, at, recorded_at, op, types, attributes
    from json_to_recordset($2::json) as h (tenant text, entity text, at timestamptz, recorded_at timestamptz, op text,
      types text[], attributes jsonb)),
  noted as (
    insert into context.taken (key, at) select key, now() from unnest($3::text[]) as key on conflict do nothing returning 1),
  renewed as (
    update context.taken t set at = now() from unnest($4::text[]) as k (key) where t.key = k.key)
  select case when (select count(*) from inserted) = $5::int and (select count(*) from noted) = $6::int
    then 0 else context.raced() end`;

const keyOf = (tenant: string, id: string) => `${tenant}\n${id}`;

const readStates = async (sql: Sql, writes: readonly Write[]): Promise<Map<string, Entity>> => {
  const keys = new Map(writes.map((w) => [keyOf(w.tenant, entityIdOf(w.operation)), w]));
  const { rows } = await sql.query<Entity & { tenant: string }>({
    text: READ,
    name: 'context-read',
    values: [
      [...keys.values()].map((w) => w.tenant),
      [...keys.values()].map((w) => entityIdOf(w.operation)),
    ],
  });
  return new Map(
    rows.map(({ tenant, expiresAt, ...entity }) => [
      keyOf(tenant, entity.id),
      expiresAt ? { ...entity, expiresAt } : entity,
    ]),
  );
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

/** The texts of one commit, filled operation by operation. */
type Ledger = { history: string[]; events: string[]; once: string[]; renewed: string[] };

const eventText = (
  tenant: string,
  before: Entity | undefined,
  state: Entity | undefined,
  changed: readonly string[],
  now: string,
): string => {
  const entity = state ?? before;
  must(entity, 'An event tells of an entity.');
  const op = state ? (before ? 'update' : 'create') : 'delete';
  const { made, same } = differenceOf(before?.attributes ?? {}, entity.attributes, changed);
  const listed = (name: string, list: readonly string[]) =>
    list.length > 0 ? `"${name}":${JSON.stringify(list)},` : '';
  const data =
    `{"id":${JSON.stringify(entity.id)},"types":${JSON.stringify(entity.types)},"op":"${op}","changed":${JSON.stringify(changed)},` +
    (op === 'update' ? listed('made', made) + listed('same', same) : '') +
    listed('scopes', entity.scopes) +
    (entity.expiresAt ? `"expiresAt":${JSON.stringify(entity.expiresAt)},` : '') +
    `"createdAt":${JSON.stringify(entity.createdAt)},` +
    `"at":"${now}","attributes":${JSON.stringify(packStamps(entity.attributes, { createdAt: entity.createdAt, modifiedAt: now }))}}`;
  return `{"tenant":${JSON.stringify(tenant)},"type":"${CHANGED}","key":${JSON.stringify(entity.id)},"data":${data}}`;
};

const applyAll = (
  writes: readonly Write[],
  states: Map<string, Entity>,
  taken: Set<string>,
  now: string,
  ledger: Ledger,
): Outcome[] =>
  writes.map(({ tenant, operation }) => {
    const id = entityIdOf(operation);
    const key = keyOf(tenant, id);
    const { once, fresh } = operation;
    const again = once !== undefined && taken.has(once);
    if (again && !fresh) return { id, done: 'unchanged' };
    const before = states.get(key);
    const applied = apply(before, operation, now);
    if (applied.outcome.done === 'refused') return applied.outcome;
    if (applied.state) states.set(key, applied.state);
    else states.delete(key);
    if (again) ledger.renewed.push(once);
    else if (once !== undefined) {
      taken.add(once);
      ledger.once.push(once);
    }
    ledger.history.push(...historyRows(tenant, before, applied, now));
    ledger.events.push(eventText(tenant, before, applied.state, applied.changed, now));
    return applied.outcome;
  });

/**
 * Many operations, one commit: reads the entities under lock, applies the operations in order, writes state, history
 * and events. Answers when the commit is on disk. Throws what isRace() knows where it must be done again.
 */
export const commitWrites = (
  database: Database,
  writes: readonly Write[],
  now: string,
): Promise<Outcome[]> =>
  database.transaction(async ({ sql, finish }) => {
    const [before, taken] = await Promise.all([readStates(sql, writes), readTaken(sql, writes)]);
    const states = new Map(before);
    const ledger: Ledger = { history: [], events: [], once: [], renewed: [] };
    const outcomes = applyAll(writes, states, taken, now, ledger);
    if (ledger.events.length === 0) return outcomes;

    const rows: string[] = [];
    let inserts = 0;
    for (const [key, state] of states) {
      if (before.get(key) === state) continue;
      const kind = before.has(key) ? 'update' : 'insert';
      if (kind === 'insert') inserts++;
      rows.push(
        stateRow(kind, key.slice(0, key.indexOf('\n')), state, JSON.stringify(state.attributes)),
      );
    }
    for (const [key, state] of before)
      if (!states.has(key)) rows.push(deletionRow(key.slice(0, key.indexOf('\n')), state.id));

    await finish([
      {
        text: WRITE,
        name: 'context-write',
        values: [
          `[${rows.join()}]`,
          `[${ledger.history.join()}]`,
          ledger.once,
          ledger.renewed,
          inserts,
          ledger.once.length,
        ],
      },
      appendingText(ledger.events),
    ]);
    return outcomes;
  });
