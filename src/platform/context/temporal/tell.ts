import type { Sql } from '#kernel/database';
import { observedAt } from '../store/history.ts';
import { ALIVE } from '../store/read.ts';
import type { Instance } from '../model.ts';
import type { Told } from './parse-told.ts';

/** What is known of an entity: its types now, those that the history tells of, and whether there is any history. */
export type Known = {
  readonly live: string[] | null;
  readonly told: string[];
  readonly any: boolean;
};

const KNOWN = `
  select (select e.types from context.entities e where e.tenant = $1 and e.id = $2 and ${ALIVE}) as live,
    array(select u.type from context.history h, unnest(h.types) with ordinality as u (type, n)
      where h.tenant = $1 and h.entity = $2 and h.op in ('delete', 'told')
      group by u.type order by min(h.seq), min(u.n)) as told,
    exists (select 1 from context.history h where h.tenant = $1 and h.entity = $2)
      or exists (select 1 from context.history_hourly h where h.tenant = $1 and h.entity = $2) as any`;

export const readKnown = async (sql: Sql, tenant: string, id: string): Promise<Known> => {
  const { rows } = await sql.query<Known>(KNOWN, [tenant, id]);
  return rows[0]!;
};

const INSERT = `
  insert into context.history (seq, tenant, entity, at, recorded_at, op, types, attributes)
  select coalesce(h.seq, nextval('context.history_seq')), $1, $2, h.at, $3::timestamptz, h.op, $4::text[], h.attributes
  from json_to_recordset($5::json) as h (seq bigint, at timestamptz, op text, attributes jsonb)`;

type Row = {
  readonly at: string;
  readonly op: 'told' | 'update';
  readonly attributes: Record<string, Instance[]>;
  readonly seq?: number;
};

export const insertRows = async (
  sql: Sql,
  { tenant, id, now, types }: { tenant: string; id: string; now: string; types: readonly string[] },
  rows: readonly Row[],
): Promise<void> => {
  await sql.query(INSERT, [tenant, id, now, types, JSON.stringify(rows)]);
};

/** Rows by their instant, each with at most one instance of a dataset of an attribute: so a row names its instances. */
const rowsOf = (instances: Told['instances'], now: string): Row[] => {
  const rows: Row[] = [];
  const open = new Map<string, Row[]>();
  for (const { name, instance } of instances) {
    const at = observedAt(instance) ?? instance.deletedAt ?? now;
    const here = open.get(at) ?? [];
    open.set(at, here);
    const isFree = ({ attributes }: Row) =>
      !attributes[name]?.some(({ datasetId }) => datasetId === instance.datasetId);
    let row = here.find(isFree);
    if (!row) {
      row = { at, op: 'update', attributes: {} };
      here.push(row);
      rows.push(row);
    }
    (row.attributes[name] ??= []).push({ ...instance, createdAt: now, modifiedAt: now });
  }
  return rows;
};

/**
 * Adds instances to what is known (clauses 5.6.11 and 5.6.12). A row 'told' goes with types that are new, and with an
 * entity that is not in the live picture, so that it is found.
 */
export const addTold = async (
  sql: Sql,
  tenant: string,
  { id, types, instances }: Told,
  known: Known,
  now: string,
): Promise<void> => {
  const before = [...new Set([...(known.live ?? []), ...known.told])];
  const all = [...new Set([...before, ...types])];
  const rows = rowsOf(instances, now);
  if (all.length > before.length) rows.unshift({ at: now, op: 'told', attributes: {} });
  await insertRows(sql, { tenant, id, now, types: all }, rows);
};
