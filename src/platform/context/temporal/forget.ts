import type { Sql } from '#kernel/database';
import { deletedInstance } from '../entity/deleted.ts';
import type { AttributeKind } from '../model.ts';
import type { Outcome } from './evolutions.ts';
import { insertRows, readKnown } from './tell.ts';

/** One dataset of an attribute, the default one where none is named, or all of them. */
export type AttributeChoice = {
  readonly id: string;
  /** Full name. */ readonly name: string;
  readonly datasetId?: string;
  readonly deleteAll?: boolean;
};

/** Clause 5.6.13: the instances of an attribute go, and rows that held nothing else. */
export const removeAttribute = async (
  sql: Sql,
  tenant: string,
  { id, name, datasetId = '', deleteAll = false }: AttributeChoice,
): Promise<Outcome> => {
  const where = 'h.tenant = $1 and h.entity = $2';
  const { rowCount: held } = await sql.query(
    `(select 1 from context.history h where ${where} and h.attributes ? $3 limit 1)
     union all (select 1 from context.history_hourly h where ${where} and h.name = $3 limit 1)`,
    [tenant, id, name],
  );
  if (!held) return 'attribute-unknown';
  const ofDataset = `coalesce(i.j ->> 'datasetId', '') = $4`;
  const chosen = [tenant, id, name, ...(deleteAll ? [] : [datasetId])];
  const { rowCount: changed } = await sql.query(
    deleteAll
      ? `update context.history h set attributes = h.attributes - $3::text where ${where} and h.attributes ? $3`
      : `update context.history h set attributes = case when left_over.list is null then h.attributes - $3::text
           else jsonb_set(h.attributes, array[$3], left_over.list) end
         from context.history g cross join lateral (
           select jsonb_agg(i.j order by i.n) filter (where not ${ofDataset}) as list, bool_or(${ofDataset}) as has
           from jsonb_array_elements(g.attributes -> $3) with ordinality as i (j, n)) as left_over
         where g.tenant = $1 and g.entity = $2 and g.attributes ? $3 and left_over.has
           and h.tableoid = g.tableoid and h.ctid = g.ctid`,
    chosen,
  );
  const { rowCount: rolled } = await sql.query(
    `delete from context.history_hourly h where ${where} and h.name = $3${deleteAll ? '' : ' and h.dataset = $4'}`,
    chosen,
  );
  if (!changed && !rolled) return 'instance-unknown';
  await sql.query(
    `delete from context.history h where ${where} and h.attributes = '{}' and h.op in ('create', 'update')`,
    [tenant, id],
  );
  return 'done';
};

/** The newest instance of each dataset that is asked for, with its kind, where that was not a deletion already. */
const NEWEST = `
  select distinct on (i.j ->> 'datasetId') i.j ->> 'type' as type, i.j ->> 'datasetId' as "datasetId", i.j ? 'deletedAt' as gone
  from context.history h, jsonb_array_elements(h.attributes -> $3) as i (j)
  where h.tenant = $1 and h.entity = $2 and ($4 or coalesce(i.j ->> 'datasetId', '') = $5)
  order by i.j ->> 'datasetId', h.at desc, h.seq desc`;

/** Clause 5.6.5 of an entity that is not in the live picture: its history is told of the deletion. */
export const tellOfDeletion = async (
  sql: Sql,
  tenant: string,
  { id, name, datasetId = '', deleteAll = false }: AttributeChoice,
  now: string,
): Promise<boolean> => {
  const { live, told } = await readKnown(sql, tenant, id);
  if (live) return false;
  const { rows } = await sql.query<{
    type: AttributeKind;
    datasetId: string | null;
    gone: boolean;
  }>(NEWEST, [tenant, id, name, deleteAll, datasetId]);
  const instances = rows
    .filter(({ gone }) => !gone)
    .map((one) => deletedInstance(one.type, one.datasetId ?? undefined, now));
  if (instances.length === 0) return false;
  await insertRows(sql, { tenant, id, now, types: told }, [
    { at: now, op: 'update', attributes: { [name]: instances } },
  ]);
  return true;
};
