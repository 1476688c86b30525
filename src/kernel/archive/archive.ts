import { createHash } from 'node:crypto';
import type { Database, Sql } from '#kernel/database';
import { Refusal } from '#kernel/errors';
import { FORMAT, FORMAT_VERSION, type Header, type Line, parseLine } from './lines.ts';
import { columnList, fullName, inOrderOfReference, listTables, type Table } from './tables.ts';

/**
 * The whole house as lines of JSON, alike on both engines: a header, each table's columns and then its rows, the
 * sequences, and at last a line with the number of rows and a digest of all lines before, so that a cut or altered
 * archive is told from a whole one.
 */
const FETCH_ROWS = 500;
const TRANSACTION_LIMIT_MS = 6 * 3_600_000;

/** As it is read, and never changed on the way. */
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;
type Written = Frozen<Line>;

export type ArchiveStep = { readonly table: string; readonly rows: number };

const appliedMigrations = async (sql: Sql): Promise<string[]> => {
  const { rows } = await sql.query<{ schema: string; name: string; checksum: string }>(
    'select schema, name, checksum from kernel.migrations order by schema, name',
  );
  return rows.map((row) => `${row.schema}/${row.name} ${row.checksum}`);
};

/** Rows of one table, every column as PostgreSQL writes it as text, by a cursor: memory stays flat. */
const readRows = async function* (sql: Sql, table: Table): AsyncGenerator<(string | null)[][]> {
  const texts = table.columns.map((c) => `"${c.name}"::text`).join(', ');
  await sql.query(
    `declare archive no scroll cursor for select json_build_array(${texts}) as row from ${fullName(table)}`,
  );
  for (;;) {
    const { rows } = await sql.query<{ row: (string | null)[] }>(
      `fetch ${FETCH_ROWS} from archive`,
    );
    if (rows.length === 0) break;
    yield rows.map(({ row }) => row);
  }
  await sql.query('close archive');
};

type WriteNeeds = {
  schemas: readonly string[];
  version: string;
  at: string;
  onStep?: (step: ArchiveStep) => void;
};

/** Writes all rows of these schemas as they are at one instant, while others go on writing. `put` may push back. */
export const writeArchive = (
  database: Database,
  put: (line: string) => Promise<void>,
  { schemas, version, at, onStep }: WriteNeeds,
): Promise<number> =>
  database.transaction(
    async ({ sql }) => {
      const digest = createHash('sha256');
      let total = 0;
      const write = (line: Written) => {
        const text = `${JSON.stringify(line)}\n`;
        digest.update(text);
        return put(text);
      };
      await write({
        archive: FORMAT,
        format: FORMAT_VERSION,
        version,
        at,
        schemas,
        migrations: await appliedMigrations(sql),
      });
      for (const table of await inOrderOfReference(sql, await listTables(sql, schemas))) {
        if (table.schema === 'kernel' && table.name === 'migrations') continue;
        await write({ table });
        let count = 0;
        for await (const rows of readRows(sql, table)) {
          await write({ rows });
          count += rows.length;
          onStep?.({ table: `${table.schema}.${table.name}`, rows: count });
        }
        total += count;
      }
      const { rows: sequences } = await sql.query<{
        schema: string;
        name: string;
        last: number | null;
      }>(
        'select schemaname as schema, sequencename as name, last_value as last from pg_sequences where schemaname = any($1)',
        [schemas],
      );
      await write({ sequences });
      await put(`${JSON.stringify({ end: { rows: total, digest: digest.digest('hex') } })}\n`);
      return total;
    },
    { isolation: 'repeatable read', readOnly: true, timeoutMs: TRANSACTION_LIMIT_MS },
  );

const insertRows = (sql: Sql, table: Table, rows: readonly unknown[]) => {
  const values = table.columns.map((c, i) => `(r.row ->> ${i})::${c.type}`).join(', ');
  return sql.query(
    `insert into ${fullName(table)} (${columnList(table)}) overriding system value
     select ${values} from json_array_elements($1::json) as r (row)`,
    [JSON.stringify(rows)],
  );
};

/** Puts an archive into a house that has the same migrations and no rows yet, all or nothing. Throws Refusal('conflict' | 'invalid'). */
export const readArchive = (
  database: Database,
  lines: AsyncIterable<string>,
  onStep?: (step: ArchiveStep) => void,
): Promise<number> =>
  database.transaction(
    async ({ sql }) => {
      const digest = createHash('sha256');
      let here: readonly Table[] | undefined;
      let table: Table | undefined;
      let inTable = 0;
      let total = 0;
      let ended = false;
      for await (const text of lines) {
        if (text === '') continue;
        const line = parseLine(text);
        if ('archive' in line !== (here === undefined)) throw noArchive();
        if ('end' in line) {
          if (line.end.digest !== digest.digest('hex') || line.end.rows !== total)
            throw new Refusal(
              'invalid',
              'The archive was altered or cut: its digest does not fit. Nothing was taken.',
            );
          ended = true;
          break;
        }
        digest.update(`${text}\n`);
        if ('archive' in line) here = await begin(sql, line);
        else if ('table' in line) {
          table = ownTable(here ?? [], line.table);
          inTable = 0;
        } else if ('rows' in line && table) {
          await insertRows(sql, table, line.rows);
          inTable += line.rows.length;
          total += line.rows.length;
          onStep?.({ table: `${table.schema}.${table.name}`, rows: inTable });
        } else if ('sequences' in line)
          for (const { schema, name, last } of line.sequences)
            if (last !== null && here?.some((t) => t.schema === schema))
              await sql.query('select setval($1::regclass, $2)', [
                fullName({ schema, name }),
                last,
              ]);
      }
      if (!ended)
        throw new Refusal('invalid', 'The archive has no end: it was cut. Nothing was taken.');
      return total;
    },
    { timeoutMs: TRANSACTION_LIMIT_MS },
  );

const noArchive = () => new Refusal('invalid', 'This is not an archive that this version reads.');

/** The table of this house that an archive names; nothing of what it says of it gets into a statement. */
const ownTable = (here: readonly Table[], named: Table): Table => {
  const own = here.find((t) => t.schema === named.schema && t.name === named.name);
  if (!own || JSON.stringify(own.columns) !== JSON.stringify(named.columns)) throw noArchive();
  return own;
};

/**
 * An archive fits a house of the same migrations; what the migrations themselves put there makes way for it. Answers
 * the tables that it may fill.
 */
const begin = async (sql: Sql, header: Header): Promise<readonly Table[]> => {
  if (header.archive !== FORMAT || header.format !== FORMAT_VERSION) throw noArchive();
  const here = await appliedMigrations(sql);
  const missing = header.migrations.filter((m) => !here.includes(m));
  const more = here.filter((m) => !header.migrations.includes(m));
  if (missing.length > 0 || more.length > 0)
    throw new Refusal(
      'conflict',
      `The archive was made by version ${header.version}, whose tables are not these. Restore it with that version, then upgrade.`,
      { missing, more },
    );
  const { rows: lived } = await sql.query(
    `select 1 where exists (select 1 from kernel.jobs) or exists (select 1 from kernel.outbox) or exists (select 1 from kernel.imports)`,
  );
  if (lived.length > 0)
    throw new Refusal(
      'conflict',
      'This house is lived in: restore into an empty DATA_DIR or database.',
    );
  const tables = (await listTables(sql, header.schemas)).filter(
    (t) => !(t.schema === 'kernel' && t.name === 'migrations'),
  );
  await sql.query(`truncate ${tables.map(fullName).join(', ')} cascade`);
  return tables;
};
