import type { Sql } from '#kernel/database';
import type { Instance } from '../model.ts';
import { observedAt } from '../store/history.ts';
import type { Outcome } from './evolutions.ts';
import { instanceIdOf, rowOf } from './instance-id.ts';
import { insertRows } from './tell.ts';

export type InstanceChoice = {
  readonly id: string;
  /** Full name. */ readonly name: string;
  readonly instanceId: string;
};

type Row = {
  part: string;
  place: string;
  at: string;
  recordedAt: string;
  op: string;
  types: string[];
  list: Instance[];
  alone: boolean;
};

/** Rows of this number: more than one where instances of it were modified, as those have rows of their own. */
const ROWS = `
  select h.tableoid::text as part, h.ctid::text as place, h.at, h.recorded_at as "recordedAt", h.op, h.types,
    h.attributes -> $3 as list, h.attributes - $3::text = '{}' as alone
  from context.history h where h.tenant = $1 and h.entity = $2 and h.seq = $4 and h.attributes ? $3 for update`;

const isAttributeKnown = async (sql: Sql, tenant: string, id: string, name: string) => {
  const { rowCount } = await sql.query(
    'select 1 from context.history h where h.tenant = $1 and h.entity = $2 and h.attributes ? $3 limit 1',
    [tenant, id, name],
  );
  return Boolean(rowCount);
};

type Taken = Pick<Row, 'at' | 'recordedAt' | 'types'> & {
  readonly seq: number;
  readonly instance: Instance;
};

/** Takes an instance out of its row, and the row away where it held nothing else (clause 5.6.15). */
export const takeInstance = async (
  sql: Sql,
  tenant: string,
  { id, name, instanceId }: InstanceChoice,
): Promise<Taken | Outcome> => {
  const seq = rowOf(instanceId);
  const { rows } =
    seq === undefined ? { rows: [] } : await sql.query<Row>(ROWS, [tenant, id, name, seq]);
  const isIt = (instance: Instance) => instanceIdOf(seq!, name, instance) === instanceId;
  const row = rows.find(({ list }) => list.some(isIt));
  if (!row || seq === undefined)
    return (await isAttributeKnown(sql, tenant, id, name))
      ? 'instance-unknown'
      : 'attribute-unknown';
  const { part, place, at, recordedAt, types, list } = row;
  const rest = list.filter((instance) => !isIt(instance));
  const here = 'tableoid = $1::oid and ctid = $2::tid';
  if (rest.length > 0)
    await sql.query(
      `update context.history set attributes = jsonb_set(attributes, array[$3], $4::jsonb) where ${here}`,
      [part, place, name, JSON.stringify(rest)],
    );
  else if (row.alone && row.op !== 'delete')
    await sql.query(`delete from context.history where ${here}`, [part, place]);
  else
    await sql.query(`update context.history set attributes = attributes - $3::text where ${here}`, [
      part,
      place,
      name,
    ]);
  return { seq, at, recordedAt, types, instance: list.find(isIt)! };
};

/** Clause 5.6.14: another instance in its place, of the same name and the same createdAt, in a row of its own. */
export const replaceInstance = async (
  sql: Sql,
  tenant: string,
  choice: InstanceChoice,
  instance: Instance,
  now: string,
): Promise<Outcome> => {
  const taken = await takeInstance(sql, tenant, choice);
  if (typeof taken === 'string') return taken;
  const { seq, at, recordedAt, types } = taken;
  const { id, name, instanceId } = choice;
  const createdAt = taken.instance.createdAt ?? recordedAt;
  await insertRows(sql, { tenant, id, now, types }, [
    {
      seq,
      at: observedAt(instance) ?? instance.deletedAt ?? at,
      op: 'update',
      attributes: { [name]: [{ ...instance, createdAt, modifiedAt: now, instanceId }] },
    },
  ]);
  return 'done';
};
