import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '#kernel/errors';
import { DatabaseGone } from './gone.ts';
import type { Database, Sql } from './index.ts';

export type ModuleMigrations = { schema: string; folder: string };

/** Building an index over a city's history takes minutes. */
const MIGRATION_TIMEOUT_MS = 60 * 60_000;
const MIGRATION_LOCK = 7_214_302;
const NAME = /^\d{4}_[a-z0-9_-]+\.sql$/;
const SCHEMA = /^[a-z][a-z0-9_]*$/;

type File = { schema: string; name: string; text: string; checksum: string };

const filesOf = ({ schema, folder }: ModuleMigrations): File[] => {
  must(SCHEMA.test(schema), `"${schema}" is not a schema name`);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  return names.map((name, i) => {
    must(NAME.test(name), `${join(folder, name)} is not named like 0001_stops.sql`);
    must(
      name.slice(0, 4) !== names[i - 1]?.slice(0, 4),
      `${folder} has two migrations with the number ${name.slice(0, 4)}`,
    );
    const text = readFileSync(join(folder, name), 'utf8');
    // Line ends may differ between checkouts; what is run does not.
    const checksum = createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
    return { schema, name, text, checksum };
  });
};

/**
 * Runs each module's `0001_name.sql` … once, in order, each in its own transaction with search_path = schema, public,
 * and writes it into kernel.migrations. Several servers may call it at once. Refuses a changed file and a database
 * that has migrations this code does not know.
 */
export const migrate = async (
  db: Database,
  modules: readonly ModuleMigrations[],
): Promise<{ applied: string[] }> => {
  const files = modules.flatMap(filesOf);
  const applied: string[] = [];
  await underLock(db, async (sql) => {
    await sql.query('create schema if not exists kernel');
    await sql.query(`create table if not exists kernel.migrations (
      schema text not null, name text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (schema, name))`);
    await refuseNewer(sql, modules, files);
  });
  for (const file of files) if (await apply(db, file)) applied.push(`${file.schema}/${file.name}`);
  return { applied };
};

/** The lock belongs to the transaction, so that it also holds through a pooler. */
const underLock = <T>(db: Database, work: (sql: Sql) => Promise<T>): Promise<T> =>
  db.transaction(
    async ({ sql }) => {
      await sql.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      return work(sql);
    },
    { timeoutMs: MIGRATION_TIMEOUT_MS },
  );

const refuseNewer = async (
  sql: Sql,
  modules: readonly ModuleMigrations[],
  files: readonly File[],
): Promise<void> => {
  const known = new Set(files.map((file) => `${file.schema}/${file.name}`));
  const schemas = modules.map((module) => module.schema);
  const { rows } = await sql.query<{ schema: string; name: string }>(
    'select schema, name from kernel.migrations where schema = any($1) order by schema, name',
    [schemas],
  );
  const unknown = rows.map((row) => `${row.schema}/${row.name}`).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new DatabaseGone(
      'unavailable',
      `The database is newer than this code: it has ${unknown.join(', ')}. Run the version that made it, or restore a backup.`,
    );
};

const apply = (db: Database, file: File): Promise<boolean> =>
  underLock(db, async (sql) => {
    const { rows } = await sql.query<{ checksum: string }>(
      'select checksum from kernel.migrations where schema = $1 and name = $2',
      [file.schema, file.name],
    );
    if (rows[0]?.checksum === file.checksum) return false;
    if (rows[0])
      throw new DatabaseGone(
        'unavailable',
        `${file.schema}/${file.name} was changed after it was applied. Put it back and add a new migration.`,
      );
    await sql.query(`create schema if not exists ${file.schema}`);
    await sql.query(`set local search_path = ${file.schema}, public`);
    try {
      await sql.query(file.text);
    } catch (error) {
      if (error instanceof Error) error.message = `${file.schema}/${file.name}: ${error.message}`;
      throw error;
    }
    await sql.query('insert into kernel.migrations (schema, name, checksum) values ($1, $2, $3)', [
      file.schema,
      file.name,
      file.checksum,
    ]);
    return true;
  });
