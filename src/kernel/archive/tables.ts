import type { Sql } from '#kernel/database';

export type Column = { readonly name: string; readonly type: string };
export type Table = {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
};

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const fullName = (t: { schema: string; name: string }) =>
  `${quoted(t.schema)}.${quoted(t.name)}`;
export const columnList = (t: Table) => t.columns.map((c) => quoted(c.name)).join(', ');

/**
 * Every table of these schemas with its columns, partitioned ones by their parent, so that rows find their partition
 * again. Generated columns are left out: they make themselves.
 */
export const listTables = async (sql: Sql, schemas: readonly string[]): Promise<Table[]> => {
  const { rows } = await sql.query<Table>(
    `select n.nspname as schema, c.relname as name,
            json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
     group by n.nspname, c.relname order by n.nspname, c.relname`,
    [schemas],
  );
  return rows;
};

/** Tables so that each comes after those it refers to. */
export const inOrderOfReference = async (sql: Sql, tables: readonly Table[]): Promise<Table[]> => {
  const { rows } = await sql.query<{ from: string; to: string }>(
    `select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint where contype = 'f'`,
  );
  const plain = (name: string) => name.replaceAll('"', '');
  const ordered: Table[] = [];
  const visit = (table: Table, path: readonly Table[]) => {
    if (ordered.includes(table) || path.includes(table)) return;
    const me = `${table.schema}.${table.name}`;
    for (const { to } of rows.filter((r) => plain(r.from) === me)) {
      const target = tables.find((t) => `${t.schema}.${t.name}` === plain(to));
      if (target) visit(target, [...path, table]);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
};
